using System.Text;
using System.Text.Json;
using Bellwether.Telemetry;

namespace Bellwether.Quality;

/// <summary>Reads out of a stored call what the validators need: the last question, the answer, what tools and the request supplied as context, and the schema.</summary>
internal static class CallUnderTest
{
    private static readonly string[] s_open = ["<context>", "<documents>", "<document>", "<sources>", "<search_results>"];
    private static readonly string[] s_labels = ["\ncontext:", "\ncontext information", "\nsources:", "\ndocuments:", "\nsearch results:"];
    private const int LeastContext = 80;

    /// <returns>Null when there is no answer in words and no tool call.</returns>
    public static AnswerUnderTest? Of(Observation observation, ObservationPayload payload, int mostChars, out bool shortened)
    {
        shortened = false;
        var transcript = TranscriptReader.Read(payload);
        var answer = new StringBuilder();
        var context = new StringBuilder();
        var question = "";
        bool answered = false, calls = false;
        foreach (var message in transcript.Messages)
        {
            if (message.IsAnswer && message.Choice > 1) { continue; }
            foreach (var part in message.Parts)
            {
                switch (part.Kind)
                {
                    case TranscriptPartKind.Text or TranscriptPartKind.Refusal when message.IsAnswer:
                        answered = true;
                        Add(answer, part.Text);
                        break;
                    case TranscriptPartKind.ToolCall when message.IsAnswer:
                        calls = true;
                        break;
                    case TranscriptPartKind.ToolResult:
                        Add(context, part.Text);
                        break;
                    case TranscriptPartKind.Text when message.Role == "user":
                        var (asked, supplied) = Split(part.Text);
                        question = asked;
                        Add(context, supplied);
                        break;
                    case TranscriptPartKind.Text when message.Role is "system" or "developer":
                        Add(context, Split(part.Text).Context);
                        break;
                }
            }
        }
        if (!answered && !calls) { return null; }
        shortened = answer.Length > mostChars || context.Length > mostChars || question.Length > mostChars;
        var (schema, json) = Format(payload.Input);
        return new AnswerUnderTest(Cut(answer, mostChars))
        {
            Question = question.Length > mostChars ? question[..mostChars] : question, Context = Cut(context, mostChars), Schema = payload.OutputTruncated || shortened ? "" : schema, WantsJson = json && !shortened,
            WasCut = observation.FinishReason is "length" or "max_tokens" or "MAX_TOKENS" or "max_output_tokens", CallsTools = calls,
        };
    }

    /// <summary>Takes out of a prompt what it marks as context: <c>&lt;context&gt;…&lt;/context&gt;</c>, or <c>Context:</c> at the beginning of a line up to <c>Question:</c>.</summary>
    internal static (string Question, string Context) Split(string prompt)
    {
        foreach (var tag in s_open)
        {
            var from = prompt.IndexOf(tag, StringComparison.OrdinalIgnoreCase);
            if (from < 0) { continue; }
            var close = prompt.LastIndexOf("</" + tag[1..], StringComparison.OrdinalIgnoreCase);
            if (close > from) { return ((prompt[..from] + prompt[(close + tag.Length + 1)..]).Trim(), prompt[(from + tag.Length)..close].Trim()); }
        }
        var text = "\n" + prompt;
        foreach (var label in s_labels)
        {
            var from = text.IndexOf(label, StringComparison.OrdinalIgnoreCase);
            if (from < 0) { continue; }
            var start = text.IndexOf(':', from);
            var ask = text.IndexOf("\nquestion:", start + 1, StringComparison.OrdinalIgnoreCase);
            var supplied = start < 0 ? "" : ask < 0 ? text[(start + 1)..] : text[(start + 1)..ask];
            if (supplied.Length >= LeastContext) { return ((text[..from] + (ask < 0 ? "" : text[(ask + "\nquestion:".Length)..])).Trim(), supplied.Trim()); }
        }
        return (prompt, "");
    }

    // OpenAI: response_format {"type":"json_schema","json_schema":{"schema":{…}}}; Responses: text.format {"type":"json_schema","schema":{…}};
    // Gemini: generationConfig.responseSchema is no JSON Schema (types in capitals) and only says that JSON is wanted.
    private static (string Schema, bool Json) Format(ReadOnlyMemory<byte> input)
    {
        if (input.Span.IndexOf("\"json"u8) < 0 && input.Span.IndexOf("application/json"u8) < 0) { return ("", false); }
        try
        {
            using var document = JsonDocument.Parse(input);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) { return ("", false); }
            var format = Member(root, "response_format") is { ValueKind: JsonValueKind.Object } direct ? direct
                : Member(root, "text") is { ValueKind: JsonValueKind.Object } text ? Member(text, "format") : default;
            var type = Member(format, "type") is { ValueKind: JsonValueKind.String } name ? name.GetString() : "";
            if (type == "json_object") { return ("", true); }
            if (type == "json_schema")
            {
                var schema = Member(Member(format, "json_schema"), "schema") is { ValueKind: not JsonValueKind.Undefined } nested ? nested : Member(format, "schema");
                return (schema.ValueKind == JsonValueKind.Object ? schema.GetRawText() : "", true);
            }
            return ("", Member(Member(root, "generationConfig"), "responseMimeType") is { ValueKind: JsonValueKind.String } mime && mime.ValueEquals("application/json"));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // A body that was cut at the capture limit: what it asked for is not known.
            return ("", false);
        }
    }

    private static JsonElement Member(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    private static void Add(StringBuilder into, string text)
    {
        if (text.Length == 0) { return; }
        if (into.Length > 0) { into.Append("\n\n"); }
        into.Append(text);
    }

    private static string Cut(StringBuilder text, int most) => text.ToString(0, Math.Min(text.Length, most));
}
