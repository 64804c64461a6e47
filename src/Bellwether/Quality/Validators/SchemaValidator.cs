using System.Text.Json;

namespace Bellwether.Quality;

/// <summary>Whether an answer is JSON of the schema that its request asked for.</summary>
internal static class SchemaValidator
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 256 };

    public static ValidatorResult Check(AnswerUnderTest test)
    {
        if (test.Schema.Length == 0) { return ValidatorResult.Unknown(ValidatorNames.Schema, "No schema was asked for."); }
        if (test.CallsTools) { return ValidatorResult.Unknown(ValidatorNames.Schema, "The answer calls a tool."); }
        using var schema = Parse(test.Schema.AsMemory());
        if (schema is null) { return ValidatorResult.Unknown(ValidatorNames.Schema, "The schema is not valid JSON."); }
        using var answer = Parse(JsonAnswer.Of(test.Answer).ToString().AsMemory());
        if (answer is null) { return Fail("The answer is not valid JSON.", test); }
        var outcome = JsonSchema.Check(schema.RootElement, answer.RootElement);
        return outcome.Unknown is { } reason ? ValidatorResult.Unknown(ValidatorNames.Schema, reason)
            : outcome.Problem is { } problem ? Fail($"{(outcome.Path.Length > 200 ? outcome.Path[..200] + "…" : outcome.Path)} {problem}.", test)
            : ValidatorResult.Pass(ValidatorNames.Schema);
    }

    private static ValidatorResult Fail(string reason, AnswerUnderTest test) => new(ValidatorNames.Schema, 0, ValidatorVerdict.Fail, reason) { Spans = [new(0, test.Answer.Length)] };

    private static JsonDocument? Parse(ReadOnlyMemory<char> text)
    {
        try
        {
            return JsonDocument.Parse(text, s_options);
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            // Not JSON, or half a surrogate pair.
            return null;
        }
    }
}
