using System.Text.Json.Nodes;

namespace Bellwether.Ingest;

/// <summary>What one request says of one trace or of one step, laid together in the order of the events' times.</summary>
/// <param name="id">In the one spelling by which it is kept.</param>
internal sealed class LangfuseWrite(string id)
{
    private readonly List<(DateTimeOffset At, int Rank, JsonObject Fields)> _parts = [];

    public string Id { get; } = id;
    /// <summary>The events that it is made of.</summary>
    public List<string> Events { get; } = [];
    /// <summary>True when one of them creates it.</summary>
    public bool Creates { get; private set; }
    /// <summary>When the last of them was made.</summary>
    public DateTimeOffset At => _parts.Max(part => part.At);

    public void Add(string eventId, DateTimeOffset at, bool creates, JsonObject fields)
    {
        Events.Add(eventId);
        Creates |= creates;
        _parts.Add((at, creates ? 0 : 1, fields));
    }

    /// <summary>May be called once: the parts become one.</summary>
    public JsonObject Fold()
    {
        var known = new JsonObject();
        // The SDK sends an update before its create when both were made in the same millisecond.
        foreach (var (_, _, fields) in _parts.OrderBy(part => part.At).ThenBy(part => part.Rank))
        {
            Earliest(known, fields);
            JsonFields.Overlay(known, fields);
        }
        return known;
    }

    /// <summary>Each update of a trace says the time of the update as the trace's: the first one said is the trace's beginning.</summary>
    public static void Earliest(JsonObject known, JsonObject fields)
    {
        if (JsonFields.Time(known["timestamp"]) is { } first && (JsonFields.Time(fields["timestamp"]) is not { } said || said >= first))
        {
            fields.Remove("timestamp");
        }
    }
}

/// <summary>
/// What one request brings, by trace and by step, with a word for every event: <c>{"batch":[{"id","type","timestamp","body"}]}</c>.
/// </summary>
internal sealed class LangfuseBatch
{
    private readonly Dictionary<string, LangfuseWrite> _traces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LangfuseWrite> _steps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _problems = new(StringComparer.Ordinal);
    private readonly List<string> _events = [];

    public IReadOnlyCollection<LangfuseWrite> Traces => _traces.Values;
    public IReadOnlyCollection<LangfuseWrite> Steps => _steps.Values;
    public List<(string Event, DateTimeOffset At, JsonObject Body)> Scores { get; } = [];
    /// <summary>Events in their order; each of them is answered.</summary>
    public IReadOnlyList<string> Events => _events;
    /// <summary>How many of them were not kept.</summary>
    public int Rejected => _events.Count(_problems.ContainsKey);
    /// <summary>Why an event was not kept, by its id.</summary>
    public IReadOnlyDictionary<string, string> Problems => _problems;

    /// <summary>Null when the body has no batch.</summary>
    public static LangfuseBatch? Of(BatchJson body, DateTimeOffset now)
    {
        if (!body.IsList("batch"))
        {
            return null;
        }
        if (body.IsTooLong("batch"))
        {
            throw IngestRefusal.Of(BodyRefusal.TooMany("batch", BatchJson.MostItems));
        }
        var batch = new LangfuseBatch();
        foreach (var item in body.Items("batch"))
        {
            batch.Add(item, now);
        }
        return batch;
    }

    public static LangfuseBatch OfScore(string id, DateTimeOffset now, JsonObject score)
    {
        var batch = new LangfuseBatch();
        batch._events.Add(id);
        batch.Scores.Add((id, now, score));
        return batch;
    }

    public void Reject(string eventId, string problem) => _problems.TryAdd(eventId, problem);

    private void Add(BatchItem said, DateTimeOffset now)
    {
        var (item, id) = (said.Json, said.Id);
        var type = JsonFields.Text(JsonFields.Get(item, "type"));
        _events.Add(id);
        if (id.Length == 0)
        {
            Reject(id, "id: must be a text");
            return;
        }
        if (!said.IsValid)
        {
            Reject(id, "The event " + BatchItem.Problem);
            return;
        }
        if (JsonFields.Get(item, "body") is not JsonObject body)
        {
            Reject(id, "body: must be an object");
            return;
        }
        var at = JsonFields.Time(JsonFields.Get(item, "timestamp")) ?? now;
        switch (type)
        {
            case "trace-create":
                // A create without an id has its event's, which stays the same when the batch is sent again.
                Write(_traces, id, at, creates: true, LangfuseIds.TraceId(JsonFields.Text(body["id"]) is { Length: > 0 } trace ? trace : id), body);
                return;
            case "score-create":
                Scores.Add((id, at, body));
                return;
            case "sdk-log":
                // What a client says of itself, and nothing that is observed.
                return;
        }
        var creates = type.EndsWith("-create", StringComparison.Ordinal);
        if ((!creates && !type.EndsWith("-update", StringComparison.Ordinal)) || LangfuseKinds.OfEvent(type[..type.LastIndexOf('-')]) is not { } kind)
        {
            Reject(id, "type: is not known");
            return;
        }
        var step = JsonFields.Text(body["id"]);
        if (step.Length == 0)
        {
            if (!creates)
            {
                Reject(id, "body.id: is needed to know what is updated");
                return;
            }
            step = id;
        }
        // An update names the kind of its method and not of its step: an agent is updated by span-update.
        if (kind.Length > 0)
        {
            body[creates ? "type" : LangfuseKinds.Hint] = kind;
        }
        Write(_steps, id, at, creates, LangfuseIds.StepName(step), body);
    }

    private static void Write(Dictionary<string, LangfuseWrite> writes, string eventId, DateTimeOffset at, bool creates, string id, JsonObject body)
    {
        if (!writes.TryGetValue(id, out var write))
        {
            writes.Add(id, write = new LangfuseWrite(id));
        }
        write.Add(eventId, at, creates, body);
    }
}
