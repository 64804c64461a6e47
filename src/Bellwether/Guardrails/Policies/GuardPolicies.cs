using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Bellwether.Exchange;
using Bellwether.Primitives;

namespace Bellwether.Guardrails;

/// <summary>The policies of all projects in memory: what calls are judged by. A change swaps all of them at once.</summary>
public sealed class GuardPolicies
{
    private volatile FrozenDictionary<ProjectId, ImmutableArray<CompiledPolicy>> _byProject = FrozenDictionary<ProjectId, ImmutableArray<CompiledPolicy>>.Empty;
    // Bounded by the number of projects.
    private readonly ConcurrentDictionary<ProjectId, CompiledPolicy> _defaults = new();

    /// <summary>Of a project, in the order in which they are asked.</summary>
    public ImmutableArray<GuardPolicy> Of(ProjectId project) => [.. Compiled(project).Select(compiled => compiled.Policy)];

    public GuardPolicy? Find(ProjectId project, string id) => Compiled(project).FirstOrDefault(compiled => compiled.Policy.Id == id)?.Policy;

    /// <summary>What a call is judged by: the first enabled one that applies; <see cref="GuardPolicy.Default"/> when none does.</summary>
    public GuardPolicy For(ModelCall call) => CompiledFor(call).Policy;

    internal CompiledPolicy CompiledFor(ModelCall call)
    {
        foreach (var compiled in Compiled(call.Project))
        {
            if (compiled.Policy.Enabled && compiled.Matches(call))
            {
                return compiled;
            }
        }
        return _defaults.GetOrAdd(call.Project, static project => new CompiledPolicy(GuardPolicy.Default(project)));
    }

    private ImmutableArray<CompiledPolicy> Compiled(ProjectId project) => _byProject.GetValueOrDefault(project, []);

    /// <summary>Puts other policies in the place of all.</summary>
    internal void Use(IEnumerable<GuardPolicy> policies) => _byProject = policies.GroupBy(policy => policy.Project).ToFrozenDictionary(
        group => group.Key, group => group.OrderBy(policy => policy.Order).ThenBy(policy => policy.Id, StringComparer.Ordinal).Select(policy => new CompiledPolicy(policy)).ToImmutableArray());
}
