using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Flags;

/// <summary>Makes a flag of what was sent, or says of every field what is wrong with it.</summary>
public sealed partial class FlagReader
{
    private const int MostVariants = 50;
    private const int MostRules = 50;
    private const int MostConditions = 20;
    private const int MostOperands = 1_000;
    private const int LongestText = 500;
    private static readonly string[] s_types = ["boolean", "string", "number", "object"];
    private static readonly string[] s_hashes = ["sha256", "md5", "md5_variant"];
    private static readonly string[] s_operators = ["eq", "neq", "in", "notIn", "contains", "startsWith", "endsWith", "matches", "gt", "gte", "lt", "lte"];
    private static readonly JsonElement s_true = JsonDocument.Parse("true").RootElement;
    private static readonly JsonElement s_false = JsonDocument.Parse("false").RootElement;

    private readonly FieldErrors _errors = new();
    private ImmutableArray<FlagVariant> _variants = [];
    private FlagHash _hash;

    private FlagReader() { }

    public static string NameOf(FlagType type) => s_types[(int)type];

    public static string NameOf(FlagHash hash) => s_hashes[(int)hash];

    public static string NameOf(FlagOperator op) => s_operators[(int)op];

    /// <param name="body">What was sent.</param>
    /// <param name="key">Of the path; the body's when null.</param>
    /// <param name="former">The flag that is replaced; null for a new one.</param>
    /// <param name="salt">For a new flag whose body has none.</param>
    public static Change<Flag> Read(FlagBody body, ProjectId project, string? key, Flag? former, string salt, DateTimeOffset now)
    {
        var reader = new FlagReader();
        var flag = reader.Make(body, project, key, former, salt, now);
        return reader._errors.Any ? reader._errors.ToChange() : flag!;
    }

    private Flag? Make(FlagBody body, ProjectId project, string? path, Flag? former, string newSalt, DateTimeOffset now)
    {
        var key = path ?? body.Key ?? "";
        var salt = body.Salt ?? former?.Salt ?? newSalt;
        _errors.Check(IsKey(key), "key", "must be 1 to 200 of A-Z a-z 0-9 . _ : - in parts between single slashes, no part only of dots")
            .Check(path is null || body.Key is null || body.Key == path, "key", "is not the one in the path; a flag cannot be renamed")
            .Check((body.Description?.Length ?? 0) <= 2_000, "description", "may have at most 2000 characters")
            .Check(SaltForm().IsMatch(salt), "salt", "must be 1 to 64 of A-Z a-z 0-9 _ -")
            .Check(former is null || salt == former.Salt, "salt", "cannot be changed: everybody would be dealt anew; make another flag");
        var type = (FlagType)Index(body.Type, "type", "is not a type", s_types);
        _hash = body.Hash is null ? FlagHash.Sha256 : (FlagHash)Index(body.Hash, "hash", "is not a hash", s_hashes);
        if (_errors.Any)
        {
            // What follows depends on these.
            return null;
        }
        _variants = Variants(body.Variants, type);
        var standard = Find(body.Default ?? Flag.OffName, "default", body.Default is null ? "is needed: the name of a variant" : null);
        var rules = Rules(body.Rules, standard);
        _errors.Check(body.Split is not null || body.Rollout is null, "rollout", "needs a split");
        var split = body.Split is null ? null : Split(body.Split, body.Rollout, "", standard);
        return standard is null ? null : new Flag
        {
            Project = project, Key = key, Description = body.Description ?? "", Enabled = body.Enabled ?? true, Type = type, Variants = _variants, Default = standard,
            Off = _variants.FirstOrDefault(variant => variant.Name == Flag.OffName) ?? standard, Rules = rules, Split = split, Hash = _hash, Salt = salt,
            Version = (former?.Version ?? 0) + 1, CreatedAt = former?.CreatedAt ?? now, UpdatedAt = now,
        };
    }

    private ImmutableArray<FlagVariant> Variants(IReadOnlyDictionary<string, JsonElement>? body, FlagType type)
    {
        if (body is null && type == FlagType.Boolean)
        {
            return [new("on", s_true), new(Flag.OffName, s_false)];
        }
        _errors.Check(body?.Count is > 0 and <= MostVariants, "variants", $"must be 1 to {MostVariants}: {{\"name\": value}}");
        var variants = ImmutableArray.CreateBuilder<FlagVariant>();
        foreach (var (name, value) in (body ?? new Dictionary<string, JsonElement>()).Take(MostVariants))
        {
            _errors.CheckName(name, "variants").Check(JsonTexts.AreValid(value), $"variants.{Shown(name)}", JsonTexts.Problem).Check(IsOf(type, value), $"variants.{Shown(name)}", type == FlagType.Object ? "must be an object or a list, as the flag's type says" : $"must be a {NameOf(type)}, as the flag's type says");
            variants.Add(new(name, value));
        }
        return variants.ToImmutable();
    }

