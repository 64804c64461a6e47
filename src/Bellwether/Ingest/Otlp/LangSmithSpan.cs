using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>
/// A span that LangSmith's SDK made of a run (its OpenTelemetry mode). The run's inputs and outputs are whole in <c>gen_ai.prompt</c>
/// and <c>gen_ai.completion</c>, whatever kind of step it is, so they are read as those of a run.
/// </summary>
internal static class LangSmithSpan
{
    /// <summary>Null for a span of anybody else, and where neither text is the JSON of a run.</summary>
    public static ObservationPayload? Texts(SpanAttributes span, bool isModel, string model)
    {
        if (!span.Has(SpanField.LangSmithKind))
        {
            return null;
        }
        var run = new JsonObject();
        Put(run, "inputs", span.Bytes(SpanField.InputMessages));
        Put(run, "outputs", span.Bytes(SpanField.OutputMessages));
        return run.Count == 0 ? null : RunTexts.Of(run, isModel, model, prior: null).Payload;
    }

    // {"question":"Why?"}; whatever is no object or list was put there by another instrumentation.
    private static void Put(JsonObject run, string name, byte[] text)
    {
        if (text.Length > 0 && LooseJson.TryParse(text, out var node) && node is JsonObject or JsonArray)
        {
            run[name] = node;
        }
    }
}
