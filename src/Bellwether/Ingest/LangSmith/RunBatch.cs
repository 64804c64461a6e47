using System.Text.Json.Nodes;

namespace Bellwether.Ingest;

/// <summary>A run as one request says it: whole or a patch, to be laid over what is known of the run.</summary>
internal sealed class RunWrite(Guid id, JsonObject fields)
{
    public Guid Id { get; } = id;
    public JsonObject Fields { get; } = fields;

    /// <summary>True when nothing that was said before can be missing here.</summary>
    public bool IsWhole => Fields["end_time"] is not null && Fields["inputs"] is not null && Fields["name"] is not null && Fields["start_time"] is not null && Fields["run_type"] is not null;
}

/// <summary>
/// What one request brings: runs in the order of their first mention, feedback, and a warning for everything that could not be
/// read. Post and patch of one run are laid over one another in the order in which they came.
/// </summary>
internal sealed class RunBatch
{
    /// <summary>Runs of one request; the SDKs send a hundred. Each that is not whole is looked for in the store.</summary>
    public static readonly int MostRuns = 10_000;

    private const int MostWarnings = 100;
    private const int LongestName = 120;

    private readonly Dictionary<Guid, RunWrite> _byId = [];
    private readonly HashSet<Guid> _broken = [];
    private readonly List<RunWrite> _runs = [];
    private readonly Dictionary<string, int> _reasons = [];

    /// <summary>Runs that can be kept: those of which every part could be read.</summary>
    public IEnumerable<RunWrite> Runs => _runs.Where(run => !_broken.Contains(run.Id));

    public List<JsonObject> Feedback { get; } = [];
    public List<string> Warnings { get; } = [];
    /// <summary>Runs, parts and feedback that were not kept.</summary>
    public int Rejected { get; private set; }
    /// <summary>The same by reason.</summary>
    public IReadOnlyDictionary<string, int> Reasons => _reasons;
    /// <summary>What runs bring with them.</summary>
    public List<RunAttachment> Attachments { get; } = [];

