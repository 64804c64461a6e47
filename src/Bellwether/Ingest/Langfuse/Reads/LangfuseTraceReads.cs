using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>
/// <c>/api/public/traces</c>. A trace is what has no parent, of whatever dialect, with everything that has its trace id.
/// </summary>
internal sealed class LangfuseTraceReads(TelemetryReader reader, LangfuseScoreReads scores, LangfuseSearch search, StoredBefore stored)
{
    private static readonly string[] s_groups = ["core", "io", "scores", "observations", "metrics"];
    private static readonly Filter s_isRoot = new("parent_id", FilterOp.Missing, []);

    public async Task<JsonNode> ListAsync(LangfuseCall call)
    {
        call.Allow("page", "limit", "userId", "name", "sessionId", "fromTimestamp", "toTimestamp", "orderBy", "tags", "version", "release", "environment", "fields", "filter");
        var paging = call.Paging();
        var fields = call.Fields(s_groups);
        var order = LangfuseOrder.Of(call);
        var given = LangfuseFilterParameter.Of(call, LangfuseColumn.OfTraces);
        if (given.Window(call, "timestamp", "fromTimestamp", "toTimestamp") is not { } window)
        {
            return LangfusePage.Numbered([], paging, 0);
        }
        await stored.WaitAsync(call.Aborted);
        var filters = new LangfuseFilters(call, given);
        filters.Add(s_isRoot);
        filters.Equal("userId", "user");
        filters.Equal("name", "name");
        filters.Equal("sessionId", "session");
        filters.Equal("version", FilterField.PropertyPrefix + "version");
        filters.Equal("release", FilterField.PropertyPrefix + "release");
        filters.Environment();
        await filters.TagsAsync(reader, window);
        var (roots, total) = await search.PageAsync(call, window, filters.Where, given, order, paging, traces: true);
        return LangfusePage.Numbered(await WriteAsync(call, roots, fields, "limit"), paging, total);
    }

    public async Task<JsonNode> GetAsync(LangfuseCall call)
    {
        call.Allow("fields");
        var fields = call.Fields(s_groups);
        var name = call.Route("id");
        await stored.WaitAsync(call.Aborted);
        var steps = await StepsAsync(call, name);
        var root = steps.FirstOrDefault(step => step.ParentId.Length == 0) ?? (steps.Count > 0 ? steps[0] : null) ?? throw LangfuseDoor.NotFound($"Trace {JsonFields.Short(name, 100)}");
        var observations = steps.Where(step => !LangfuseView.IsTrace(step)).ToList();
        var withTexts = Wants(fields, "io");
        IReadOnlyList<Observation> shown = Wants(fields, "observations") ? [root, .. observations] : [root];
        var payloads = withTexts ? await TextsAsync(call, shown, "fields") : null;
        var trace = LangfuseTraceJson.Write(root, payloads?[0]);
        Sum(trace, root, steps, fields);
        trace["observations"] = new JsonArray([.. shown.Skip(1).Select((step, i) => (JsonNode)LangfuseStepJson.Write(step, payloads?[i + 1]))]);
        var scored = new ScoredSteps(Wants(fields, "scores") ? steps : []);
        trace["scores"] = new JsonArray(Wants(fields, "scores") ? [.. (await scores.OfTracesAsync(call.Project, [root.TraceId], steps, call.Aborted)).Select(said => (JsonNode)LangfuseScoreJson.Write(said, scored.Of(said)))] : []);
        return trace;
    }

    /// <summary>The traces of a session, the newest first, with their texts.</summary>
    public async Task<IReadOnlyList<JsonNode>> OfSessionAsync(LangfuseCall call, string session, int most)
    {
        var roots = await search.RowsAsync(call, AnnotationQuery.AllTime, [s_isRoot, Filter.Eq("session", session)], 0, most);
        return await WriteAsync(call, roots, FrozenSet.Create("core", "io"), "sessionId");
    }

