using System.Collections.Immutable;
using Bellwether.Detection;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Guardrails;

/// <summary>Makes a policy of what was sent, or says of every field what is wrong with it.</summary>
public sealed class GuardPolicyReader
{
    private const int MostEntries = 200;
    private const int MostPatterns = 20;
    private static readonly string[] s_modes = ["off", "observe", "flag", "block", "route"];
    private static readonly string[] s_actions = ["keep", "mask", "hash", "tokenise", "block"];
    private static readonly string[] s_channels = ["user", "document", "system"];
    private readonly FieldErrors _errors = new();

    private GuardPolicyReader() { }

    public static string NameOf(GuardMode mode) => s_modes[(int)mode];

    public static string NameOf(PersonalDataAction action) => s_actions[(int)action];

    /// <param name="id">Of the policy that is made or replaced.</param>
    /// <param name="order">Where the body says none.</param>
    public static Change<GuardPolicy> Read(GuardPolicyBody body, string id, ProjectId project, int order)
    {
        var reader = new GuardPolicyReader();
        var policy = reader.Policy(body, id, project, order);
        return reader._errors.Any ? reader._errors.ToChange() : policy;
    }

    private GuardPolicy Policy(GuardPolicyBody body, string id, ProjectId project, int order)
    {
        _errors.CheckName(body.Name, "name")
            .Check(body.Order is null or >= 0 and <= 1_000_000, "order", "must be 0 to 1000000")
            .Check(body.Unknown is null or "pass" or "block", "unknown", "must be pass or block");
        var leak = Mode(body.Leak?.Mode, "leak.mode", GuardMode.Observe, GuardMode.Block, noRoute: "the answer is there already");
        return new GuardPolicy
        {
            Id = id, Project = project, Name = body.Name?.Trim() ?? "", Enabled = body.Enabled ?? true, Order = body.Order ?? order,
            AppliesTo = new GuardScope(
                Texts(body.AppliesTo?.Endpoints, "applies_to.endpoints", 1, 256), Models(body.AppliesTo?.Models), Texts(body.AppliesTo?.Keys, "applies_to.keys", 1, 100)),
            Injection = Rule(body.Injection, "injection"),
            Harm = Rule(body.Harm, "harm"),
            Leak = new GuardRule(leak) { Answer = Thresholds(body.Leak?.Thresholds, "leak.thresholds") },
            Canaries = Texts(body.Leak?.Canaries, "leak.canaries", 8, 200),
            PersonalData = new PersonalDataRule(Table(body.Pii?.Upstream, "pii.upstream", tokens: true), Table(body.Pii?.Answer, "pii.answer", tokens: false)) { Observe = body.Pii?.Observe ?? true },
            Patterns = Patterns(body.Patterns),
            Unknown = body.Unknown == "block" ? UnknownVerdict.Block : UnknownVerdict.Pass,
        };
    }

    private GuardRule Rule(GuardRuleBody? body, string field)
    {
        var mode = Mode(body?.Mode, field + ".mode", GuardMode.Observe, GuardMode.Route);
        foreach (var channel in body?.Thresholds?.Keys ?? [])
        {
            _errors.Check(s_channels.Contains(channel), $"{field}.thresholds.{channel}", Unlike("is not a channel that this guard looks at", channel, s_channels));
        }
        _errors.Check((mode == GuardMode.Route) == (body?.Route is not null), field + ".route", mode == GuardMode.Route ? "is needed by mode route: {\"provider\":…}" : "is for mode route only");
        if (body?.Route is { } route)
        {
            _errors.CheckName(route.Provider, field + ".route.provider").Check(route.Model is null or { Length: > 0 and <= 200 } && route.Model?.Any(char.IsControl) != true, field + ".route.model", "must be a model's name of at most 200 characters");
        }
        return new GuardRule(mode)
        {
            SecondOpinion = Opinion(body?.SecondOpinion, field), User = Of("user"), Document = Of("document"), System = Of("system"), Route = body?.Route is { Provider: { } provider } to ? new GuardRoute(provider.Trim(), to.Model) : null,
        };

        ChannelThresholds Of(string channel) => Thresholds(body?.Thresholds?.GetValueOrDefault(channel), $"{field}.thresholds.{channel}");
    }

    private SecondOpinion? Opinion(SecondOpinionBody? body, string rule)
    {
        if (body is null)
        {
            return null;
        }
        var field = rule + ".second_opinion";
        var (from, to) = (body.From ?? 0.3, body.To ?? 0.95);
        _errors.Check(rule == "harm", field, "is for harm only")
            .CheckName(body.Provider, field + ".provider")
            .Check(body.Model is null or { Length: > 0 and <= 200 } && body.Model?.Any(char.IsControl) != true, field + ".model", "must be a model's name of at most 200 characters")
            .Check(from is >= 0 and <= 1, field + ".from", "must be a score from 0 to 1")
            .Check(to is >= 0 and <= 1, field + ".to", "must be a score from 0 to 1")
            .Check(from <= to, field + ".from", "must not be over to");
        return new SecondOpinion(body.Provider?.Trim() ?? "", body.Model, from, to);
    }

