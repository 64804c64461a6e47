using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Primitives;

/// <summary>Reads a small JSON body so that every mistake is answered with 400 and the field's name, never with 500.</summary>
public static class RequestBody
{
    private const int MaxBytes = 256 * 1024;

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

        var isText = true;
        try
        {
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

            var bytes = body.GetBuffer().AsSpan(0, (int)body.Length);
            isText = Utf8.IsValid(bytes);
            if (CheckNames(bytes, type) is { } refusal)
            {
                return (null, refusal);
            }

            var value = JsonSerializer.Deserialize(bytes, type);
            return value is null ? (null, Problem("", "must be a JSON object")) : (value, null);
        }
        catch (JsonException error)
        {
            return (null, Problem(Field(error), !isText ? "has text that is not valid UTF-8" : error.Path is { Length: > 2 } ? "has a value of the wrong type" : "is not valid JSON"));
        }
        catch (InvalidOperationException)
        {
            // Text that is not valid UTF-8 is found only when a string is read out of it.
            return (null, Problem("", "has text that is not valid UTF-8"));
        }
    }

    private static IResult Problem(string field, string problem) =>
        Results.ValidationProblem(new Dictionary<string, string[]> { [field] = [problem] }, title: "The request is not valid.");

    // "$.models[0]" → "models[0]"
    private static string Field(JsonException error) => error.Path is { Length: > 2 } path ? path[2..] : "";

    // A field that cannot be set is refused and not passed over: {"role":"administrator"} must never seem to have worked. A field
    // given twice is refused because readers differ in which one counts.
    private static IResult? CheckNames<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
            {
                continue;
            }

            var name = reader.GetString()!;
            if (!seen.Add(name))
            {
                return Problem(name, "is given twice");
            }

            if (type.Kind == JsonTypeInfoKind.Object && !type.Properties.Any(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                return Problem(name, "is not a field that can be set here");
            }
        }

        return null;
    }
}
