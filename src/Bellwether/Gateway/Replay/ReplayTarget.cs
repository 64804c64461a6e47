using Bellwether.Telemetry;

namespace Bellwether.Gateway;

/// <summary>Where a recorded request goes when it is sent again; ids were taken out of the recorded route and come back from the model.</summary>
/// <param name="Query">With its question mark, or empty.</param>
public sealed record ReplayTarget(string Method, string Path, string Query)
{
    /// <summary>Null when the observation did not come through the gateway (an ingested span, a tool call).</summary>
    public static ReplayTarget? Of(Observation observation)
    {
        var space = observation.Name.IndexOf(" /", StringComparison.Ordinal);
        if (space is < 1 or > 8 || !observation.Name.AsSpan(0, space).ContainsAnyInRange('A', 'Z') || observation.Name.AsSpan().ContainsAny("?#\\"))
        {
            return null;
        }
        var path = observation.Name[(space + 1)..];
        var star = path.IndexOf('*', StringComparison.Ordinal);
        if (star >= 0)
        {
            // POST /v1beta/models/*:generateContent, POST /openai/deployments/*/chat/completions
            if (observation.RequestModel.Length == 0 || path.IndexOf('*', star + 1) >= 0) { return null; }
            path = path[..star] + Uri.EscapeDataString(observation.RequestModel) + path[(star + 1)..];
        }
        var query = path.EndsWith(":streamGenerateContent", StringComparison.Ordinal) ? "?alt=sse"
            : path.StartsWith("/openai/", StringComparison.Ordinal) && !path.StartsWith("/openai/v1/", StringComparison.Ordinal) ? "?api-version=2024-10-21"
            : "";
        return new(observation.Name[..space], path, query);
    }
}
