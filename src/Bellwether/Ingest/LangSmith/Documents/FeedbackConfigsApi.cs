using System.Text.Json.Nodes;

namespace Bellwether.Ingest;

/// <summary><c>/feedback-configs</c>: what kind of score a key is; one for a key.</summary>
internal sealed class FeedbackConfigsApi(ClientDocuments documents)
{
    private const int LongestKey = 200;

    /// <summary>A key that is there already keeps its configuration when it is the same, else it is a conflict.</summary>
    public async Task<LangSmithAnswer> CreateAsync(LangSmithCall call)
    {
        var body = call.Object();
        var key = Key(LangSmithCall.Text(body, "feedback_key"));
        var kept = new JsonObject
        {
            ["feedback_config"] = LangSmithCall.Fields(body, "feedback_config") ?? throw LangSmithRefusal.Invalid("feedback_config", "is needed"),
            ["is_lower_score_better"] = LangSmithCall.Flag(body, "is_lower_score_better") ?? false,
        };
        var config = new ClientDocument(call.Project, DocumentKind.FeedbackConfig, Guid.CreateVersion7(call.Now), "", key, ClientDocument.Write(kept), call.Now, call.Now);
        if (await documents.AddAsync(config, call.Aborted))
        {
            return new(Write(config));
        }
        var there = await KnownAsync(call, key);
        return JsonNode.DeepEquals(there.Body()["feedback_config"], kept["feedback_config"]) ? new(Write(there))
            : throw LangSmithRefusal.Conflict("There is a configuration of this feedback key already; change it instead.");
    }

    public async Task<LangSmithAnswer> ListAsync(LangSmithCall call)
    {
        var keys = call.Parameters("key").ToHashSet();
        var contains = call.Parameter("name_contains");
        var all = await documents.ListAsync(call.Project, DocumentKind.FeedbackConfig, "", call.Aborted);
        return new(new JsonArray([.. all
            .Where(config => (keys.Count == 0 || keys.Contains(config.Name)) && config.Name.Contains(contains, StringComparison.OrdinalIgnoreCase))
            .Skip(call.Offset()).Take(call.Limit()).Select(config => (JsonNode)Write(config))]));
    }

    public async Task<LangSmithAnswer> ChangeAsync(LangSmithCall call)
    {
        var body = call.Object();
        if (body["remove_categories"] is not null || body["id"] is not null)
        {
            throw LangSmithRefusal.Invalid(body["id"] is null ? "remove_categories" : "id", "is not known here; send the whole feedback_config of the key");
        }
        var config = await KnownAsync(call, Key(LangSmithCall.Text(body, "feedback_key")));
        var kept = config.Body();
        if (LangSmithCall.Fields(body, "feedback_config") is { } fields)
        {
            kept["feedback_config"] = fields;
        }
        if (LangSmithCall.Flag(body, "is_lower_score_better") is { } lower)
        {
            kept["is_lower_score_better"] = lower;
        }
        var changed = config.With(kept, call.Now);
        return await documents.SaveAsync(changed, call.Aborted) ? new(Write(changed)) : throw LangSmithRefusal.NotFound("Feedback config");
    }

    public async Task<LangSmithAnswer> DeleteAsync(LangSmithCall call)
    {
        var config = await KnownAsync(call, Key(call.Parameter("feedback_key")));
        await documents.RemoveAsync(call.Project, DocumentKind.FeedbackConfig, config.Id, call.Aborted);
        return new(new JsonObject { ["message"] = "Feedback config deleted" });
    }

    private async Task<ClientDocument> KnownAsync(LangSmithCall call, string key) =>
        await documents.FindAsync(call.Project, DocumentKind.FeedbackConfig, "", key, call.Aborted) ?? throw LangSmithRefusal.NotFound("Feedback config");

    private static string Key(string key) => key.Length is > 0 and <= LongestKey ? key : throw LangSmithRefusal.Invalid("feedback_key", $"must be a text of 1 to {LongestKey} characters");

    private static JsonObject Write(ClientDocument config)
    {
        var json = config.Body();
        json["feedback_key"] = config.Name;
        json["id"] = config.Id.ToString();
        json["tenant_id"] = RunIds.Tenant(config.Project).ToString();
        json["modified_at"] = RunJson.Time(config.ModifiedAt);
        json["is_enforced"] = false;
        return json;
    }
}