    private ImmutableArray<FlagRule> Rules(IReadOnlyList<FlagRuleBody?>? body, FlagVariant? outside)
    {
        _errors.Check((body?.Count ?? 0) <= MostRules, "rules", $"may have at most {MostRules} entries");
        var rules = ImmutableArray.CreateBuilder<FlagRule>();
        for (var i = 0; i < Math.Min(body?.Count ?? 0, MostRules); i++)
        {
            var (rule, field) = (body![i] ?? new FlagRuleBody(), $"rules[{i}]");
            _errors.Check((rule.Name?.Length ?? 0) <= 100, field + ".name", "may have at most 100 characters")
                .Check(rule.When is { Count: > 0 and <= MostConditions }, field + ".when", $"must be 1 to {MostConditions} conditions")
                .Check((rule.Variant is null) != (rule.Split is null), field + ".variant", "or split is needed, and only one of them")
                .Check(rule.Split is not null || rule.Rollout is null, field + ".rollout", "needs a split");
            var when = Conditions(rule.When, field);
            FlagServe? serve = rule.Split is not null ? Split(rule.Split, rule.Rollout, field + ".", outside)
                : rule.Variant is not null && Find(rule.Variant, field + ".variant") is { } one ? new FlagServe.One(one) : null;
            if (serve is not null)
            {
                rules.Add(new FlagRule(rule.Name?.Trim() ?? "", when, serve));
            }
        }
        return rules.ToImmutable();
    }

    private ImmutableArray<FlagCondition> Conditions(IReadOnlyList<FlagConditionBody?>? body, string rule)
    {
        var conditions = ImmutableArray.CreateBuilder<FlagCondition>();
        for (var i = 0; i < Math.Min(body?.Count ?? 0, MostConditions); i++)
        {
            var (condition, field) = (body![i] ?? new FlagConditionBody(null, null, null), $"{rule}.when[{i}]");
            _errors.CheckName(condition.Attribute, field + ".attribute", 200);
            var op = Index(condition.Operator, field + ".operator", "is not an operator", s_operators);
            if (op >= 0 && Operands((FlagOperator)op, condition.Value, field + ".value") is { } operands && !string.IsNullOrEmpty(condition.Attribute))
            {
                conditions.Add(new FlagCondition(condition.Attribute, (FlagOperator)op, operands));
            }
        }
        return conditions.ToImmutable();
    }

    // Null: something is wrong with them.
    private ImmutableArray<JsonElement>? Operands(FlagOperator op, JsonElement? value, string field)
    {
        if (value is { } sent && !JsonTexts.AreValid(sent))
        {
            _errors.Check(false, field, JsonTexts.Problem);
            return null;
        }
        JsonElement[] operands = op is FlagOperator.In or FlagOperator.NotIn
            ? value is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : []
            : value is { } one ? [one] : [];
        var problem = op switch
        {
            FlagOperator.In or FlagOperator.NotIn => operands.Length is > 0 and <= MostOperands && operands.All(IsSimple) ? null : $"must be a list of 1 to {MostOperands} texts, numbers or truth values",
            FlagOperator.Gt or FlagOperator.Gte or FlagOperator.Lt or FlagOperator.Lte => operands.All(operand => IsOf(FlagType.Number, operand)) && operands.Length == 1 ? null : "must be a number",
            FlagOperator.Contains or FlagOperator.StartsWith or FlagOperator.EndsWith => operands is [{ ValueKind: JsonValueKind.String }] && operands[0].GetString() is { Length: > 0 } ? null : "must be a text that is not empty",
            FlagOperator.Matches => operands is [{ ValueKind: JsonValueKind.String }] ? PatternProblem(operands[0].GetString()!) : "must be a regular expression",
            FlagOperator.Eq or FlagOperator.Neq => operands.Length == 1 && IsSimple(operands[0]) ? null : "must be a text, a number or a truth value",
            _ => throw new ArgumentOutOfRangeException(nameof(op)),
        };
        _errors.Check(problem is null, field, problem ?? "");
        return problem is null ? [.. operands] : null;
    }