    /// <param name="body">The request.</param>
    /// <param name="boundary">Between its parts.</param>
    /// <param name="mostDecoded">Bytes that may be made of all parts that are compressed by themselves.</param>
    public static RunBatch OfMultipart(ReadOnlyMemory<byte> body, string boundary, int mostDecoded)
    {
        var batch = new RunBatch();
        var parts = new MultipartParts(body, boundary);
        while (parts.MoveNext())
        {
            var part = parts.Current;
            if (part.Encoding.Length == 0 || part.Encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            {
                batch.Add(part);
                continue;
            }
            var (decoded, refusal) = IngestBody.Decode(part.Content, part.Encoding, mostDecoded);
            using (decoded)
            {
                if (decoded is null)
                {
                    batch.Reject("encoding", $"{Shown(part.Name)}: {refusal!.Message}");
                    if (part.Name.Split('.', 3) is ["post" or "patch", var run, ..] && Guid.TryParse(run, System.Globalization.CultureInfo.InvariantCulture, out var id))
                    {
                        batch._broken.Add(id);
                    }
                    continue;
                }
                mostDecoded -= decoded.Memory.Length;
                batch.Add(part with { Content = decoded.Memory });
            }
        }
        if (parts.Broken)
        {
            batch.Reject("multipart", "The multipart body is not whole: a part without a name, or no closing boundary.");
        }
        return batch;
    }

    /// <summary><c>{"post":[…],"patch":[…]}</c></summary>
    public static RunBatch OfJson(BatchJson body)
    {
        var batch = new RunBatch();
        foreach (var key in (string[])["post", "patch"])
        {
            if (body.Says(key) && !body.IsList(key))
            {
                batch.Reject("json", $"{key}: must be a list of runs");
            }
            if (body.IsTooLong(key))
            {
                throw IngestRefusal.Of(BodyRefusal.TooMany(key, BatchJson.MostItems));
            }
            foreach (var run in body.Items(key))
            {
                if (!Guid.TryParse(run.Id, System.Globalization.CultureInfo.InvariantCulture, out var id))
                {
                    batch.Reject("id", $"{key}: a run without a UUID as its id");
                }
                else if (run.Json is JsonObject fields)
                {
                    batch.Merge(id, fields);
                }
                else
                {
                    // What else the request says of it would be half of it.
                    batch.Reject("json", $"{key}: the run {id} {BatchItem.Problem}; what this request says of it is not kept");
                    batch._broken.Add(id);
                }
            }
        }
        return batch;
    }

    public static RunBatch Of(Guid id, JsonObject run)
    {
        var batch = new RunBatch();
        batch.Merge(id, run);
        return batch;
    }

    /// <summary>One word of feedback; id and times that it does not name are added to it.</summary>
    public static RunBatch OfFeedback(JsonObject feedback, DateTimeOffset now)
    {
        feedback["id"] ??= Guid.CreateVersion7(now).ToString();
        feedback["created_at"] ??= now.ToString("O");
        feedback["modified_at"] ??= now.ToString("O");
        var batch = new RunBatch();
        batch.Feedback.Add(feedback);
        return batch;
    }

    /// <summary>Null when the bytes are no JSON value that is safe to work with.</summary>
    public static JsonNode? Parse(ReadOnlySpan<byte> json) => LooseJson.TryParse(json, out var node) ? node : null;

    public void Reject(string reason, string warning)
    {
        Rejected++;
        _reasons[reason] = _reasons.GetValueOrDefault(reason) + 1;
        if (Warnings.Count < MostWarnings)
        {
            Warnings.Add(warning);
        }
    }

    // post.<run>, patch.<run>, post.<run>.inputs, attachment.<run>.<name>, feedback.<id>
    private void Add(MultipartPart part)
    {
        var names = part.Name.Split('.', 3);
        if (names.Length < 2 || !Guid.TryParse(names[1], System.Globalization.CultureInfo.InvariantCulture, out var id))
        {
            Reject("id", $"{Shown(part.Name)}: not a part of a run");
            return;
        }
        switch (names[0])
        {
            case "post" or "patch" when names.Length == 2:
                if (Parse(part.Content.Span) is JsonObject run) { Merge(id, run); } else { Break(id, part.Name); }
                break;
            case "post" or "patch" when names[2] is "inputs" or "outputs" or "events" or "extra" or "error" or "serialized":
                if (LooseJson.TryParse(part.Content.Span, out var value)) { Merge(id, new JsonObject { [names[2]] = value }); } else { Break(id, part.Name); }
                break;
            case "attachment" when names.Length == 3:
                // image/png; length=4096
                var type = part.ContentType.Split(';')[0].Trim();
                Attachments.Add(new RunAttachment(id, names[2], type, part.Content.ToArray()));
                Merge(id, new JsonObject { ["attachments"] = new JsonObject { [names[2]] = new JsonObject { ["content_type"] = type, ["bytes"] = part.Content.Length } } });
                break;
            case "feedback" when names.Length == 2:
                if (Parse(part.Content.Span) is JsonObject feedback)
                {
                    feedback["id"] ??= names[1];
                    Feedback.Add(feedback);
                }
                else { Reject("json", $"{Shown(part.Name)}: not a JSON object"); }
                break;
            default:
                Reject("part", $"{Shown(part.Name)}: an unknown kind of part");
                break;
        }
    }

    private void Merge(Guid id, JsonObject fields)
    {
        if (_byId.TryGetValue(id, out var known))
        {
            JsonFields.Overlay(known.Fields, fields);
            return;
        }
        if (_runs.Count == MostRuns)
        {
            throw IngestRefusal.Of(BodyRefusal.TooMany("runs", MostRuns));
        }
        var run = new RunWrite(id, fields);
        _byId.Add(id, run);
        _runs.Add(run);
    }

    private void Break(Guid id, string part)
    {
        Reject("json", $"{Shown(part)}: not valid JSON; what this request says of the run is not kept");
        _broken.Add(id);
    }

    private static string Shown(string name) => name.Length <= LongestName ? name : JsonFields.Short(name, LongestName) + "…";
}
