using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bellwether.Quality;

/// <summary>
/// Checks JSON against a schema: the keywords of draft 2020-12 that structured outputs use. Our own because schema and answer
/// are both hostile: patterns run without backtracking, references and depth are bounded, and so is the work as a whole.
/// A keyword that is not known here makes the verdict unknown instead of a guess.
/// </summary>
internal sealed class JsonSchema
{
    private const int MostDepth = 64;
    private const int MostSteps = 200_000;

    // What describes and does not restrict.
    private static readonly HashSet<string> s_notes = new(StringComparer.Ordinal)
    {
        "$schema", "$id", "$comment", "$defs", "definitions", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "format", "strict", "name", "nullable",
        "contentEncoding", "contentMediaType", "then", "else", "maxContains", "minContains", "$anchor", "propertyOrdering",
    };

    private readonly JsonElement _root;
    private readonly Dictionary<string, Regex?> _patterns = new(StringComparer.Ordinal);
    private int _steps;

    private JsonSchema(JsonElement root) => _root = root;

    /// <summary>What was found: null problem and known for a value that fits.</summary>
    /// <param name="Path">Where in the answer: <c>$.items[2].price</c>.</param>
    /// <param name="Problem">What is wrong there, without the value.</param>
    /// <param name="Unknown">What could not be judged, in which case there is no problem.</param>
    public readonly record struct Outcome(string Path, string? Problem, string? Unknown);

    public static Outcome Check(JsonElement schema, JsonElement value)
    {
        var check = new JsonSchema(schema);
        try
        {
            return check.Of(schema, value, "$", 0) is { } fault ? new(fault.Path, fault.Problem, null) : new("$", null, null);
        }
        catch (NotSupportedException reason)
        {
            return new("$", null, reason.Message);
        }
    }

    private readonly record struct Fault(string Path, string Problem);

    private Fault? Of(JsonElement schema, JsonElement value, string path, int depth)
    {
        if (depth > MostDepth || ++_steps > MostSteps) { throw new NotSupportedException("The schema is too deep or takes too much work."); }
        if (schema.ValueKind == JsonValueKind.True) { return null; }
        if (schema.ValueKind == JsonValueKind.False) { return new(path, "nothing is allowed here"); }
        if (schema.ValueKind != JsonValueKind.Object) { throw new NotSupportedException("The schema is not an object."); }
        // OpenAPI's way to allow null.
        if (value.ValueKind == JsonValueKind.Null && schema.TryGetProperty("nullable", out var nullable) && nullable.ValueKind == JsonValueKind.True) { return null; }
        foreach (var keyword in schema.EnumerateObject())
        {
            if (Keyword(schema, keyword.Name, keyword.Value, value, path, depth + 1) is { } fault) { return fault; }
        }
        return null;
    }

