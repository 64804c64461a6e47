using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary><c>/api/public/sessions</c>: what names a session, which begins with its first step in the window that is asked for.</summary>
internal sealed class LangfuseSessionReads(TelemetryReader reader, LangfuseTraceReads traces, StoredBefore stored)
{
    private const int MostSessions = 10_000;
    private const int MostTraces = 1_000;
    private static readonly Dimension s_session = new("session");
    private static readonly Dimension s_environment = new(FilterField.PropertyPrefix + "environment");

    public async Task<JsonNode> ListAsync(LangfuseCall call)
    {
        call.Allow("page", "limit", "fromTimestamp", "toTimestamp", "environment");
        var paging = call.Paging();
        var window = call.Window("fromTimestamp", "toTimestamp");
        var filters = new LangfuseFilters(call);
        filters.Add(new Filter("session", FilterOp.Exists, []));
        filters.Environment();
        await stored.WaitAsync(call.Aborted);
        var found = await reader.QueryAsync(new TelemetryQuery(call.Project, window, [Measure.FirstSeen]) { Where = filters.Where, By = [s_session], EveryKind = true }, call.Aborted);
        if (found.Rows.Length >= MostSessions)
        {
            throw LangfuseDoor.Invalid("fromTimestamp", $"leaves more than {MostSessions} sessions; name a narrower window");
        }
        var page = found.Rows.OrderByDescending(row => row.Values[0]).ThenBy(row => row.Group[0], StringComparer.Ordinal).Skip((paging.Page - 1) * paging.Limit).Take(paging.Limit).ToList();
        var environments = await EnvironmentsAsync(call, window, [.. page.Select(row => row.Group[0])]);
        return LangfusePage.Numbered(
            page.Select(row => Write(call.Project, row.Group[0], DateTimeOffset.FromUnixTimeMilliseconds((long)(row.Values[0] ?? 0)), environments.GetValueOrDefault(row.Group[0], ""))), paging, found.Rows.Length);
    }

    public async Task<JsonNode> GetAsync(LangfuseCall call)
    {
        call.Allow();
        var name = call.Route("id");
        await stored.WaitAsync(call.Aborted);
        var first = name.Length == 0 ? null
            : await reader.QueryAsync(new TelemetryQuery(call.Project, AnnotationQuery.AllTime, [Measure.FirstSeen]) { Where = [Filter.Eq("session", name)], EveryKind = true }, call.Aborted);
        if (first?.Rows is not [{ Values: [{ } began] }])
        {
            throw LangfuseDoor.NotFound($"Session {JsonFields.Short(name, 100)}");
        }
        var environments = await EnvironmentsAsync(call, AnnotationQuery.AllTime, [name]);
        var session = Write(call.Project, name, DateTimeOffset.FromUnixTimeMilliseconds((long)began), environments.Values.FirstOrDefault(""));
        session["traces"] = new JsonArray([.. await traces.OfSessionAsync(call, name, MostTraces)]);
        return session;
    }

    private static JsonObject Write(ProjectId project, string name, DateTimeOffset began, string environment) => new()
    {
        ["id"] = name,
        ["createdAt"] = LangfuseView.Time(began),
        ["projectId"] = project.Value,
        ["environment"] = environment.Length > 0 ? environment : LangfuseView.UsualEnvironment,
    };

    private async Task<Dictionary<string, string>> EnvironmentsAsync(LangfuseCall call, TimeRange window, ImmutableArray<string> sessions)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (sessions.IsEmpty)
        {
            return found;
        }
        var rows = await reader.QueryAsync(
            new TelemetryQuery(call.Project, window, [Measure.Count]) { Where = [new Filter("session", FilterOp.In, sessions)], By = [s_session, s_environment], EveryKind = true }, call.Aborted);
        foreach (var row in rows.Rows.Where(row => row.Group[1].Length > 0))
        {
            found.TryAdd(row.Group[0], row.Group[1]);
        }
        return found;
    }
}
