using System.Collections.Immutable;
using System.Text.Json;
using Bellwether.Primitives;

namespace Bellwether.Flags;

/// <summary>What all variants of a flag are.</summary>
public enum FlagType { Boolean, String, Number, Object }

/// <summary>How users are dealt to the arms of a split.</summary>
public enum FlagHash
{
    /// <summary>SHA-256 over the flag's own salt and the user, 10,000 buckets.</summary>
    Sha256,
    /// <summary><c>int(md5(user), 16) % 100</c>: the same users are first in every flag.</summary>
    Md5,
    /// <summary><c>int(md5(user + key), 16) % n</c> over n arms of equal weight.</summary>
    Md5Variant,
}

/// <summary>A value under a name.</summary>
public sealed record FlagVariant(string Name, JsonElement Value);

/// <summary>A part of a split.</summary>
/// <param name="Weight">Of <see cref="Bucketing.Buckets"/>.</param>
public readonly record struct FlagArm(FlagVariant Variant, int Weight);

/// <summary>What a rule gives.</summary>
public abstract record FlagServe
{
    private FlagServe() { }

    /// <summary>The same to everybody.</summary>
    public sealed record One(FlagVariant Variant) : FlagServe;

    /// <summary>To each a share of the users.</summary>
    /// <param name="Arms">Their weights are <see cref="Bucketing.Buckets"/> together; each has the buckets behind those of the arm before it.</param>
    /// <param name="Rollout">How many of <see cref="Bucketing.Buckets"/> take part, by a hash of its own: who takes part says nothing of which arm, and raising it moves nobody from one arm to another.</param>
    /// <param name="Outside">For who takes no part.</param>
    public sealed record Split(ImmutableArray<FlagArm> Arms, int Rollout, FlagVariant Outside) : FlagServe
    {
        /// <summary>The variant that everybody gets, whoever it is; null when that depends.</summary>
        public FlagVariant? Only => Rollout == Bucketing.Buckets && Arms is [var one] ? one.Variant : null;
    }
}

/// <summary>Users of whom all conditions hold get what the rule gives.</summary>
/// <param name="Name">For people; may be empty.</param>
public sealed record FlagRule(string Name, ImmutableArray<FlagCondition> When, FlagServe Serve);

/// <summary>A feature flag (requirement X1). The first rule that holds decides, else the split, else the default.</summary>
public sealed record Flag
{
    /// <summary>Name of the variant that a flag answers with while it is disabled.</summary>
    public static readonly string OffName = "off";

    public required ProjectId Project { get; init; }
    public required string Key { get; init; }
    public string Description { get; init; } = "";
    public bool Enabled { get; init; } = true;
    public required FlagType Type { get; init; }
    public required ImmutableArray<FlagVariant> Variants { get; init; }
    public required FlagVariant Default { get; init; }
    /// <summary>The variant named <see cref="OffName"/>, else the default.</summary>
    public required FlagVariant Off { get; init; }
    public ImmutableArray<FlagRule> Rules { get; init; } = [];
    /// <summary>For whom no rule holds; null: the default.</summary>
    public FlagServe.Split? Split { get; init; }
    public FlagHash Hash { get; init; }
    /// <summary>Makes the flag's dealing its own. Never changes, or everybody would be dealt anew.</summary>
    public required string Salt { get; init; }
    /// <summary>1, and one more with every change.</summary>
    public int Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}
