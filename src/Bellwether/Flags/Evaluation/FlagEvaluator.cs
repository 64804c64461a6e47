using System.Collections.Immutable;
using System.Text.Json;

namespace Bellwether.Flags;

/// <summary>Whom a flag is asked for.</summary>
/// <param name="Attributes">What conditions ask about: an object, or nothing.</param>
/// <param name="Unit">Who is dealt to a bucket; null when nobody is named.</param>
public readonly record struct FlagContext(JsonElement Attributes, string? Unit);

/// <summary>Why a flag has its value.</summary>
public enum FlagReason
{
    /// <summary>It has neither rules nor a split.</summary>
    Static,
    TargetingMatch,
    Split,
    Disabled,
    /// <summary>It has rules, none of them held, and there is no split. OFREP has no word for it but <c>UNKNOWN</c>.</summary>
    NoRuleHeld,
    /// <summary>A split decides, and the context names nobody.</summary>
    NoUnit,
}

/// <summary>A flag's value for somebody.</summary>
/// <param name="Variant">Null with <see cref="FlagReason.NoUnit"/> only.</param>
/// <param name="Rule">Position of the rule that decided; -1 when none did.</param>
public readonly record struct FlagResult(FlagVariant? Variant, FlagReason Reason, int Rule = -1)
{
    /// <summary>The variant's name. A disabled flag dealt nobody, so what it gives counts as no variant's.</summary>
    public string VariantName => Reason == FlagReason.Disabled ? Flag.OffName : Variant?.Name ?? "";
}

/// <summary>Says what a flag is for somebody. Waits for nothing and, but for texts that conditions look into, allocates nothing.</summary>
public static class FlagEvaluator
{
    public static FlagResult Evaluate(Flag flag, in FlagContext context)
    {
        if (!flag.Enabled)
        {
            return new(flag.Off, FlagReason.Disabled);
        }
        for (var i = 0; i < flag.Rules.Length; i++)
        {
            if (Holds(flag.Rules[i].When, context.Attributes))
            {
                return flag.Rules[i].Serve switch
                {
                    FlagServe.One one => new(one.Variant, FlagReason.TargetingMatch, i),
                    FlagServe.Split split => Deal(flag, split, context.Unit) with { Rule = i },
                    _ => throw new InvalidOperationException("A rule gives one variant or a split."),
                };
            }
        }
        return flag.Split is { } rest ? Deal(flag, rest, context.Unit) : new(flag.Default, flag.Rules.IsEmpty ? FlagReason.Static : FlagReason.NoRuleHeld);
    }

    private static bool Holds(ImmutableArray<FlagCondition> conditions, JsonElement attributes)
    {
        foreach (var condition in conditions)
        {
            if (!condition.Holds(attributes))
            {
                return false;
            }
        }
        return true;
    }

    private static FlagResult Deal(Flag flag, FlagServe.Split split, string? unit)
    {
        if (split.Only is { } only)
        {
            return new(only, FlagReason.Split);
        }
        if (string.IsNullOrEmpty(unit))
        {
            return new(null, FlagReason.NoUnit);
        }
        if (split.Rollout < Bucketing.Buckets && Bucketing.Rollout(flag.Salt, unit) >= split.Rollout)
        {
            return new(split.Outside, FlagReason.Split);
        }
        if (flag.Hash == FlagHash.Md5Variant)
        {
            return new(split.Arms[Bucketing.Md5(unit, flag.Key, split.Arms.Length)].Variant, FlagReason.Split);
        }
        // "md5 % 100 < percentage": of a bucket of a hundred, its first basis point counts.
        var bucket = flag.Hash == FlagHash.Md5 ? Bucketing.Md5(unit, "", 100) * 100 : Bucketing.Salted(flag.Salt, unit);
        foreach (var arm in split.Arms)
        {
            if (bucket < arm.Weight)
            {
                return new(arm.Variant, FlagReason.Split);
            }
            bucket -= arm.Weight;
        }
        throw new InvalidOperationException("The weights of a split are fewer than its buckets.");
    }
}
