using System.Collections.Immutable;

namespace Bellwether.Dashboard;

/// <param name="Sent">True for a header of the request, false for one of the answer.</param>
internal readonly record struct StoredHeader(bool Sent, string Name, string Value);

/// <summary>Reads <see cref="Telemetry.ObservationPayload.Headers"/>: one <c>&gt; name: value</c> (request) or <c>&lt; name: value</c> (answer) a line.</summary>
internal static class StoredHeaders
{
    public static ImmutableArray<StoredHeader> Parse(string headers)
    {
        var parsed = ImmutableArray.CreateBuilder<StoredHeader>();
        foreach (var range in headers.AsSpan().Split('\n'))
        {
            var line = headers.AsSpan(range).Trim();
            var colon = line.IndexOf(':');
            if (colon > 2 && line[0] is '>' or '<')
            {
                parsed.Add(new(line[0] == '>', line[1..colon].Trim().ToString(), line[(colon + 1)..].Trim().ToString()));
            }
        }
        return parsed.DrainToImmutable();
    }
}
