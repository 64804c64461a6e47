namespace Bellwether.Ingest;

/// <summary>What became of a log record.</summary>
internal enum LogFate { Ignored, Mapped, Collected, Broken }

/// <summary>Messages of chats that came as log records of their own in one request, put together by their span.</summary>
internal sealed class LoggedMessages
{
    private const int MostMessages = 1_000;

    private readonly Dictionary<string, LoggedCall> _calls = new(StringComparer.Ordinal);

    public IEnumerable<LoggedCall> Calls => _calls.Values;

    /// <returns>False when the call has too many messages, or no span that they belong to.</returns>
    public bool Add(ReadOnlySpan<byte> body, in SpanRecord span, in OtlpItem item, SpanMessage message, List<Slice> attributes)
    {
        if (!span.HasValidIds(body))
        {
            return false;
        }
        var key = SpanRecord.Hex(body, span.TraceId) + SpanRecord.Hex(body, span.SpanId);
        if (!_calls.TryGetValue(key, out var call))
        {
            _calls[key] = call = new LoggedCall(span, item, attributes, []);
        }
        if (call.Messages.Count >= MostMessages)
        {
            return false;
        }
        call.Messages.Add(message);
        return true;
    }
}

/// <summary>A call of which only messages came by log: the first record's place, time and attributes stand for it.</summary>
internal sealed record LoggedCall(SpanRecord Span, OtlpItem Item, List<Slice> Attributes, List<SpanMessage> Messages);
