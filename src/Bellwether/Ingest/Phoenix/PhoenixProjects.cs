using System.Data.Common;
using System.Text.Json.Nodes;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>
/// Phoenix's projects: the names under which spans came, which are their endpoints here, and names that a client has written down
/// before the first span. All of them are parts of the one Bellwether project of the key.
/// </summary>
internal sealed class PhoenixProjects(DbDataSource state, TelemetryReader reader)
{
    /// <summary>Phoenix's first project; spans that name none come here.</summary>
    public static readonly string Default = "default";

    /// <summary>How far back is looked for spans when a client does not say.</summary>
    public static readonly TimeSpan LookBack = TimeSpan.FromDays(90);

    private const int LongestName = 256;
    private static readonly Filter s_ingested = new("surface", FilterOp.In, ["otlp", "phoenix", "langsmith", "langfuse"]);

    public static TimeRange Window(DateTimeOffset now) => new(now - LookBack, now + TimeSpan.FromDays(1));

    public async Task<PhoenixAnswer> ListAsync(PhoenixCall call)
    {
        var limit = call.Limit(usual: 100, most: 1_000);
        var after = call.Query("cursor") is { Length: > 0 } cursor ? PhoenixIds.ProjectName(cursor) : null;
        var names = (await AllAsync(call)).Where(project => after is null || string.CompareOrdinal(project.Key, after) > 0).Take(limit + 1).ToList();
        var next = names.Count > limit ? PhoenixIds.Project(names[limit - 1].Key) : null;
        return PhoenixAnswer.Page(names.Take(limit).Select(project => Json(project.Key, project.Value)), next);
    }

    public async Task<PhoenixAnswer> GetAsync(PhoenixCall call)
    {
        var name = PhoenixIds.ProjectName(call.Route("project"));
        return (await AllAsync(call)).TryGetValue(name, out var description) ? PhoenixAnswer.Data(Json(name, description)) : throw PhoenixRefusal.NotFound("The project");
    }

    public async Task<PhoenixAnswer> CreateAsync(PhoenixCall call)
    {
        var name = JsonFields.Text(call.Body!["name"]);
        var description = JsonFields.Text(call.Body["description"]);
        if (name.Length is 0 or > LongestName || name.Any(char.IsControl))
        {
            throw PhoenixRefusal.Invalid($"name: must have 1 to {LongestName} characters and no control characters");
        }
        var made = await state.ExecuteAsync(
            "INSERT INTO phoenix_project (project, name, description, created_at) VALUES (@project, @name, @description, @now) ON CONFLICT DO NOTHING",
            call.CancellationToken,
            ("@project", call.Project.Value), ("@name", name), ("@description", description.Replace('\0', '\uFFFD')), ("@now", call.Now));
        return made == 1 ? PhoenixAnswer.Data(Json(name, description)) : throw PhoenixRefusal.Of<string>(Change.Conflict("name", "is taken"), "The project");
    }

    private async Task<SortedDictionary<string, string>> AllAsync(PhoenixCall call)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal) { [Default] = "" };
        foreach (var (name, description) in await state.QueryAsync(
            "SELECT name, description FROM phoenix_project WHERE project = @project ORDER BY name LIMIT 10000",
            row => (row.GetString(0), row.GetString(1)), call.CancellationToken, ("@project", call.Project.Value)))
        {
            all[name] = description;
        }
        var seen = await reader.QueryAsync(
            new TelemetryQuery(call.Project, Window(call.Now), [Measure.Count]) { Where = [s_ingested], By = [new Dimension("endpoint")], EveryKind = true, Limit = 1_000 }, call.CancellationToken);
        foreach (var row in seen.Rows)
        {
            if (row.Group[0].Length > 0)
            {
                all.TryAdd(row.Group[0], "");
            }
        }
        return all;
    }

    private static JsonObject Json(string name, string description) =>
        new() { ["id"] = PhoenixIds.Project(name), ["name"] = name, ["description"] = description.Length > 0 ? description : null };
}
