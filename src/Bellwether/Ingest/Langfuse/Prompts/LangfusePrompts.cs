using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bellwether.Ingest;

/// <summary><c>/api/public/v2/prompts</c>: prompts with numbered versions and labels.</summary>
internal sealed class LangfusePrompts(LangfusePromptStore store)
{
    private const int LongestName = 255;
    private const int LongestLabel = 36;
    private const int LongestBody = 1024 * 1024;
    private const int MostOf = 100;
    // Prompts inside prompts, which would have to be put in when they are read: @@@langfusePrompt:name=…|version=…@@@
    private const string Inside = "@@@langfusePrompt:";

    /// <summary><c>POST {"name","type":"text"|"chat","prompt","config","labels","tags","commitMessage"}</c></summary>
    public async Task<JsonNode> CreateAsync(LangfuseCall call, JsonObject body)
    {
        var name = Text(body, "name", LongestName);
        // Separators of folders may be in it, but those of an address that asks for it not.
        if (name.Length == 0 || name.Contains('|'))
        {
            throw LangfuseDoor.Invalid("name", $"must have 1 to {LongestName} characters, without |");
        }
        var kind = body["type"] is null ? "text" : JsonFields.Text(body["type"]);
        if (kind is not ("text" or "chat"))
        {
            throw LangfuseDoor.Invalid("type", "must be text or chat");
        }
        var kept = new JsonObject
        {
            ["prompt"] = kind == "chat" ? Chat(body["prompt"]) : body["prompt"]?.GetValueKind() == JsonValueKind.String ? body["prompt"]!.DeepClone() : throw LangfuseDoor.Invalid("prompt", "must be a text"),
            ["config"] = body["config"]?.DeepClone(),
            ["commitMessage"] = Text(body, "commitMessage", 500) is { Length: > 0 } message ? message : null,
        };
        var json = LangSmithDatasetJson.Text(kept);
        if (json.Length > LongestBody)
        {
            throw LangfuseDoor.Invalid("prompt", $"and config may have at most {LongestBody} characters of JSON");
        }
        if (kept["prompt"]!.ToJsonString().Contains(Inside, StringComparison.Ordinal))
        {
            throw LangfuseDoor.Invalid("prompt", $"prompts inside prompts ({Inside}…) are not put in here");
        }
        var tags = body["tags"] is null ? null : LangfusePrompt.Texts(Texts(body, "tags", 200)).ToJsonString();
        // The newest version is the latest by itself; SDKs of old say isActive for the one in production.
        IReadOnlyList<string> labels = [.. Labels(body, "labels", mayBeLatest: true).Concat(JsonFields.Scalar(body["isActive"]) == "true" ? [LangfusePrompt.Production] : []).Distinct()];
        var made = await store.AddAsync(call.Project, new LangfusePromptDraft(name, kind, json, tags, labels), call.Now, call.Aborted);
        return made switch
        {
            null => throw LangfuseDoor.Invalid("name", $"there are {LangfusePromptStore.MostVersions} versions of prompts in this project already; delete some"),
            0 => throw LangfuseDoor.Invalid("type", "earlier versions of this prompt are of the other type; choose another name"),
            { } version => (await FindAsync(call, name, version)).Write(),
        };
    }

    /// <summary><c>GET ?name=&amp;label=&amp;tag=&amp;fromUpdatedAt=&amp;toUpdatedAt=</c>: what there is, without the texts.</summary>
    public async Task<JsonNode> ListAsync(LangfuseCall call)
    {
        call.Allow("name", "label", "tag", "page", "limit", "fromUpdatedAt", "toUpdatedAt");
        var paging = call.Paging();
        var window = call.Window("fromUpdatedAt", "toUpdatedAt");
        var (name, label, tag) = (call.Text("name"), call.Text("label"), call.Text("tag"));
        var all = await store.AllAsync(call.Project, call.Aborted);
        var found = all.Where(prompt =>
                (name.Length == 0 || prompt.Name == name) && (label.Length == 0 || prompt.Labels.Contains(label)) && prompt.UpdatedAt >= window.From && prompt.UpdatedAt < window.To
                && (tag.Length == 0 || JsonNode.Parse(prompt.Tags)!.AsArray().Any(item => JsonFields.Text(item) == tag)))
            .GroupBy(prompt => prompt.Name)
            .Select(versions => new JsonObject
            {
                ["name"] = versions.Key,
                ["type"] = versions.First().Kind,
                ["versions"] = new JsonArray([.. versions.Select(prompt => (JsonNode)prompt.Version).Reverse()]),
                ["labels"] = LangfusePrompt.Texts(versions.SelectMany(prompt => prompt.Labels).Distinct()),
                ["tags"] = JsonNode.Parse(versions.First().Tags),
                ["lastUpdatedAt"] = LangfuseView.Time(versions.Max(prompt => prompt.UpdatedAt)),
                ["lastConfig"] = versions.First().Write()["config"]?.DeepClone(),
            })
            .ToList();
        return LangfusePage.Numbered(found.Skip((paging.Page - 1) * paging.Limit).Take(paging.Limit), paging, found.Count);
    }