    private FlagServe.Split? Split(IReadOnlyList<FlagArmBody?> body, int? rollout, string prefix, FlagVariant? outside)
    {
        var field = prefix + "split";
        var arms = ImmutableArray.CreateBuilder<FlagArm>();
        for (var i = 0; i < Math.Min(body.Count, MostVariants); i++)
        {
            var weight = body[i]?.Weight ?? -1;
            _errors.Check(weight is >= 0 and <= 10_000, $"{field}[{i}].weight", "must be 0 to 10000 (100 is 1 %)");
            if (Find(body[i]?.Variant ?? "", $"{field}[{i}].variant") is { } variant)
            {
                arms.Add(new FlagArm(variant, weight));
            }
        }
        var sum = arms.Sum(arm => (long)arm.Weight);
        _errors.Check(body.Count is > 0 and <= MostVariants, field, $"must be 1 to {MostVariants} arms: {{\"variant\", \"weight\"}}")
            .Check(arms.Count < body.Count || sum == Bucketing.Buckets, field, $"has weights of {sum} together; they must be {Bucketing.Buckets} (100 is 1 %)")
            .Check(arms.Select(arm => arm.Variant.Name).Distinct(StringComparer.Ordinal).Count() == arms.Count, field, "has the same variant twice")
            .Check(rollout is null or (>= 0 and <= 10_000), prefix + "rollout", "must be 0 to 10000 (100 is 1 %)")
            .Check(rollout is null || _hash == FlagHash.Sha256, prefix + "rollout", "is for hash sha256 only: the others have no second hash for it")
            .Check(_hash != FlagHash.Md5Variant || arms.Count == 0 || arms.Max(arm => arm.Weight) - arms.Min(arm => arm.Weight) <= 1, field, "must have equal weights: md5_variant deals to all arms alike");
        return outside is null || arms.Count == 0 ? null : new FlagServe.Split(arms.ToImmutable(), rollout ?? Bucketing.Buckets, outside);
    }

    private FlagVariant? Find(string name, string field, string? problem = null)
    {
        var found = _variants.FirstOrDefault(variant => variant.Name == name);
        _errors.Check(found is not null, field, problem ?? Unlike("is not a variant of the flag", name, [.. _variants.Select(variant => variant.Name)]));
        return found;
    }

    private int Index(string? name, string field, string problem, string[] known)
    {
        var index = Array.IndexOf(known, name);
        _errors.Check(index >= 0, field, name is null ? $"is needed: {string.Join(", ", known)}" : Unlike(problem, name, known));
        return index;
    }

    private static bool IsOf(FlagType type, JsonElement value) => type switch
    {
        FlagType.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        FlagType.String => value.ValueKind == JsonValueKind.String,
        // 1e999 is valid JSON and infinite in every client.
        FlagType.Number => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number),
        FlagType.Object => value.ValueKind is JsonValueKind.Object or JsonValueKind.Array,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static bool IsSimple(JsonElement value) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False || IsOf(FlagType.Number, value) || (value.ValueKind == JsonValueKind.String && value.GetString()!.Length <= LongestText);

    private static string? PatternProblem(string pattern)
    {
        if (pattern.Length is 0 or > LongestText)
        {
            return $"must be a regular expression of 1 to {LongestText} characters";
        }
        try
        {
            FlagCondition.Compile(pattern);
            return null;
        }
        catch (RegexParseException error)
        {
            return $"is not a regular expression ({error.Error} at character {error.Offset})";
        }
        catch (NotSupportedException)
        {
            return "has look-around, a back-reference, an atomic group or a condition, or is too large when written out: its time could grow without bound with the text";
        }
    }

    // Providers for servers put the key into the path as it is, where "//" and ".." would not stay what they are.
    private static bool IsKey(string key) => key.Length <= 200 && KeyForm().IsMatch(key) && !key.Split('/').Any(part => part.Trim('.').Length == 0);

    private static string Unlike(string problem, string given, IReadOnlyList<string> known) =>
        NearestName.Of(Shown(given), known) is { } near ? $"{problem}; did you mean {near}?" : $"{problem}: they are {string.Join(", ", known)}";

    private static string Shown(string name) => name.Length <= 60 ? name : name[..60];

    [GeneratedRegex(@"^[A-Za-z0-9._:/-]+\z")]
    private static partial Regex KeyForm();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex SaltForm();
}
