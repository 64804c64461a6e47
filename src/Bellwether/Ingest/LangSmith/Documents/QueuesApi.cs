using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary><c>/annotation-queues</c>: kept as they are said, with the runs that wait in them.</summary>
internal sealed class QueuesApi(ClientDocuments documents, LangSmithProjects projects, TelemetryReader reader)
{
    private const int LongestName = 256;
    private static readonly string[] s_kept = ["description", "default_dataset", "rubric_instructions", "rubric_items", "num_reviewers_per_item", "enable_reservations", "reservation_minutes", "metadata"];

    public async Task<LangSmithAnswer> CreateAsync(LangSmithCall call)
    {
        var body = call.Object();
        var name = LangSmithCall.Text(body, "name");
        if (name.Length is 0 or > LongestName)
        {
            throw LangSmithRefusal.Invalid("name", $"must be a text of 1 to {LongestName} characters");
        }
        var queue = new ClientDocument(call.Project, DocumentKind.Queue, LangSmithCall.Id(body, "id") ?? Guid.CreateVersion7(call.Now), "", name, ClientDocument.Write(Kept(body, [])), call.Now, call.Now);
        return await documents.AddAsync(queue, call.Aborted) ? new(Write(queue)) : throw LangSmithRefusal.Conflict("There is an annotation queue with this name or id already.");
    }

    public async Task<LangSmithAnswer> ListAsync(LangSmithCall call)
    {
        var ids = call.Ids("ids").ToHashSet();
        var name = call.Parameter("name");
        var contains = call.Parameter("name_contains");
        var all = await documents.ListAsync(call.Project, DocumentKind.Queue, "", call.Aborted);
        return new(new JsonArray([.. all
            .Where(queue => (ids.Count == 0 || ids.Contains(queue.Id)) && (name.Length == 0 || queue.Name == name) && queue.Name.Contains(contains, StringComparison.OrdinalIgnoreCase))
            .Skip(call.Offset()).Take(call.Limit()).Select(queue => (JsonNode)Write(queue))]));
    }

    public async Task<LangSmithAnswer> ReadAsync(LangSmithCall call) => new(Write(await KnownAsync(call)));

    public async Task<LangSmithAnswer> ChangeAsync(LangSmithCall call)
    {
        var queue = await KnownAsync(call);
        var body = call.Object();
        if (LangSmithCall.Text(body, "name") is { Length: > 0 } name && name != queue.Name)
        {
            throw LangSmithRefusal.Invalid("name", "an annotation queue cannot be renamed here");
        }
        var changed = queue.With(Kept(body, queue.Body()), call.Now);
        return await documents.SaveAsync(changed, call.Aborted) ? new(Write(changed)) : throw LangSmithRefusal.NotFound("Annotation queue");
    }

    public async Task<LangSmithAnswer> DeleteAsync(LangSmithCall call)
    {
        var queue = await KnownAsync(call);
        await documents.RemoveAsync(call.Project, DocumentKind.Queue, queue.Id, call.Aborted);
        return new(new JsonObject { ["message"] = "Annotation queue deleted" });
    }

    /// <summary>A list of ids, or of <c>{"run_id","session_id","start_time"}</c>. A run that waits already is not put in again.</summary>
    public async Task<LangSmithAnswer> AddRunsAsync(LangSmithCall call)
    {
        var queue = await KnownAsync(call);
        var items = call.Array();
        var added = new JsonArray();
        // Ids rise with the index: who is named first waits first.
        for (var index = 0; index < items.Count; index++)
        {
            var run = JsonFields.Id(items[index]) ?? JsonFields.Id(JsonFields.Get(items[index], "run_id")) ?? throw LangSmithRefusal.Invalid($"[{index}]", "must be the UUID of a run, or an object with run_id");
            var entry = new ClientDocument(
                call.Project, DocumentKind.QueueRun, Guid.CreateVersion7(call.Now.AddMilliseconds(index)), queue.Id.ToString(), run.ToString(), ClientDocument.Write(new JsonObject { ["run_id"] = run.ToString() }), call.Now, call.Now);
            if (await documents.AddAsync(entry, call.Aborted))
            {
                added.Add((JsonNode)new JsonObject { ["id"] = entry.Id.ToString(), ["run_id"] = run.ToString(), ["queue_id"] = queue.Id.ToString(), ["added_at"] = RunJson.Time(call.Now) });
            }
        }
        return new(added);
    }

