using System.Text.Json.Serialization;

namespace Bellwether.Guardrails;

/// <summary>A policy as the API takes it. What is left out has the default: detectors observe, personal data is kept and seen, every call.</summary>
/// <param name="Order">Ascending; behind the others when left out.</param>
/// <param name="Unknown"><c>pass</c> or <c>block</c>.</param>
public sealed record GuardPolicyBody(
    string? Name, bool? Enabled, int? Order, GuardScopeBody? AppliesTo, GuardRuleBody? Injection, GuardRuleBody? Harm, LeakRuleBody? Leak,
    PersonalDataBody? Pii, IReadOnlyList<GuardPatternBody?>? Patterns, string? Unknown, string? Project)
{
    /// <summary>As it is kept: everything written out.</summary>
    public static GuardPolicyBody Of(GuardPolicy policy) => new(
        policy.Name, policy.Enabled, policy.Order,
        new GuardScopeBody(policy.AppliesTo.Endpoints, policy.AppliesTo.Models, policy.AppliesTo.Keys),
        GuardRuleBody.Of(policy.Injection), GuardRuleBody.Of(policy.Harm),
        new LeakRuleBody(GuardPolicyReader.NameOf(policy.Leak.Mode), ThresholdBody.Of(policy.Leak.Answer), policy.Canaries),
        PersonalDataBody.Of(policy.PersonalData),
        [.. policy.Patterns.Select(pattern => new GuardPatternBody(pattern.Name, pattern.Pattern, GuardPolicyReader.NameOf(pattern.Mode)))],
        policy.Unknown == UnknownVerdict.Block ? "block" : "pass", policy.Project.Value);
}

/// <param name="Models">Exact, or with a <c>*</c> at the end.</param>
/// <param name="Keys">Ids of keys.</param>
public sealed record GuardScopeBody(IReadOnlyList<string?>? Endpoints, IReadOnlyList<string?>? Models, IReadOnlyList<string?>? Keys);

/// <param name="Mode"><c>off</c>, <c>observe</c>, <c>flag</c>, <c>block</c>, <c>route</c>.</param>
/// <param name="Thresholds">By channel: <c>user</c>, <c>document</c>, <c>system</c>.</param>
/// <param name="SecondOpinion">Of harm only.</param>
public sealed record GuardRuleBody(
    string? Mode, IReadOnlyDictionary<string, ThresholdBody?>? Thresholds, GuardRouteBody? Route,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SecondOpinionBody? SecondOpinion = null)
{
    public static GuardRuleBody Of(GuardRule rule)
    {
        var thresholds = new Dictionary<string, ThresholdBody?>();
        Add("user", rule.User);
        Add("document", rule.Document);
        Add("system", rule.System);
        return new(GuardPolicyReader.NameOf(rule.Mode), thresholds, rule.Route is { } route ? new GuardRouteBody(route.Provider, route.Model) : null, SecondOpinionBody.Of(rule.SecondOpinion));

        void Add(string channel, ChannelThresholds set)
        {
            if (set != default)
            {
                thresholds.Add(channel, ThresholdBody.Of(set));
            }
        }
    }
}

/// <summary>Scores from 0 to 1; what is null is the detector's own.</summary>
public sealed record ThresholdBody(double? Flag, double? Block)
{
    public static ThresholdBody Of(ChannelThresholds set) => new(set.Flag, set.Block);
}

/// <param name="Provider">Has <c>/v1/moderations</c>.</param>
/// <param name="From">The lowest local score of which somebody else is asked; 0.3 when left out.</param>
/// <param name="To">The highest; 0.95 when left out.</param>
public sealed record SecondOpinionBody(string? Provider, string? Model, double? From, double? To)
{
    public static SecondOpinionBody? Of(SecondOpinion? opinion) => opinion is null ? null : new(opinion.Provider, opinion.Model, opinion.From, opinion.To);
}

public sealed record GuardRouteBody(string? Provider, string? Model);

/// <param name="Mode"><c>off</c>, <c>observe</c>, <c>flag</c>, <c>block</c>.</param>
/// <param name="Canaries">Texts that no honest answer holds.</param>
public sealed record LeakRuleBody(string? Mode, ThresholdBody? Thresholds, IReadOnlyList<string?>? Canaries);

/// <param name="Observe">Whether what is kept is an event too.</param>
/// <param name="Upstream">Kind → <c>keep</c>, <c>mask</c>, <c>hash</c>, <c>tokenise</c>, <c>block</c>; <c>ALL</c> for what is not named.</param>
/// <param name="Answer">The same without <c>tokenise</c>.</param>
public sealed record PersonalDataBody(bool? Observe, IReadOnlyDictionary<string, string?>? Upstream, IReadOnlyDictionary<string, string?>? Answer)
{
    public static PersonalDataBody Of(PersonalDataRule rule) => new(rule.Observe, Table(rule.Upstream), Table(rule.Answer));

    private static Dictionary<string, string?> Table(PersonalDataTable table)
    {
        var names = new Dictionary<string, string?> { [PersonalDataTable.All] = GuardPolicyReader.NameOf(table.Others) };
        foreach (var (type, action) in table.Named)
        {
            names.Add(Detection.PersonalDataTypes.Name(type), GuardPolicyReader.NameOf(action));
        }
        return names;
    }
}

/// <param name="Mode"><c>observe</c>, <c>flag</c>, <c>block</c>.</param>
public sealed record GuardPatternBody(string? Name, string? Pattern, string? Mode);

/// <summary>A policy as the API gives it.</summary>
internal sealed record GuardPolicyView(string Id, GuardPolicyBody Policy);

internal sealed record GuardPolicyList(IReadOnlyList<GuardPolicyView> Items);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(GuardPolicyBody))]
[JsonSerializable(typeof(GuardPolicyView))]
[JsonSerializable(typeof(GuardPolicyList))]
internal sealed partial class GuardPolicyJson : JsonSerializerContext;