    private ChannelThresholds Thresholds(ThresholdBody? body, string field)
    {
        _errors.Check(body?.Flag is null or >= 0 and <= 1, field + ".flag", "must be a score from 0 to 1")
            .Check(body?.Block is null or >= 0 and <= 1, field + ".block", "must be a score from 0 to 1")
            .Check(body is not { Flag: { } flag, Block: { } block } || flag <= block, field + ".flag", "must not be over block");
        return new(body?.Flag, body?.Block);
    }

    private GuardMode Mode(string? name, string field, GuardMode missing, GuardMode last, string? noRoute = null)
    {
        if (name is null)
        {
            return missing;
        }
        var mode = Array.IndexOf(s_modes, name);
        var known = s_modes.AsSpan(0, (int)last + 1).ToArray();
        _errors.Check(mode >= 0 && mode <= (int)last, field, name == "route" && noRoute is not null ? $"cannot be route here: {noRoute}" : Unlike("is not a mode", name, known));
        return mode < 0 ? missing : (GuardMode)mode;
    }

    private PersonalDataTable Table(IReadOnlyDictionary<string, string?>? body, string field, bool tokens)
    {
        var others = PersonalDataAction.Keep;
        var named = new Dictionary<PersonalDataType, PersonalDataAction>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, text) in body ?? new Dictionary<string, string?>())
        {
            var at = $"{field}.{Shown(name)}";
            var action = Array.IndexOf(s_actions, text);
            _errors.Check(seen.Add(name), at, "is given twice")
                .Check(action >= 0, at, Unlike("is not an action", text ?? "", s_actions))
                .Check(tokens || action != (int)PersonalDataAction.Tokenise, at, "cannot be tokenise: only what is sent to a provider comes back");
            if (name.Equals(PersonalDataTable.All, StringComparison.OrdinalIgnoreCase))
            {
                others = action < 0 ? others : (PersonalDataAction)action;
            }
            else if (PersonalDataTypes.TryParse(name, out var type))
            {
                named[type] = action < 0 ? PersonalDataAction.Keep : (PersonalDataAction)action;
            }
            else
            {
                _errors.Check(false, at, Unlike("is not a kind of personal data", name, [PersonalDataTable.All, .. PersonalDataTypes.Names]));
            }
        }
        return new PersonalDataTable(others, named);
    }

    private ImmutableArray<GuardPattern> Patterns(IReadOnlyList<GuardPatternBody?>? body)
    {
        _errors.Check((body?.Count ?? 0) <= MostPatterns, "patterns", $"may have at most {MostPatterns} entries");
        var patterns = ImmutableArray.CreateBuilder<GuardPattern>();
        for (var i = 0; i < Math.Min(body?.Count ?? 0, MostPatterns); i++)
        {
            var (name, text, mode) = (body![i]?.Name, body[i]?.Pattern, Mode(body[i]?.Mode, $"patterns[{i}].mode", GuardMode.Observe, GuardMode.Block, noRoute: "only injection and harm have a stricter provider"));
            _errors.CheckName(name, $"patterns[{i}].name", 60).Check(mode != GuardMode.Off, $"patterns[{i}].mode", "must be observe, flag or block");
            var problem = PatternText.Problem(text);
            _errors.Check(problem is null, $"patterns[{i}].pattern", problem ?? "");
            patterns.Add(new GuardPattern(name?.Trim() ?? "", text ?? "", mode));
        }
        return patterns.ToImmutable();
    }

    private ImmutableArray<string> Models(IReadOnlyList<string?>? body)
    {
        var models = Texts(body, "applies_to.models", 1, 200);
        foreach (var model in models)
        {
            _errors.Check(model.IndexOf('*', StringComparison.Ordinal) is var star && (star < 0 || star == model.Length - 1), "applies_to.models", "may have a * at its end only");
        }
        return models;
    }

    private ImmutableArray<string> Texts(IReadOnlyList<string?>? body, string field, int least, int most)
    {
        _errors.Check((body?.Count ?? 0) <= MostEntries, field, $"may have at most {MostEntries} entries");
        foreach (var text in body ?? [])
        {
            _errors.Check(text is not null && text.Length >= least && text.Length <= most && !text.Any(char.IsControl), field, $"must be texts of {least} to {most} characters without control characters");
        }
        return [.. (body ?? []).Take(MostEntries).Where(text => text is not null).Select(text => text!).Distinct(StringComparer.Ordinal)];
    }

    private static string Unlike(string problem, string given, IReadOnlyList<string> known) =>
        NearestName.Of(given, known) is { } near ? $"{problem}; did you mean {near}?" : $"{problem}: they are {string.Join(", ", known)}";

    private static string Shown(string name) => name.Length <= 60 ? name : name[..60];
}
