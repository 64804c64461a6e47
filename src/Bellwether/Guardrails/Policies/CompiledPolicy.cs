using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Bellwether.Exchange;

namespace Bellwether.Guardrails;

/// <summary>A policy made ready for the path of calls.</summary>
internal sealed class CompiledPolicy
{
    private readonly FrozenSet<string>? _endpoints;
    private readonly FrozenSet<string>? _keys;
    private readonly ImmutableArray<string> _models;
    private CompiledPolicy? _forOwnCalls;

    public CompiledPolicy(GuardPolicy policy)
    {
        Policy = policy;
        _endpoints = Set(policy.AppliesTo.Endpoints);
        _keys = Set(policy.AppliesTo.Keys);
        _models = policy.AppliesTo.Models;
        Patterns = [.. policy.Patterns.Select(pattern => PatternText.Compile(pattern.Pattern))];
        Detectors = (policy.Injection.Mode == GuardMode.Off ? 0 : PromptDetectors.Injection)
            | (policy.Harm.Mode == GuardMode.Off ? 0 : PromptDetectors.Harm)
            | (policy.PersonalData.Upstream.KeepsAll && !policy.PersonalData.Observe ? 0 : PromptDetectors.PersonalData);
        OnlyWatches = policy.Harm.SecondOpinion is null && Watches(policy.Injection) && Watches(policy.Harm) && policy.PersonalData.Upstream.KeepsAll && policy.Unknown == UnknownVerdict.Pass
            && policy.Patterns.All(pattern => pattern.Mode == GuardMode.Observe);

        static bool Watches(GuardRule rule) => rule.Mode is GuardMode.Off or GuardMode.Observe;
    }

    public GuardPolicy Policy { get; }
    /// <summary>In the order of the policy's patterns.</summary>
    public ImmutableArray<Regex> Patterns { get; }
    public PromptDetectors Detectors { get; }

    /// <summary>Whether prompts need to be read at all.</summary>
    public bool ReadsPrompts => Detectors != 0 || !Patterns.IsEmpty;

    /// <summary>True when nothing that is found in a prompt would change, hold up or mark the call: it may be looked at when the call is under way.</summary>
    public bool OnlyWatches { get; }

    /// <summary>
    /// For calls of the product itself: a judge is asked about hostile answers, which is no attack by anybody. What may not leave
    /// stays here all the same.
    /// </summary>
    public CompiledPolicy ForOwnCalls => _forOwnCalls ??= new CompiledPolicy(Policy with
    {
        Injection = new GuardRule(GuardMode.Off), Harm = new GuardRule(GuardMode.Off), Leak = new GuardRule(GuardMode.Off), Patterns = [],
        PersonalData = Policy.PersonalData with { Observe = false },
    });

    public bool Matches(ModelCall call) => Matches(call.Endpoint.Length > 0 ? call.Endpoint : call.Route, call.Model, call.Key?.Id ?? "");

    public bool Matches(string endpoint, string model, string key) =>
        (_endpoints is null || _endpoints.Contains(endpoint)) && (_keys is null || _keys.Contains(key)) && (_models.IsEmpty || MatchesModel(model));

    private bool MatchesModel(string model)
    {
        foreach (var pattern in _models)
        {
            if (pattern.EndsWith('*') ? model.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : model == pattern)
            {
                return true;
            }
        }
        return false;
    }

    private static FrozenSet<string>? Set(ImmutableArray<string> names) => names.IsEmpty ? null : names.ToFrozenSet(StringComparer.Ordinal);
}

/// <summary>What looks at the texts of a prompt.</summary>
[Flags]
internal enum PromptDetectors : byte { Injection = 1, Harm = 2, PersonalData = 4 }
