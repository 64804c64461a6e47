using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>
/// A call that came through the gateway and is told again by the client's tracing, or that two instrumentations tell, is counted
/// once: the later span keeps its place in the tree and its texts and is a step there and no call, without usage and cost. So is an
/// embedding with an embedding below it: the AI SDK gives the two the same attributes, and only the inner one is a request. And so
/// is a call that has the very usage of the calls directly below it, as when a framework and its client are both instrumented. Runs
/// behind the usage estimate, so that none is made for it, and before pricing.
/// </summary>
internal sealed class DuplicateCallEnricher : IObservationEnricher
{
    private const int GenerationSize = 20_000;
    // Ollama's chatcmpl-123 comes again by chance.
    private const int LeastIdLength = 16;
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(10);
    private static readonly string[] s_told = ["otlp", "langsmith", "langfuse", "phoenix", "helicone", "posthog", "mixpanel"];

    private readonly Lock _lock = new();
    private Dictionary<(string, string), (Guid Id, DateTimeOffset Start)> _young = [];
    private Dictionary<(string, string), (Guid Id, DateTimeOffset Start)> _old = [];
    private Dictionary<(string, string), RepeatedUsage> _youngUsage = [];
    private Dictionary<(string, string), RepeatedUsage> _oldUsage = [];

    public int Order => 150;

    public TelemetryRecord Enrich(TelemetryRecord record)
    {
        if (record.Observation is not { IsCall: true } call)
        {
            return record;
        }
        lock (_lock)
        {
            var isTold = Array.IndexOf(s_told, call.Surface) >= 0;
            if (isTold && Find(call) is { } original)
            {
                return Step(record, call, original);
            }
            if (call.ResponseId.Length >= LeastIdLength)
            {
                Remember(call, call.ResponseId);
            }
            if (!isTold && call.ParentId.Length > 0)
            {
                Remember(call, call.TraceId + call.ParentId);
            }
            if (isTold && call.Usage is { IsKnown: true, Estimated: false })
            {
                RememberUsage(call);
            }
            if (isTold && call is { Kind: ObservationKind.Embedding, ParentId.Length: > 0 })
            {
                Remember(call, EmbeddingBelow(call.TraceId, call.ParentId));
            }
            return record;
        }
    }

    private static TelemetryRecord Step(TelemetryRecord record, Observation call, Guid original) => record.With(
        call with
        {
            Kind = ObservationKind.Chain,
            Usage = Usage.None,
            Cost = null,
            Properties = call.Properties.RemoveAll(property => property.Key == "bellwether.duplicate_of").Add(new("bellwether.duplicate_of", original.ToString())),
        },
        record.Payload);

    private void Remember(Observation call, string id)
    {
        if (_young.Count >= GenerationSize)
        {
            (_old, _young) = (_young, []);
        }
        _young[(call.Project.Value, id)] = (call.Id, call.StartTime);
    }

    // What was told of calls below a call, and, where the outer one arrives first, of the call itself.
    private void RememberUsage(Observation call)
    {
        if (_youngUsage.Count >= GenerationSize)
        {
            (_oldUsage, _youngUsage) = (_youngUsage, []);
        }
        if (call.ParentId.Length > 0)
        {
            var below = (call.Project.Value, call.TraceId + call.ParentId);
            _youngUsage[below] = (FindUsage(below) ?? new RepeatedUsage(call)).With(call);
        }
        if (call.SpanId.Length > 0)
        {
            var own = (call.Project.Value, Own(call.TraceId, call.SpanId));
            _youngUsage[own] = new RepeatedUsage(call);
        }
    }

    private RepeatedUsage? FindUsage((string, string) key) =>
        _youngUsage.TryGetValue(key, out var found) || _oldUsage.TryGetValue(key, out found) ? found : null;

    private static string Own(string traceId, string spanId) => $"{traceId}{spanId}/usage";

    private Guid? Repeats(Observation span)
    {
        if (span is not { TraceId.Length: > 0, Usage: { IsKnown: true, Estimated: false } })
        {
            return null;
        }
        var below = FindUsage((span.Project.Value, span.TraceId + span.SpanId));
        if (below?.Is(span) == true)
        {
            return below.Id;
        }
        var above = span.ParentId.Length > 0 ? FindUsage((span.Project.Value, Own(span.TraceId, span.ParentId))) : null;
        return above?.Is(span) == true ? above.Id : null;
    }

    private Guid? Find(Observation span) =>
        Known(span, span.ResponseId)
        ?? Repeats(span)
        ?? (span.SpanId.Length == 0 ? null
            : Known(span, span.TraceId + span.SpanId) ?? (span.Kind == ObservationKind.Embedding ? Known(span, EmbeddingBelow(span.TraceId, span.SpanId)) : null));

    // Not the key of a gateway's call: a chat that looks something up has an embedding below it and stays a call.
    private static string EmbeddingBelow(string traceId, string spanId) => $"{traceId}{spanId}/embeddings";

    // A later version of the same span is no duplicate of the former.
    private Guid? Known(Observation span, string id)
    {
        var key = (span.Project.Value, id);
        return id.Length >= LeastIdLength && (_young.TryGetValue(key, out var call) || _old.TryGetValue(key, out call))
            && call.Id != span.Id && (call.Start - span.StartTime).Duration() < s_window
            ? call.Id
            : null;
    }

    /// <summary>Tokens that were told in one place of a trace: of one call, or of several that have the same parent.</summary>
    private sealed class RepeatedUsage(Observation first)
    {
        private readonly ObservationKind _kind = first.Kind;
        private Guid _last = first.Id;
        private (long Input, long Output) _before;
        private (long Input, long Output) _lastTokens = Tokens(first);

        public Guid Id { get; } = first.Id;

        public RepeatedUsage With(Observation call)
        {
            // A later version of the same call takes the place of the former.
            if (_last != call.Id)
            {
                _before = Sum;
            }
            (_last, _lastTokens) = (call.Id, Tokens(call));
            return this;
        }

        public bool Is(Observation call) =>
            call.Id != Id && call.Id != _last && call.Kind == _kind && Tokens(call) is var told && told == Sum && told != default;

        private (long, long) Sum => (_before.Input + _lastTokens.Input, _before.Output + _lastTokens.Output);

        private static (long, long) Tokens(Observation call) => (call.Usage.InputTokens ?? 0, call.Usage.OutputTokens ?? 0);
    }
}
