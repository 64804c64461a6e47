using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Bellwether.Primitives;

namespace Bellwether.Flags;

/// <summary>The flags of a project at one moment.</summary>
public sealed class ProjectFlags
{
    private readonly FrozenDictionary<string, Flag> _byKey;

    internal ProjectFlags(IEnumerable<Flag> flags, DateTimeOffset changedAt)
    {
        All = [.. flags.OrderBy(flag => flag.Key, StringComparer.Ordinal)];
        ChangedAt = changedAt;
        _byKey = All.ToFrozenDictionary(flag => flag.Key, StringComparer.Ordinal);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var flag in All)
        {
            hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(FlagView.Of(flag), FlagJson.Default.FlagView));
        }
        Tag = Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    /// <summary>By key.</summary>
    public ImmutableArray<Flag> All { get; }

    /// <summary>Another one whenever anything of any flag is another.</summary>
    public string Tag { get; }

    /// <summary>When it became what it is, as far as this process knows.</summary>
    public DateTimeOffset ChangedAt { get; }

    public Flag? Find(string key) => _byKey.GetValueOrDefault(key);
}

/// <summary>The flags of all projects in memory. A change swaps all of them at once.</summary>
public sealed class FlagBook
{
    private static readonly ProjectFlags s_none = new([], DateTimeOffset.UnixEpoch);

    private volatile Edition _edition = new(FrozenDictionary<ProjectId, ProjectFlags>.Empty);

    /// <summary>Ends when flags of any project change. Take it before the flags are looked at, and no change is missed.</summary>
    public Task Changed => _edition.Over.Task;

    public ProjectFlags Of(ProjectId project) => _edition.ByProject.GetValueOrDefault(project, s_none);

    internal void Use(IEnumerable<Flag> flags, DateTimeOffset now)
    {
        var former = _edition;
        var next = flags.ToLookup(flag => flag.Project);
        // A project whose last flag was removed has changed too.
        _edition = new Edition(next.Select(group => group.Key).Union(former.ByProject.Keys).ToFrozenDictionary(project => project, project =>
        {
            var made = new ProjectFlags(next[project], now);
            return former.ByProject.TryGetValue(project, out var was) && was.Tag == made.Tag ? was : made;
        }));
        former.Over.TrySetResult();
    }

    private sealed class Edition(FrozenDictionary<ProjectId, ProjectFlags> byProject)
    {
        public FrozenDictionary<ProjectId, ProjectFlags> ByProject { get; } = byProject;

        // Whoever waits goes on elsewhere, not inside of the change.
        public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
