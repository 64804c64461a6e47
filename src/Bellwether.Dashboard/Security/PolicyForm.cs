using Bellwether.Detection;
using Bellwether.Guardrails;

namespace Bellwether.Dashboard;

/// <summary>A policy while somebody edits it. What is wrong with it is found where every policy is read, so that page and API agree.</summary>
public sealed class PolicyForm
{
    public string Name { get; set; } = "";
    public bool Enabled { get; set; } = true;
    public string Order { get; set; } = "";
    /// <summary>One a line, like the next two.</summary>
    public string Endpoints { get; set; } = "";
    public string Models { get; set; } = "";
    public string Keys { get; set; } = "";
    public RuleForm Injection { get; init; } = new();
    public RuleForm Harm { get; init; } = new();
    public RuleForm Leak { get; init; } = new();
    public string Canaries { get; set; } = "";
    public bool Observe { get; set; } = true;
    /// <summary>By kind, <c>ALL</c> among them; empty for what <c>ALL</c> says.</summary>
    public Dictionary<string, string> Upstream { get; } = new(StringComparer.Ordinal) { ["ALL"] = "keep" };
    public Dictionary<string, string> Answer { get; } = new(StringComparer.Ordinal) { ["ALL"] = "keep" };
    public List<PatternForm> Patterns { get; } = [];
    public bool BlocksUnknown { get; set; }

    public static PolicyForm Of(GuardPolicy? policy)
    {
        if (policy is null) { return new PolicyForm(); }
        var body = GuardPolicyBody.Of(policy);
        var form = new PolicyForm
        {
            Name = policy.Name, Enabled = policy.Enabled, Order = TypedNumbers.Text(policy.Order),
            Endpoints = Lines(policy.AppliesTo.Endpoints), Models = Lines(policy.AppliesTo.Models), Keys = Lines(policy.AppliesTo.Keys),
            Injection = RuleForm.Of(body.Injection!.Mode, policy.Injection), Harm = RuleForm.Of(body.Harm!.Mode, policy.Harm), Leak = RuleForm.Of(body.Leak!.Mode, policy.Leak),
            Canaries = Lines(policy.Canaries), Observe = policy.PersonalData.Observe, BlocksUnknown = policy.Unknown == UnknownVerdict.Block,
        };
        foreach (var (kind, action) in body.Pii!.Upstream!) { form.Upstream[kind] = action!; }
        foreach (var (kind, action) in body.Pii.Answer!) { form.Answer[kind] = action!; }
        form.Patterns.AddRange(body.Patterns!.Select(pattern => new PatternForm { Name = pattern!.Name!, Pattern = pattern.Pattern!, Mode = pattern.Mode! }));
        return form;
    }

    internal GuardPolicyBody ToBody(TypedNumbers numbers) => new(
        Name, Enabled, numbers.Small("order", Order), new GuardScopeBody(Split(Endpoints), Split(Models), Split(Keys)), Injection.ToBody("injection", numbers), Harm.ToBody("harm", numbers),
        new LeakRuleBody(Leak.Mode, Leak[TextChannel.Answer].ToBody("leak.thresholds", numbers), Split(Canaries)),
        new PersonalDataBody(Observe, Table(Upstream), Table(Answer)),
        [.. Patterns.Select(pattern => new GuardPatternBody(pattern.Name, pattern.Pattern, pattern.Mode))], BlocksUnknown ? "block" : "pass", null);

    /// <summary>Which calls, as far as it is written now.</summary>
    public GuardScope Scope => new([.. Split(Endpoints)], [.. Split(Models)], [.. Split(Keys)]);

    private static Dictionary<string, string?> Table(Dictionary<string, string> chosen) => chosen.Where(pair => pair.Value.Length > 0).ToDictionary(pair => pair.Key, pair => (string?)pair.Value);

    private static string Lines(IEnumerable<string> texts) => string.Join('\n', texts);

    private static string[] Split(string lines) => lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>Mode, thresholds and route of one detector.</summary>
public sealed class RuleForm
{
    private readonly Dictionary<TextChannel, ThresholdForm> _thresholds = Enum.GetValues<TextChannel>().ToDictionary(channel => channel, _ => new ThresholdForm());

    public string Mode { get; set; } = "observe";
    public string Provider { get; set; } = "";
    public string Model { get; set; } = "";

    /// <summary>Written through the API; kept as it is.</summary>
    public SecondOpinion? SecondOpinion { get; init; }

    public ThresholdForm this[TextChannel channel] => _thresholds[channel];

    public static RuleForm Of(string? mode, GuardRule rule)
    {
        var form = new RuleForm { Mode = mode ?? "observe", Provider = rule.Route?.Provider ?? "", Model = rule.Route?.Model ?? "", SecondOpinion = rule.SecondOpinion };
        foreach (var (channel, set) in new[] { (TextChannel.User, rule.User), (TextChannel.Document, rule.Document), (TextChannel.System, rule.System), (TextChannel.Answer, rule.Answer) })
        {
            (form[channel].Flag, form[channel].Block) = (TypedNumbers.Text(set.Flag), TypedNumbers.Text(set.Block));
        }
        return form;
    }

    /// <param name="name">The detector, as the API names it.</param>
    internal GuardRuleBody ToBody(string name, TypedNumbers numbers) => new(
        Mode,
        new[] { (Key: "user", Channel: TextChannel.User), (Key: "document", Channel: TextChannel.Document), (Key: "system", Channel: TextChannel.System) }
            .ToDictionary(one => one.Key, one => (ThresholdBody?)this[one.Channel].ToBody($"{name}.thresholds.{one.Key}", numbers)),
        Mode == "route" ? new GuardRouteBody(Provider, Model.Length > 0 ? Model : null) : null, SecondOpinionBody.Of(SecondOpinion));
}

/// <summary>Scores from 0 to 1 as they were typed; empty for the detector's own.</summary>
public sealed class ThresholdForm
{
    public string Flag { get; set; } = "";
    public string Block { get; set; } = "";

    /// <param name="path">Of both, as errors name it.</param>
    internal ThresholdBody ToBody(string path, TypedNumbers numbers) => new(numbers.Double(path + ".flag", Flag), numbers.Double(path + ".block", Block));
}

public sealed class PatternForm
{
    public string Name { get; set; } = "";
    public string Pattern { get; set; } = "";
    public string Mode { get; set; } = "flag";
}
