using System.Text.Json.Nodes;

namespace Bellwether.Ingest;

/// <summary><c>/datasets/comparative</c>: experiments that are judged side by side; the judgements are feedback of their runs.</summary>
internal sealed class ComparisonsApi(ClientDocuments documents, LangSmithProjects projects)
{
    private const int LongestName = 256;
    private const int MostExperiments = 100;

    public async Task<LangSmithAnswer> CreateAsync(LangSmithCall call)
    {
        var body = call.Object();
        var experiments = LangSmithCall.Ids(body, "experiment_ids", MostExperiments);
        if (experiments.Count == 0)
        {
            throw LangSmithRefusal.Invalid("experiment_ids", "must name at least one experiment");
        }
        foreach (var id in experiments)
        {
            _ = projects.Find(call.Project, id) ?? throw LangSmithRefusal.NotFound($"Experiment {id}");
        }
        var dataset = LangSmithCall.Id(body, "reference_dataset_id") ?? throw LangSmithRefusal.Invalid("reference_dataset_id", "is needed");
        var name = LangSmithCall.Text(body, "name", LongestName);
        var kept = new JsonObject
        {
            ["description"] = body["description"]?.DeepClone(),
            ["experiment_ids"] = new JsonArray([.. experiments.Select(id => (JsonNode)id.ToString())]),
            ["reference_dataset_id"] = dataset.ToString(),
            ["extra"] = LangSmithCall.Fields(body, "extra") ?? [],
        };
        var comparison = new ClientDocument(
            call.Project, DocumentKind.Comparison, LangSmithCall.Id(body, "id") ?? Guid.CreateVersion7(call.Now), dataset.ToString(), name, ClientDocument.Write(kept), call.Now, call.Now);
        return await documents.AddAsync(comparison, call.Aborted) ? new(Write(comparison)) : throw LangSmithRefusal.Conflict("There is a comparison with this name or id already.");
    }

    /// <summary><c>GET /datasets/{id}/comparative</c></summary>
    public async Task<LangSmithAnswer> ListAsync(LangSmithCall call)
    {
        var all = await documents.ListAsync(call.Project, DocumentKind.Comparison, call.RouteId("id").ToString(), call.Aborted);
        return new(new JsonArray([.. all.Skip(call.Offset()).Take(call.Limit()).Select(comparison => (JsonNode)Write(comparison))]));
    }

    private static JsonObject Write(ClientDocument comparison)
    {
        var json = comparison.Body();
        json["id"] = comparison.Id.ToString();
        json["name"] = comparison.Name;
        json["tenant_id"] = RunIds.Tenant(comparison.Project).ToString();
        json["created_at"] = RunJson.Time(comparison.CreatedAt);
        json["modified_at"] = RunJson.Time(comparison.ModifiedAt);
        return json;
    }
}