    /// <summary><c>GET {name}?version=|label=</c>: the version in production when neither is said.</summary>
    public async Task<JsonNode> GetAsync(LangfuseCall call)
    {
        // Nothing is inside of a prompt, so that there is nothing to resolve.
        call.Allow("version", "label", "resolve");
        var (name, version, label) = Which(call);
        return (await FindAsync(call, name, version, version is null && label.Length == 0 ? LangfusePrompt.Production : label)).Write();
    }

    /// <summary><c>PATCH {name}/versions/{version} {"newLabels":[…]}</c>: labels come to those that the version has, and leave where they were.</summary>
    public async Task<JsonNode> LabelAsync(LangfuseCall call, JsonObject body)
    {
        var name = call.Route("name");
        var version = Number("version", call.Route("version"));
        if (body["newLabels"] is null)
        {
            throw LangfuseDoor.Invalid("newLabels", "is needed");
        }
        return await store.LabelAsync(call.Project, name, version, Labels(body, "newLabels", mayBeLatest: false), call.Now, call.Aborted)
            ? (await FindAsync(call, name, version)).Write()
            : throw NotFound(name, version, "");
    }

    /// <summary><c>DELETE {name}?version=|label=</c>: all versions when neither is said.</summary>
    public async Task DeleteAsync(LangfuseCall call)
    {
        call.Allow("version", "label");
        var (name, version, label) = Which(call);
        var versions = (await store.VersionsAsync(call.Project, name, call.Aborted)).Where(prompt => (version is null || prompt.Version == version) && (label.Length == 0 || prompt.Labels.Contains(label)));
        if (await store.RemoveAsync(call.Project, name, [.. versions.Select(prompt => prompt.Version)], call.Aborted) == 0)
        {
            throw NotFound(name, version, label);
        }
    }

    private async Task<LangfusePrompt> FindAsync(LangfuseCall call, string name, int? version, string label = "") =>
        (await store.VersionsAsync(call.Project, name, call.Aborted)).Find(prompt => (version is null || prompt.Version == version) && (label.Length == 0 || prompt.Labels.Contains(label)))
        ?? throw NotFound(name, version, label);

    private static (string Name, int? Version, string Label) Which(LangfuseCall call)
    {
        var label = call.Text("label");
        int? version = call.Text("version") is { Length: > 0 } text ? Number("version", text) : null;
        return version is null || label.Length == 0 ? (call.Route("name"), version, label) : throw LangfuseDoor.Invalid("label", "and version cannot both be asked for");
    }

    private static IngestRefusal NotFound(string name, int? version, string label) =>
        LangfuseDoor.NotFound($"Prompt {JsonFields.Short(name, 100)}" + (version is { } number ? $" with version {number}" : "") + (label.Length > 0 ? $" with label {JsonFields.Short(label, 100)}" : ""));

    // [{"role","content"}] with {"type":"placeholder","name"} between; other members are kept as they are.
    private static JsonArray Chat(JsonNode? said)
    {
        if (said is not JsonArray items)
        {
            throw LangfuseDoor.Invalid("prompt", "of a chat must be a list of messages");
        }
        foreach (var (i, item) in items.Index())
        {
            var isPlaceholder = JsonFields.Text(JsonFields.Get(item, "type")) == "placeholder";
            if (isPlaceholder ? JsonFields.Text(JsonFields.Get(item, "name")).Length == 0 : JsonFields.Text(JsonFields.Get(item, "role")).Length == 0 || JsonFields.Get(item, "content")?.GetValueKind() != JsonValueKind.String)
            {
                throw LangfuseDoor.Invalid($"prompt[{i}]", isPlaceholder ? "a placeholder must have a name" : "must have a role and a content, or be a placeholder");
            }
        }
        return (JsonArray)items.DeepClone();
    }

    private static IReadOnlyList<string> Labels(JsonObject body, string field, bool mayBeLatest)
    {
        var labels = Texts(body, field, LongestLabel);
        if (!labels.All(label => label.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '_' or '-' or '.')))
        {
            throw LangfuseDoor.Invalid(field, "may have small letters, digits, _, - and . only");
        }
        return mayBeLatest || !labels.Contains(LangfusePrompt.Latest) ? [.. labels.Where(label => label != LangfusePrompt.Latest)]
            : throw LangfuseDoor.Invalid(field, $"{LangfusePrompt.Latest} is always the newest version's");
    }

    private static IReadOnlyList<string> Texts(JsonObject body, string field, int longest) => body[field] switch
    {
        null => [],
        JsonArray { Count: <= MostOf } items when items.All(item => JsonFields.Text(item) is { Length: > 0 } text && text.Length <= longest && !text.Contains('\0')) => [.. items.Select(JsonFields.Text).Distinct()],
        _ => throw LangfuseDoor.Invalid(field, $"must be a list of at most {MostOf} texts of 1 to {longest} characters"),
    };

    private static string Text(JsonObject body, string field, int longest) => body[field] is null ? ""
        : body[field]!.GetValueKind() == JsonValueKind.String && JsonFields.Text(body[field]) is var text && text.Length <= longest && !text.Contains('\0') ? text
        : throw LangfuseDoor.Invalid(field, $"must be a text of at most {longest} characters");

    private static int Number(string field, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw LangfuseDoor.Invalid(field, "must be a whole number of at least 1");
}
