using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>
/// A call that came through the gateway and is told again by the client's tracing is counted once: the span keeps its place in
/// the tree, and its usage and cost are the gateway's. Runs behind the usage estimate, so that none is made for it, and before pricing.
/// </summary>
internal sealed class DuplicateCallEnricher : IObservationEnricher
{
    private const int GenerationSize = 20_000;
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(10);
    private static readonly string[] s_told = ["otlp", "langsmith", "langfuse", "phoenix", "helicone", "posthog", "mixpanel"];

    private readonly Lock _lock = new();
    private Dictionary<(string, string), (Guid Id, DateTimeOffset Start)> _young = [];
    private Dictionary<(string, string), (Guid Id, DateTimeOffset Start)> _old = [];

    public int Order => 150;

    public TelemetryRecord Enrich(TelemetryRecord record)
    {
        if (record.Observation is not { IsCall: true } call)
        {
            return record;
        }
        lock (_lock)
        {
            if (Array.IndexOf(s_told, call.Surface) < 0)
            {
                Remember(call);
                return record;
            }
            if (Find(call) is not { } original)
            {
                return record;
            }
            var properties = call.Properties.RemoveAll(property => property.Key == "bellwether.duplicate_of");
            return record.With(
                call with { Usage = Usage.None, Cost = null, Properties = properties.Add(new("bellwether.duplicate_of", original.ToString())) },
                record.Payload);
        }
    }

    private void Remember(Observation call)
    {
        if (_young.Count >= GenerationSize)
        {
            (_old, _young) = (_young, []);
        }
        if (call.ResponseId.Length > 0)
        {
            _young[(call.Project.Value, call.ResponseId)] = (call.Id, call.StartTime);
        }
        if (call.ParentId.Length > 0)
        {
            _young[(call.Project.Value, call.TraceId + call.ParentId)] = (call.Id, call.StartTime);
        }
    }

    private Guid? Find(Observation span) =>
        Known(span, span.ResponseId) ?? (span.SpanId.Length > 0 ? Known(span, span.TraceId + span.SpanId) : null);

    private Guid? Known(Observation span, string id)
    {
        var key = (span.Project.Value, id);
        return id.Length > 0 && (_young.TryGetValue(key, out var call) || _old.TryGetValue(key, out call)) && (call.Start - span.StartTime).Duration() < s_window
            ? call.Id
            : null;
    }
}