    public async Task<LangSmithAnswer> RunsAsync(LangSmithCall call)
    {
        var runs = await InOrderAsync(call);
        var items = new JsonArray();
        foreach (var entry in runs.Skip(call.Offset()).Take(call.Limit()))
        {
            items.Add((JsonNode)await WriteRunAsync(entry, call.Aborted));
        }
        return new(items);
    }

    public async Task<LangSmithAnswer> RunAsync(LangSmithCall call)
    {
        var runs = await InOrderAsync(call);
        return int.TryParse(call.Route("index"), NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < runs.Count
            ? new(await WriteRunAsync(runs[index], call.Aborted))
            : throw LangSmithRefusal.NotFound("Run at this place of the annotation queue");
    }

    public async Task<LangSmithAnswer> RemoveRunAsync(LangSmithCall call)
    {
        await KnownAsync(call);
        return await documents.RemoveAsync(call.Project, DocumentKind.QueueRun, call.RouteId("run"), call.Aborted)
            ? new(new JsonObject { ["message"] = "Run removed from annotation queue" })
            : throw LangSmithRefusal.NotFound("Run of the annotation queue");
    }

    public async Task<LangSmithAnswer> SizeAsync(LangSmithCall call) => new(new JsonObject { ["size"] = (await InOrderAsync(call)).Count });

    private async Task<ClientDocument> KnownAsync(LangSmithCall call)
    {
        var id = call.RouteId("id");
        return await documents.FindAsync(call.Project, DocumentKind.Queue, id, call.Aborted) ?? throw LangSmithRefusal.NotFound($"Annotation queue {id}");
    }

    // Oldest first: who waits longest is next.
    private async Task<List<ClientDocument>> InOrderAsync(LangSmithCall call)
    {
        var queue = await KnownAsync(call);
        var runs = await documents.ListAsync(call.Project, DocumentKind.QueueRun, queue.Id.ToString(), call.Aborted);
        runs.Reverse();
        return runs;
    }

    // A run may be put in before it arrives, and stays in when it is erased.
    private async Task<JsonObject> WriteRunAsync(ClientDocument entry, CancellationToken cancellationToken)
    {
        var id = Guid.Parse(entry.Name, CultureInfo.InvariantCulture);
        var json = await reader.ReadAsync(entry.Project, id, cancellationToken) is { } detail
            ? RunJson.Write(detail.Observation, detail.Payload, detail.Annotations, projects.IdOf(entry.Project, detail.Observation.Endpoint), select: null)
            : new JsonObject { ["id"] = entry.Name };
        json["queue_run_id"] = entry.Id.ToString();
        json["added_at"] = RunJson.Time(entry.CreatedAt);
        json["last_reviewed_time"] = null;
        return json;
    }

    private static JsonObject Kept(JsonObject body, JsonObject known)
    {
        foreach (var name in s_kept)
        {
            if (body.ContainsKey(name))
            {
                known[name] = body[name]?.DeepClone();
            }
        }
        return known;
    }

    private static JsonObject Write(ClientDocument queue)
    {
        var json = queue.Body();
        json["id"] = queue.Id.ToString();
        json["name"] = queue.Name;
        json["tenant_id"] = RunIds.Tenant(queue.Project).ToString();
        json["created_at"] = RunJson.Time(queue.CreatedAt);
        json["updated_at"] = RunJson.Time(queue.ModifiedAt);
        json["queue_type"] = "single";
        json.TryAdd("description", null);
        return json;
    }
}
