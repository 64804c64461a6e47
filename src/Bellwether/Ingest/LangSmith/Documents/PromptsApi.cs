using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary><c>/repos</c> and <c>/likes</c>: prompts as LangSmith's hub keeps them. Every prompt here is the key's own project's.</summary>
internal sealed class PromptsApi(ClientDocuments documents)
{
    private const int LongestName = 200;
    private static readonly string[] s_kept = ["description", "readme", "tags", "is_public", "is_archived", "repo_type"];

    /// <summary><c>GET /settings</c>: who the caller is. The handle is our project's, by which a prompt's owner may be named.</summary>
    public static Task<LangSmithAnswer> SettingsAsync(LangSmithCall call) => Task.FromResult(new LangSmithAnswer(new JsonObject
    {
        ["id"] = RunIds.Tenant(call.Project).ToString(),
        ["display_name"] = call.Project.Value,
        ["tenant_handle"] = call.Project.Value,
        ["created_at"] = RunJson.Time(DateTimeOffset.UnixEpoch),
    }));

    public async Task<LangSmithAnswer> CreateAsync(LangSmithCall call)
    {
        var body = call.Object();
        var name = LangSmithCall.Text(body, "repo_handle");
        if (name.Length is 0 or > LongestName || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
        {
            throw LangSmithRefusal.Invalid("repo_handle", $"must be 1 to {LongestName} letters, digits, dashes, dots and underscores");
        }
        var prompt = new ClientDocument(call.Project, DocumentKind.Prompt, Guid.CreateVersion7(call.Now), "", name, ClientDocument.Write(Kept(body, [])), call.Now, call.Now);
        return await documents.AddAsync(prompt, call.Aborted)
            ? new(new JsonObject { ["repo"] = await WriteAsync(prompt, call.Aborted) })
            : throw LangSmithRefusal.Conflict("There is a prompt with this handle already.");
    }

    public async Task<LangSmithAnswer> ListAsync(LangSmithCall call)
    {
        var search = call.Parameter("query");
        var archived = call.Flag("is_archived");
        var isPublic = call.Parameter("is_public").Length > 0 ? call.Flag("is_public") : (bool?)null;
        var type = call.Parameter("repo_type") is { Length: > 0 } wanted ? wanted : "prompt";
        var found = (await documents.ListAsync(call.Project, DocumentKind.Prompt, "", call.Aborted)).Where(prompt =>
        {
            var body = prompt.Body();
            return Is(body, "is_archived") == archived && (isPublic is null || Is(body, "is_public") == isPublic)
                && (JsonFields.Text(body["repo_type"]) is { Length: > 0 } said ? said : "prompt") == type
                && (prompt.Name.Contains(search, StringComparison.OrdinalIgnoreCase) || JsonFields.Text(body["description"]).Contains(search, StringComparison.OrdinalIgnoreCase));
        }).OrderByDescending(prompt => prompt.ModifiedAt).ToList();
        var repos = new JsonArray();
        foreach (var prompt in found.Skip(call.Offset()).Take(call.Limit()))
        {
            repos.Add((JsonNode)await WriteAsync(prompt, call.Aborted));
        }
        return new(new JsonObject { ["repos"] = repos, ["total"] = found.Count });
    }

    public async Task<LangSmithAnswer> ReadAsync(LangSmithCall call) => new(new JsonObject { ["repo"] = await WriteAsync(await KnownAsync(call), call.Aborted) });

    public async Task<LangSmithAnswer> ChangeAsync(LangSmithCall call)
    {
        var prompt = await KnownAsync(call);
        var changed = prompt.With(Kept(call.Object(), prompt.Body()), call.Now);
        return await documents.SaveAsync(changed, call.Aborted)
            ? new(new JsonObject { ["repo"] = await WriteAsync(changed, call.Aborted) })
            : throw LangSmithRefusal.NotFound("Prompt");
    }

    public async Task<LangSmithAnswer> DeleteAsync(LangSmithCall call)
    {
        var prompt = await KnownAsync(call);
        await documents.RemoveAsync(call.Project, DocumentKind.Prompt, prompt.Id, call.Aborted);
        return new(new JsonObject { ["message"] = "Prompt deleted" });
    }

    public async Task<LangSmithAnswer> LikeAsync(LangSmithCall call)
    {
        var prompt = await KnownAsync(call);
        var body = prompt.Body();
        body["liked"] = LangSmithCall.Flag(call.Object(), "like") ?? throw LangSmithRefusal.Invalid("like", "must be true or false");
        await documents.SaveAsync(prompt.With(body, prompt.ModifiedAt), call.Aborted);
        return new(new JsonObject { ["likes"] = Is(body, "liked") ? 1 : 0 });
    }

    /// <summary><c>POST /repos/{owner}/{name}/tags</c>: a name for one commit; a tag that is given again moves.</summary>
    public async Task<LangSmithAnswer> TagAsync(LangSmithCall call)
    {
        var prompt = await KnownAsync(call);
        var body = call.Object();
        var tag = LangSmithCall.Text(body, "tag_name");
        var id = LangSmithCall.Id(body, "commit_id");
        if (tag.Length is 0 or > LongestName || id is null)
        {
            throw LangSmithRefusal.Invalid(id is null ? "commit_id" : "tag_name", "is needed");
        }
        var commit = await documents.FindAsync(call.Project, DocumentKind.Commit, id.Value, call.Aborted);
        if (commit?.Parent != prompt.Id.ToString())
        {
            throw LangSmithRefusal.NotFound("Commit");
        }
        var changed = prompt.Body();
        if (changed["commit_tags"] is not JsonObject tags)
        {
            changed["commit_tags"] = tags = [];
        }
        tags[tag] = commit.Name;
        await documents.SaveAsync(prompt.With(changed, call.Now), call.Aborted);
        return new(new JsonObject { ["tag_name"] = tag, ["commit_id"] = commit.Id.ToString(), ["commit_hash"] = commit.Name, ["repo_id"] = prompt.Id.ToString() }, StatusCodes.Status201Created);
    }

    /// <summary><c>GET /commits/{owner}/{name}/</c>, newest first.</summary>
    public async Task<LangSmithAnswer> CommitsAsync(LangSmithCall call)
    {
        var prompt = await KnownAsync(call);
        var all = await CommitsAsync(prompt, call.Aborted);
        return new(new JsonObject
        {
            ["commits"] = new JsonArray([.. all.Skip(call.Offset()).Take(call.Limit()).Select(commit => (JsonNode)WriteCommit(commit))]),
            ["total"] = all.Count,
        });
    }

    /// <summary>By hash or the beginning of one, by tag, or <c>latest</c>.</summary>
    public async Task<LangSmithAnswer> CommitAsync(LangSmithCall call)
    {
        var prompt = await KnownAsync(call);
        var wanted = call.Route("commit");
        if (JsonFields.Text(JsonFields.Get(prompt.Body()["commit_tags"], wanted)) is { Length: > 0 } tagged)
        {
            wanted = tagged;
        }
        var all = await CommitsAsync(prompt, call.Aborted);
        var found = wanted == "latest" ? all.FirstOrDefault() : all.Find(commit => wanted.Length >= 7 && commit.Name.StartsWith(wanted, StringComparison.Ordinal));
        if (found is null)
        {
            throw LangSmithRefusal.NotFound("Commit");
        }
        var json = WriteCommit(found);
        json["examples"] = new JsonArray();
        json["owner"] = "-";
        json["repo"] = prompt.Name;
        return new(json);
    }

    /// <summary><c>POST /commits/{owner}/{name}</c></summary>
    public async Task<LangSmithAnswer> CreateCommitAsync(LangSmithCall call)
    {
        var prompt = await KnownAsync(call);
        var body = call.Object();
        var manifest = LangSmithCall.Fields(body, "manifest") ?? throw LangSmithRefusal.Invalid("manifest", "is needed");
        var latest = (await CommitsAsync(prompt, call.Aborted)).FirstOrDefault();
        var parent = LangSmithCall.Text(body, "parent_commit");
        if (parent.Length > 0 && latest?.Name.StartsWith(parent, StringComparison.Ordinal) != true)
        {
            throw LangSmithRefusal.Conflict("parent_commit: is not the latest commit of this prompt.");
        }
        if (latest is not null && JsonNode.DeepEquals(latest.Body()["manifest"], manifest))
        {
            throw LangSmithRefusal.Conflict("Nothing to commit: prompt has not changed since latest commit");
        }
        var kept = new JsonObject
        {
            ["manifest"] = manifest,
            ["parent_commit_hash"] = latest?.Name,
            ["description"] = LangSmithCall.Text(body, "description") is { Length: > 0 } description ? description : null,
        };
        var json = ClientDocument.Write(kept);
        // One commit has one hash: of what it says and of all that was before it.
        var hash = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(json)));
        var commit = new ClientDocument(call.Project, DocumentKind.Commit, Guid.CreateVersion7(call.Now), prompt.Id.ToString(), hash, json, call.Now, call.Now);
        if (!await documents.AddAsync(commit, call.Aborted))
        {
            throw LangSmithRefusal.Conflict("There is this commit already.");
        }
        await documents.SaveAsync(prompt with { ModifiedAt = call.Now }, call.Aborted);
        return new(new JsonObject { ["commit"] = WriteCommit(commit) });
    }

    private async Task<ClientDocument> KnownAsync(LangSmithCall call)
    {
        var owner = call.Route("owner");
        var name = call.Route("name");
        return (owner == "-" || owner == call.Project.Value) && await documents.FindAsync(call.Project, DocumentKind.Prompt, "", name, call.Aborted) is { } prompt
            ? prompt
            : throw LangSmithRefusal.NotFound("Prompt");
    }

    private Task<List<ClientDocument>> CommitsAsync(ClientDocument prompt, CancellationToken cancellationToken) =>
        documents.ListAsync(prompt.Project, DocumentKind.Commit, prompt.Id.ToString(), cancellationToken);

    private static JsonObject Kept(JsonObject body, JsonObject known)
    {
        LangSmithCall.Texts(body, "tags");
        foreach (var name in s_kept)
        {
            if (body[name] is { } value)
            {
                known[name] = value.DeepClone();
            }
        }
        return known;
    }

    private static bool Is(JsonObject body, string name) => JsonFields.Scalar(body[name]) == "true";

    private async Task<JsonObject> WriteAsync(ClientDocument prompt, CancellationToken cancellationToken)
    {
        var body = prompt.Body();
        var commits = await documents.NamesAsync(prompt.Project, DocumentKind.Commit, prompt.Id.ToString(), cancellationToken);
        return new JsonObject
        {
            ["id"] = prompt.Id.ToString(),
            ["tenant_id"] = RunIds.Tenant(prompt.Project).ToString(),
            ["repo_handle"] = prompt.Name,
            ["full_name"] = $"-/{prompt.Name}",
            ["owner"] = null,
            ["description"] = body["description"]?.DeepClone(),
            ["readme"] = body["readme"]?.DeepClone(),
            ["tags"] = body["tags"]?.DeepClone() ?? new JsonArray(),
            ["is_public"] = Is(body, "is_public"),
            ["is_archived"] = Is(body, "is_archived"),
            ["repo_type"] = body["repo_type"]?.DeepClone() ?? "prompt",
            ["created_at"] = RunJson.Time(prompt.CreatedAt),
            ["updated_at"] = RunJson.Time(prompt.ModifiedAt),
            ["original_repo_id"] = null,
            ["upstream_repo_id"] = null,
            ["num_likes"] = Is(body, "liked") ? 1 : 0,
            ["num_downloads"] = 0,
            ["num_views"] = 0,
            ["liked_by_auth_user"] = Is(body, "liked"),
            ["last_commit_hash"] = commits.FirstOrDefault(),
            ["num_commits"] = commits.Count,
        };
    }

    private static JsonObject WriteCommit(ClientDocument commit)
    {
        var json = commit.Body();
        json["id"] = commit.Id.ToString();
        json["commit_hash"] = commit.Name;
        json["repo_id"] = commit.Parent;
        json["created_at"] = RunJson.Time(commit.CreatedAt);
        json["updated_at"] = RunJson.Time(commit.CreatedAt);
        json["num_downloads"] = 0;
        json["num_views"] = 0;
        return json;
    }
}