    private Fault? Keyword(JsonElement schema, string name, JsonElement rule, JsonElement value, string path, int depth) => name switch
    {
        "$ref" => Of(Resolve(rule), value, path, depth),
        "type" => IsType(rule, value) ? null : new(path, $"is {TypeOf(value)}, not {(rule.ValueKind == JsonValueKind.String ? rule.GetString() : "one of the allowed types")}"),
        "enum" => rule.ValueKind == JsonValueKind.Array && rule.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)) ? null : new(path, "is none of the allowed values"),
        "const" => JsonElement.DeepEquals(rule, value) ? null : new(path, "is not the one allowed value"),
        "allOf" => Items(rule).Select(one => Of(one, value, path, depth)).FirstOrDefault(fault => fault is not null),
        "anyOf" => Items(rule).Any(one => Of(one, value, path, depth) is null) ? null : new(path, "fits none of the alternatives"),
        "oneOf" => Items(rule).Count(one => Of(one, value, path, depth) is null) == 1 ? null : new(path, "does not fit exactly one of the alternatives"),
        "not" => Of(rule, value, path, depth) is null ? new(path, "fits what it must not") : null,
        "if" => Of(rule, value, path, depth) is null
            ? schema.TryGetProperty("then", out var then) ? Of(then, value, path, depth) : null
            : schema.TryGetProperty("else", out var otherwise) ? Of(otherwise, value, path, depth) : null,
        "properties" or "required" or "additionalProperties" or "patternProperties" or "minProperties" or "maxProperties" or "propertyNames" or "dependentRequired" =>
            value.ValueKind == JsonValueKind.Object ? OfObject(schema, name, rule, value, path, depth) : null,
        "items" or "prefixItems" or "minItems" or "maxItems" or "uniqueItems" or "contains" => value.ValueKind == JsonValueKind.Array ? OfArray(schema, name, rule, value, path, depth) : null,
        "minLength" or "maxLength" or "pattern" => value.ValueKind == JsonValueKind.String ? OfText(name, rule, value, path) : null,
        "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" or "multipleOf" => value.ValueKind == JsonValueKind.Number ? OfNumber(name, rule, value, path) : null,
        _ => s_notes.Contains(name) ? null : throw new NotSupportedException($"The schema uses '{(name.Length > 40 ? name[..40] : name)}', which is not checked here."),
    };

    private Fault? OfObject(JsonElement schema, string name, JsonElement rule, JsonElement value, string path, int depth)
    {
        switch (name)
        {
            case "required":
                foreach (var key in Items(rule))
                {
                    if (key.ValueKind == JsonValueKind.String && !value.TryGetProperty(key.GetString()!, out _)) { return new(path, $"lacks '{key.GetString()}'"); }
                }
                return null;
            case "properties":
                foreach (var property in Members(rule))
                {
                    if (value.TryGetProperty(property.Name, out var inner) && Of(property.Value, inner, $"{path}.{property.Name}", depth) is { } fault) { return fault; }
                }
                return null;
            case "additionalProperties":
                foreach (var property in value.EnumerateObject())
                {
                    if (IsNamed(schema, property.Name)) { continue; }
                    if (Of(rule, property.Value, $"{path}.{property.Name}", depth) is { } fault) { return rule.ValueKind == JsonValueKind.False ? new(path, $"has '{Short(property.Name)}', which the schema does not know") : fault; }
                }
                return null;
            case "patternProperties":
                foreach (var pattern in Members(rule))
                {
                    foreach (var property in value.EnumerateObject())
                    {
                        if (Matches(pattern.Name, property.Name) && Of(pattern.Value, property.Value, $"{path}.{property.Name}", depth) is { } fault) { return fault; }
                    }
                }
                return null;
            case "propertyNames":
                throw new NotSupportedException("The schema uses 'propertyNames', which is not checked here.");
            case "dependentRequired":
                foreach (var dependent in Members(rule))
                {
                    if (!value.TryGetProperty(dependent.Name, out _)) { continue; }
                    if (OfObject(schema, "required", dependent.Value, value, path, depth) is { } fault) { return fault; }
                }
                return null;
            default:
                var count = value.EnumerateObject().Count();
                return Compare(count, rule, least: name == "minProperties") ? null : new(path, $"has {Number(count)} members");
        }
    }

    private Fault? OfArray(JsonElement schema, string name, JsonElement rule, JsonElement value, string path, int depth)
    {
        var prefix = schema.TryGetProperty("prefixItems", out var first) && first.ValueKind == JsonValueKind.Array ? first.GetArrayLength() : 0;
        var at = 0;
        switch (name)
        {
            case "items" when rule.ValueKind != JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    if (at++ >= prefix && Of(rule, item, $"{path}[{Number(at - 1)}]", depth) is { } fault) { return fault; }
                }
                return null;
            case "items" or "prefixItems":
                foreach (var (item, inner) in value.EnumerateArray().Zip(Items(rule)))
                {
                    if (Of(inner, item, $"{path}[{Number(at++)}]", depth) is { } fault) { return fault; }
                }
                return null;
            case "contains":
                return value.EnumerateArray().Any(item => Of(rule, item, path, depth) is null) ? null : new(path, "holds no element that it should hold");
            case "uniqueItems":
                if (rule.ValueKind != JsonValueKind.True) { return null; }
                return value.EnumerateArray().Select(Canonical).Distinct(StringComparer.Ordinal).Count() == value.GetArrayLength() ? null : new(path, "holds an element twice");
            default:
                return Compare(value.GetArrayLength(), rule, least: name == "minItems") ? null : new(path, $"has {Number(value.GetArrayLength())} elements");
        }
    }

    private Fault? OfText(string name, JsonElement rule, JsonElement value, string path)
    {
        var text = Text(value);
        if (name == "pattern") { return rule.ValueKind != JsonValueKind.String || Matches(Text(rule), text) ? null : new(path, "does not fit the pattern"); }
        // Characters, not UTF-16 units.
        var length = text.EnumerateRunes().Count();
        return Compare(length, rule, least: name == "minLength") ? null : new(path, $"has {Number(length)} characters");
    }

    private static Fault? OfNumber(string name, JsonElement rule, JsonElement value, string path)
    {
        if (rule.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || !rule.TryGetDouble(out var bound)) { return null; }
        var fits = name switch
        {
            "minimum" => number >= bound, "maximum" => number <= bound, "exclusiveMinimum" => number > bound, "exclusiveMaximum" => number < bound,
            _ => bound <= 0 || (value.TryGetDecimal(out var exact) && rule.TryGetDecimal(out var step) && step != 0 ? exact % step == 0 : Math.Abs(Math.IEEERemainder(number, bound)) < 1e-9),
        };
        return fits ? null : new(path, name == "multipleOf" ? "is no multiple of what it must be" : "is outside the range");
    }

    private bool IsNamed(JsonElement schema, string name) =>
        (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out _))
        || (schema.TryGetProperty("patternProperties", out var patterns) && Members(patterns).Any(pattern => Matches(pattern.Name, name)));

    private bool Matches(string pattern, string text)
    {
        if (!_patterns.TryGetValue(pattern, out var regex))
        {
            try
            {
                regex = pattern.Length > 1_000 ? null : new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            }
            catch (Exception error) when (error is ArgumentException or NotSupportedException)
            {
                // Look-around and back-references cannot be run in linear time.
                regex = null;
            }
            _patterns[pattern] = regex;
        }
        return regex is null ? throw new NotSupportedException("The schema has a pattern that cannot be checked.") : regex.IsMatch(text);
    }

    // "#", "#/$defs/a/b": within the schema only. What lies elsewhere is not fetched.
    private JsonElement Resolve(JsonElement reference)
    {
        if (reference.ValueKind != JsonValueKind.String || Text(reference) is not ['#', .. var pointer]) { throw new NotSupportedException("The schema refers to another document."); }
        var at = _root;
        foreach (var part in pointer.Split('/').Skip(1))
        {
            var name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at)) { throw new NotSupportedException("The schema refers to a part that it does not have."); }
        }
        return at;
    }

    private static bool IsType(JsonElement rule, JsonElement value) => rule.ValueKind switch
    {
        JsonValueKind.String => Text(rule) switch
        {
            "object" => value.ValueKind == JsonValueKind.Object, "array" => value.ValueKind == JsonValueKind.Array, "string" => value.ValueKind == JsonValueKind.String, "null" => value.ValueKind == JsonValueKind.Null,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False, "number" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && Math.Floor(number) == number,
            _ => throw new NotSupportedException("The schema names a type that does not exist."),
        },
        JsonValueKind.Array => rule.EnumerateArray().Any(one => IsType(one, value)),
        _ => throw new NotSupportedException("The schema's type is neither a name nor a list of names."),
    };

    private static string TypeOf(JsonElement value) => value.ValueKind switch { JsonValueKind.Object => "an object", JsonValueKind.Array => "an array", JsonValueKind.String => "a string", JsonValueKind.Number => "a number", JsonValueKind.Null => "null", _ => "a boolean" };

    private static bool Compare(int count, JsonElement rule, bool least) => rule.ValueKind != JsonValueKind.Number || !rule.TryGetDouble(out var bound) || (least ? count >= bound : count <= bound);

    private static JsonElement.ArrayEnumerator Items(JsonElement list) => list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;

    private static JsonElement.ObjectEnumerator Members(JsonElement map) => map.ValueKind == JsonValueKind.Object ? map.EnumerateObject() : default;

    private static string Canonical(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal).Select(property => $"{property.Name}:{Canonical(property.Value)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(',', value.EnumerateArray().Select(Canonical)) + "]",
        JsonValueKind.String => "\"" + Text(value),
        // 1 and 1.0 are the same number.
        JsonValueKind.Number when value.TryGetDecimal(out var number) => (number / 1.000000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture),
        _ => value.GetRawText(),
    };

    private static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is no text.
            return value.GetRawText();
        }
    }

    private static string Short(string name) => name.Length > 60 ? name[..60] + "…" : name;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
