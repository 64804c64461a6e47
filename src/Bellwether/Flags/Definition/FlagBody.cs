using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bellwether.Flags;

/// <summary>A flag as the API takes and gives it, and as it is kept. What is left out has the usual value.</summary>
public sealed record FlagBody
{
    public string? Project { get; init; }
    /// <summary>May be left out where the path says it.</summary>
    public string? Key { get; init; }
    public string? Description { get; init; }
    public bool? Enabled { get; init; }
    /// <summary><c>boolean</c>, <c>string</c>, <c>number</c>, <c>object</c>.</summary>
    public string? Type { get; init; }
    /// <summary>Values by name; <c>{"on": true, "off": false}</c> when left out of a boolean flag.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Variants { get; init; }
    /// <summary>A variant; <c>off</c> when left out, if there is one.</summary>
    public string? Default { get; init; }
    public IReadOnlyList<FlagRuleBody?>? Rules { get; init; }
    /// <summary>For whom no rule holds. Weights of 10,000.</summary>
    public IReadOnlyList<FlagArmBody?>? Split { get; init; }
    /// <summary>How many of 10,000 the split is for; the others get the default.</summary>
    public int? Rollout { get; init; }
    /// <summary><c>sha256</c>, <c>md5</c>, <c>md5_variant</c>.</summary>
    public string? Hash { get; init; }
    /// <summary>Made when left out of a new flag, and kept from then on.</summary>
    public string? Salt { get; init; }

    /// <summary>Everything written out.</summary>
    public static FlagBody Of(Flag flag) => new()
    {
        Project = flag.Project.Value, Key = flag.Key, Description = flag.Description, Enabled = flag.Enabled, Type = FlagReader.NameOf(flag.Type),
        Variants = flag.Variants.ToDictionary(variant => variant.Name, variant => variant.Value), Default = flag.Default.Name,
        Rules = [.. flag.Rules.Select(FlagRuleBody.Of)], Split = FlagArmBody.Of(flag.Split), Rollout = FlagArmBody.RolloutOf(flag.Split), Hash = FlagReader.NameOf(flag.Hash), Salt = flag.Salt,
    };
}

/// <summary>A rule: a variant, or a split.</summary>
public sealed record FlagRuleBody
{
    public string? Name { get; init; }
    /// <summary>All of them must hold.</summary>
    public IReadOnlyList<FlagConditionBody?>? When { get; init; }
    public string? Variant { get; init; }
    public IReadOnlyList<FlagArmBody?>? Split { get; init; }
    public int? Rollout { get; init; }

    internal static FlagRuleBody Of(FlagRule rule) => new()
    {
        Name = rule.Name.Length > 0 ? rule.Name : null,
        When = [.. rule.When.Select(FlagConditionBody.Of)],
        Variant = (rule.Serve as FlagServe.One)?.Variant.Name, Split = FlagArmBody.Of(rule.Serve as FlagServe.Split), Rollout = FlagArmBody.RolloutOf(rule.Serve as FlagServe.Split),
    };
}

/// <param name="Operator"><c>eq</c>, <c>neq</c>, <c>in</c>, <c>notIn</c>, <c>contains</c>, <c>startsWith</c>, <c>endsWith</c>, <c>matches</c>, <c>gt</c>, <c>gte</c>, <c>lt</c>, <c>lte</c>.</param>
/// <param name="Value">A list for <c>in</c> and <c>notIn</c>.</param>
public sealed record FlagConditionBody(string? Attribute, string? Operator, JsonElement? Value)
{
    internal static FlagConditionBody Of(FlagCondition condition) => new(
        condition.Attribute, FlagReader.NameOf(condition.Operator),
        condition.Operator is FlagOperator.In or FlagOperator.NotIn ? JsonSerializer.SerializeToElement(condition.Operands.ToArray(), FlagJson.Default.JsonElementArray) : condition.Operands[0]);
}

/// <param name="Weight">Of 10,000.</param>
public sealed record FlagArmBody(string? Variant, int? Weight)
{
    internal static IReadOnlyList<FlagArmBody?>? Of(FlagServe.Split? split) => split is null ? null : [.. split.Arms.Select(arm => new FlagArmBody(arm.Variant.Name, arm.Weight))];

    internal static int? RolloutOf(FlagServe.Split? split) => split is { Rollout: var rollout } && rollout < Bucketing.Buckets ? rollout : null;
}

/// <summary>A flag as the API gives it. <c>flag</c> can be sent back as it is.</summary>
internal sealed record FlagView(int Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, FlagBody Flag)
{
    public static FlagView Of(Flag flag) => new(flag.Version, flag.CreatedAt, flag.UpdatedAt, FlagBody.Of(flag));
}

internal sealed record FlagList(IReadOnlyList<FlagView> Items);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(FlagBody))]
[JsonSerializable(typeof(FlagView))]
[JsonSerializable(typeof(FlagList))]
[JsonSerializable(typeof(JsonElement[]))]
internal sealed partial class FlagJson : JsonSerializerContext;
