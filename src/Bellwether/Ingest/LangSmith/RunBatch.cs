using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bellwether.Ingest;

/// <summary>A run as one request says it: whole or a patch, to be laid over what is known of the run.</summary>
internal sealed class RunWrite(Guid id, JsonObject fields)
{
    public Guid Id { get; } = id;
    public JsonObject Fields { get; } = fields;
}

/// <summary>
/// What one request brings: runs in the order of their first mention, feedback, and a warning for everything that could not be
/// read. Post and patch of one run are laid over one another in the order in which they came.
/// </summary>
internal sealed class RunBatch
{
    private const int MostWarnings = 100;
    private const int MostDepth = 128;

    // Duplicate names would throw much later, on the first look into the object.
    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = MostDepth, AllowDuplicateProperties = false };

    private readonly Dictionary<Guid, RunWrite> _byId = [];
    private readonly HashSet<Guid> _broken = [];
    private readonly List<RunWrite> _runs = [];

    /// <summary>Runs that can be kept: those of which every part could be read.</summary>
    public IEnumerable<RunWrite> Runs => _runs.Where(run => !_broken.Contains(run.Id));

    public List<JsonObject> Feedback { get; } = [];
    public List<string> Warnings { get; } = [];
    /// <summary>Runs and feedback that were not kept.</summary>
    public int Rejected { get; private set; }

    public static RunBatch OfMultipart(ReadOnlyMemory<byte> body, string boundary)
    {
        var batch = new RunBatch();
        var parts = new MultipartParts(body, boundary);
        while (parts.MoveNext())
        {
            batch.Add(parts.Current);
        }
        if (parts.Broken)
        {
            batch.Reject("The multipart body is not whole: a part without headers, or no closing boundary.");
        }
        return batch;
    }

    /// <summary><c>{"post":[…],"patch":[…]}</c></summary>
    public static RunBatch OfJson(JsonObject body)
    {
        var batch = new RunBatch();
        foreach (var key in (string[])["post", "patch"])
        {
            if (body[key] is not JsonArray runs)
            {
                continue;
            }
            foreach (var run in runs)
            {
                if (run is JsonObject fields && JsonFields.Id(fields["id"]) is { } id)
                {
                    batch.Merge(id, (JsonObject)fields.DeepClone());
                }
                else
                {
                    batch.Reject($"{key}: a run without a UUID as its id");
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

    /// <summary>Null when the bytes are no JSON value that is safe to work with.</summary>
    public static JsonNode? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonNode.Parse(json, null, s_json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Reject(string warning)
    {
        Rejected++;
        if (Warnings.Count < MostWarnings)
        {
            Warnings.Add(warning);
        }
    }

    // post.<run>, patch.<run>, post.<run>.inputs, attachment.<run>.<name>, feedback.<id>
    private void Add(MultipartPart part)
    {
        var names = part.Name.Split('.', 3);
        if (names.Length < 2 || !Guid.TryParse(names[1], out var id))
        {
            Reject($"{Shown(part.Name)}: not a part of a run");
            return;
        }
        switch (names[0])
        {
            case "post" or "patch" when names.Length == 2:
                if (Parse(part.Content.Span) is JsonObject run) { Merge(id, run); } else { Break(id, part.Name); }
                break;
            case "post" or "patch" when names[2] is "inputs" or "outputs" or "events" or "extra" or "error" or "serialized":
                var value = Parse(part.Content.Span);
                if (value is null && !part.Content.Span.SequenceEqual("null"u8)) { Break(id, part.Name); }
                else { Merge(id, new JsonObject { [names[2]] = value }); }
                break;
            case "attachment" when names.Length == 3:
                var attachment = new JsonObject { ["content_type"] = part.ContentType, ["bytes"] = part.Content.Length };
                Merge(id, new JsonObject { ["attachments"] = new JsonObject { [names[2]] = attachment } });
                break;
            case "feedback" when names.Length == 2:
                if (Parse(part.Content.Span) is JsonObject feedback)
                {
                    feedback["id"] ??= names[1];
                    Feedback.Add(feedback);
                }
                else { Reject($"{Shown(part.Name)}: not a JSON object"); }
                break;
            default:
                Reject($"{Shown(part.Name)}: an unknown kind of part");
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
        var run = new RunWrite(id, fields);
        _byId.Add(id, run);
        _runs.Add(run);
    }

    private void Break(Guid id, string part)
    {
        Reject($"{Shown(part)}: not valid JSON; the run is not kept");
        _broken.Add(id);
    }

    private static string Shown(string name) => name.Length <= 120 ? name : name[..120] + "…";
}
