using System.Text;
using System.Text.Json.Nodes;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>The texts of a page of observations, for clients that get them with the list.</summary>
internal static class PageTexts
{
    /// <summary>Texts in one answer, in bytes.</summary>
    public static readonly int MostBytes = 16 * 1024 * 1024;
    // Each has two texts of a megabyte at most, and what else its sender said.
    private const int AtOnce = 25;

    /// <returns>Payloads in the order of the observations; fewer where those behind would pass <see cref="MostBytes"/>.</returns>
    public static async Task<IReadOnlyList<ObservationPayload>> ReadAsync(TelemetryReader reader, ProjectId project, IReadOnlyList<Observation> observations, CancellationToken cancellationToken)
    {
        var payloads = new List<ObservationPayload>(observations.Count);
        var bytes = 0L;
        foreach (var some in observations.Chunk(AtOnce))
        {
            foreach (var payload in await reader.ReadPayloadsAsync(project, [.. some], cancellationToken))
            {
                payloads.Add(payload);
                bytes += payload.Input.Length + payload.Output.Length + payload.Attributes.Length;
                if (bytes > MostBytes)
                {
                    return payloads;
                }
            }
        }
        return payloads;
    }

    /// <summary>A text as JSON: a value where it is one, else the text; null where there is none.</summary>
    public static JsonNode? Json(ReadOnlyMemory<byte> text) =>
        text.IsEmpty ? null : LooseJson.TryParse(text.Span, out var node) ? node : Encoding.UTF8.GetString(text.Span);
}