    private async Task<List<JsonNode>> WriteAsync(LangfuseCall call, IReadOnlyList<Observation> roots, FrozenSet<string>? fields, string field)
    {
        var payloads = Wants(fields, "io") ? await TextsAsync(call, roots, field) : null;
        var inside = new Dictionary<Guid, IReadOnlyList<Observation>>();
        var count = 0;
        if (Wants(fields, "observations") || Wants(fields, "metrics") || Wants(fields, "scores"))
        {
            foreach (var root in roots)
            {
                inside[root.Id] = await search.StepsAsync(call, root);
                count += inside[root.Id].Count;
                if (count > LangfuseSearch.MostSteps)
                {
                    throw LangfuseDoor.Invalid(field, $"the traces of this answer have more than {LangfuseSearch.MostSteps} steps; ask for fewer things, or for the fields core and io alone");
                }
            }
        }
        var scored = new ScoredSteps(Wants(fields, "scores") ? [.. inside.Values.SelectMany(steps => steps)] : []);
        var said = Wants(fields, "scores") ? await scores.OfTracesAsync(call.Project, roots.Select(root => root.TraceId), scored.Steps, call.Aborted) : [];
        var traces = new List<JsonNode>();
        for (var i = 0; i < roots.Count; i++)
        {
            var root = roots[i];
            var steps = inside.GetValueOrDefault(root.Id, []);
            var trace = LangfuseTraceJson.Write(root, payloads?[i]);
            Sum(trace, root, steps, fields);
            trace["observations"] = new JsonArray(Wants(fields, "observations") ? [.. steps.Where(step => !LangfuseView.IsTrace(step)).Select(step => (JsonNode)LangfuseView.Id(step))] : []);
            trace["scores"] = new JsonArray([.. said.Where(one => scored.IsOf(one, root)).Select(one => (JsonNode)one.Id.ToString())]);
            traces.Add(trace);
        }
        return traces;
    }

    private async Task<IReadOnlyList<ObservationPayload>> TextsAsync(LangfuseCall call, IReadOnlyList<Observation> observations, string field)
    {
        var payloads = await PageTexts.ReadAsync(reader, call.Project, observations, call.Aborted);
        return payloads.Count == observations.Count ? payloads
            : throw LangfuseDoor.Invalid(field, $"the texts of this answer are larger than {PageTexts.MostBytes} bytes; ask for fewer things, or leave out the fields io");
    }

    // By any spelling of a trace's id, or by the id of a call that is in no trace.
    private async Task<IReadOnlyList<Observation>> StepsAsync(LangfuseCall call, string name)
    {
        if (name.Length == 0)
        {
            return [];
        }
        var trace = await reader.ReadTraceAsync(new TraceRequest(call.Project, LangfuseIds.TraceId(name), AnnotationQuery.AllTime, TraceRequest.MostSteps), call.Aborted);
        if (trace.Items.Length > 0)
        {
            return trace.Items;
        }
        return Guid.TryParse(name, CultureInfo.InvariantCulture, out var id) && await reader.ReadAsync(call.Project, id, call.Aborted) is { Observation.TraceId.Length: 0 } alone ? [alone.Observation] : [];
    }

    // What is not asked for is -1, as Langfuse says it.
    private static void Sum(JsonObject trace, Observation root, IReadOnlyList<Observation> steps, FrozenSet<string>? fields)
    {
        if (!Wants(fields, "metrics"))
        {
            (trace["latency"], trace["totalCost"]) = (-1, -1);
            return;
        }
        var end = steps.Append(root).Select(step => RunFacts.End(step) ?? step.StartTime).Max();
        trace["latency"] = (end - root.StartTime).TotalSeconds;
        trace["totalCost"] = steps.Sum(step => step.IsCall ? step.Cost?.TotalUsd ?? 0 : 0);
    }

    private static bool Wants(FrozenSet<string>? fields, string group) => fields is null || fields.Contains(group);
}
