using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Primitives;

/// <summary>Reads a small JSON body so that every mistake is answered with 400 and the field's name, never with 500.</summary>
public static class RequestBody
{
    private const int MaxBytes = 256 * 1024;
    private const string NotUtf8 = "has text that is not valid UTF-8";
    private const string HalfLetter = "has text with half of a surrogate pair";
    private const string NoObject = "must be a JSON object";

    /// <param name="maxBytes">Of the body; a longer one is refused with 413.</param>
    /// <returns>The value, or the answer that says what is wrong with the body.</returns>
    public static async Task<(T? Value, IResult? Refusal)> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken, int maxBytes = MaxBytes) where T : class
    {
        if (!request.HasJsonContentType())
        {
            return (null, Results.Problem("The body must be JSON with Content-Type: application/json.", statusCode: StatusCodes.Status415UnsupportedMediaType));
        }

        if (request.ContentLength > maxBytes)
        {
            return (null, Results.Problem($"The body may have at most {maxBytes} bytes.", statusCode: StatusCodes.Status413PayloadTooLarge));
        }

        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > maxBytes)
            {
                return (null, Results.Problem($"The body may have at most {maxBytes} bytes.", statusCode: StatusCodes.Status413PayloadTooLarge));
            }
        }

        var (value, mistake) = Parse(body.GetBuffer().AsSpan(0, (int)body.Length), type);
        return mistake is var (field, problem) ? (null, Problem(field, problem)) : (value, null);
    }

    /// <summary>The same for a text that somebody wrote on a page.</summary>
    /// <returns>The value, or the field (empty for the whole) and what is wrong with it.</returns>
    public static (T? Value, (string Field, string Problem)? Mistake) Parse<T>(ReadOnlySpan<byte> bytes, JsonTypeInfo<T> type) where T : class
    {
        var isText = Utf8.IsValid(bytes);
        try
        {
            if (CheckNames(bytes, type) is { } mistake) { return (null, mistake); }
        }
        catch (JsonException error)
        {
            return (null, (Field(error), isText ? "is not valid JSON" : NotUtf8));
        }
        catch (InvalidOperationException)
        {
            // A name: its text is looked at only when a string is read out of it.
            return (null, ("", isText ? HalfLetter : NotUtf8));
        }
        try
        {
            return JsonSerializer.Deserialize(bytes, type) is { } value ? (value, null) : (null, ("", NoObject));
        }
        catch (JsonException error)
        {
            return (null, (Field(error), !isText ? NotUtf8 : error.Path is not { Length: > 2 } ? NoObject : HasHalfLetter(bytes, Field(error)) ? HalfLetter : Choices(type, Field(error)) is { } choices ? $"must be one of {choices}" : "has a value of the wrong type"));
        }
    }

    // Of a field with a fixed set of words those words, as they are written.
    private static string? Choices(JsonTypeInfo root, string field)
    {
        JsonTypeInfo? at = root;
        foreach (var step in field.Split('.'))
        {
            var name = step.Split('[')[0];
            at = at is { Kind: JsonTypeInfoKind.Dictionary } ? Element(root, at)
                : at?.Properties.FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } property ? Info(root, property.PropertyType) : null;
            at = step.Contains('[') ? Element(root, at) : at;
        }
        return at is not null && (Nullable.GetUnderlyingType(at.Type) ?? at.Type) is { IsEnum: true } words && Info(root, words) is { } word
            ? string.Join(", ", Enum.GetValuesAsUnderlyingType(words).Cast<object>().Select(value => JsonSerializer.Serialize(Enum.ToObject(words, value), word).Trim('"'))) : null;
    }

    // "\ud83d" alone, as programs write it that cut a text between the halves of an emoji.
    private static bool HasHalfLetter(ReadOnlySpan<byte> body, string field)
    {
        var reader = new Utf8JsonReader(body);
        var name = "";
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String)) { continue; }
            try
            {
                var text = reader.ValueIsEscaped || reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;
                name = reader.TokenType == JsonTokenType.PropertyName ? text! : name;
            }
            catch (InvalidOperationException)
            {
                // Of two mistakes the first is told.
                return field.Split('[')[0].EndsWith(name, StringComparison.OrdinalIgnoreCase);
            }
        }
        return false;
    }

    private static IResult Problem(string field, string problem) =>
        Results.ValidationProblem(new Dictionary<string, string[]> { [field] = [problem] }, title: "The request is not valid.");

    // "$.models[0]" → "models[0]"
    private static string Field(JsonException error) => error.Path is { Length: > 2 } path ? path[2..] : "";

    // A field that cannot be set is refused and not passed over: {"role":"administrator"} must never seem to have worked. A field
    // given twice is refused because readers differ in which one counts.
    private static (string Field, string Problem)? CheckNames<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type)
    {
        // What each level of the text is, where that is known: the outermost takes no names but its own, and so do types that say so.
        var levels = new Stack<(JsonTypeInfo? Type, HashSet<string>? Seen, string Path)>();
        JsonTypeInfo? next = type;
        var path = "";
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    levels.Push((next, reader.TokenType == JsonTokenType.StartObject && IsStrict(next, levels.Count) ? new(StringComparer.OrdinalIgnoreCase) : null, path));
                    next = reader.TokenType == JsonTokenType.StartArray ? Element(next) : null;
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    levels.Pop();
                    next = levels.Count > 0 ? Element(levels.Peek().Type) : null;
                    break;
                case JsonTokenType.PropertyName when levels.Peek() is var (owner, seen, above) && (seen ?? (object?)owner) is not null:
                    var name = reader.GetString()!;
                    path = above.Length == 0 ? name : $"{above}.{name}";
                    if (seen?.Add(name) == false)
                    {
                        return (path, "is given twice");
                    }
                    var property = owner?.Kind == JsonTypeInfoKind.Object ? owner.Properties.FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) : null;
                    if (seen is not null && owner?.Kind == JsonTypeInfoKind.Object && property is null)
                    {
                        var near = levels.Count > 1 ? NearestName.Of(name, owner.Properties.Select(known => known.Name)) : null;
                        return (path, near is null ? "is not a field that can be set here" : $"is not a field that can be set here; did you mean {near}?");
                    }
                    next = property is not null ? Info(type, property.PropertyType) : owner?.Kind == JsonTypeInfoKind.Dictionary ? Element(owner) : null;
                    break;
                case JsonTokenType.PropertyName:
                    next = null;
                    break;
                default:
                    break;
            }
        }

        return null;

        JsonTypeInfo? Element(JsonTypeInfo? of) => RequestBody.Element(type, of);
    }

    private static JsonTypeInfo? Element(JsonTypeInfo root, JsonTypeInfo? of) => of is { Kind: JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary, ElementType: { } element } ? Info(root, element) : null;

    private static bool IsStrict(JsonTypeInfo? type, int level) => level == 0
        || (type is { Kind: JsonTypeInfoKind.Object } && (type.UnmappedMemberHandling ?? type.Options.UnmappedMemberHandling) == JsonUnmappedMemberHandling.Disallow);

    private static JsonTypeInfo? Info(JsonTypeInfo root, Type type) => root.Options.TryGetTypeInfo(type, out var info) ? info : null;
}
