using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary><c>/api/public/observations</c>, with pages by number, and <c>/api/public/v2/observations</c>, with a cursor and groups of fields.</summary>
internal sealed class LangfuseStepReads(TelemetryReader reader, LangfuseSearch search, StoredBefore stored)
{
    private const int MostV2 = 1_000;
    // Rows that stand for traces are none.
    private static readonly Filter s_isStep = new(FilterField.PropertyPrefix + LangfuseView.TypeProperty, FilterOp.Ne, [LangfuseView.TraceType]);

    public async Task<JsonNode> ListAsync(LangfuseCall call)
    {
        call.Allow("page", "limit", "name", "userId", "type", "traceId", "level", "parentObservationId", "environment", "fromStartTime", "toStartTime", "version", "filter");
        var paging = call.Paging();
        var given = LangfuseFilterParameter.Of(call, LangfuseColumn.OfObservations);
        var where = Where(call, given);
        if (given.Window(call, "startTime", "fromStartTime", "toStartTime") is not { } window)
        {
            return LangfusePage.Numbered([], paging, 0);
        }
        await stored.WaitAsync(call.Aborted);
        var (steps, total) = await search.PageAsync(call, window, where, given, LangfuseOrder.Usual, paging, traces: false);
        var payloads = await TextsAsync(call, steps);
        return LangfusePage.Numbered(steps.Select((step, i) => LangfuseStepJson.Write(step, payloads[i])), paging, total);
    }

    public async Task<JsonNode> GetAsync(LangfuseCall call)
    {
        call.Allow();
        var name = call.Route("id");
        var found = await reader.ReadAsync(call.Project, LangfuseIds.Step(call.Project, name), call.Aborted) ?? await BySpanAsync(call, name);
        return found is not null && !LangfuseView.IsTrace(found.Observation) ? LangfuseStepJson.Write(found.Observation, found.Payload)
            : throw LangfuseDoor.NotFound($"Observation {JsonFields.Short(name, 100)}");
    }

    public async Task<JsonNode> ListV2Async(LangfuseCall call)
    {
        call.Allow("fields", "expandMetadata", "limit", "cursor", "parseIoAsJson", "name", "userId", "sessionId", "type", "traceId", "level", "parentObservationId", "isRootObservation", "environment", "fromStartTime", "toStartTime", "version", "filter");
        var groups = call.Fields(LangfuseStepJson.Groups) is { } chosen ? (IReadOnlyCollection<string>)[.. chosen.Append("core").Distinct()] : ["core", "basic"];
        var limit = call.Limit(MostV2);
        var given = LangfuseFilterParameter.Of(call, LangfuseColumn.OfObservations);
        var where = Where(call, given);
        if (call.Flag("parseIoAsJson") == true)
        {
            throw LangfuseDoor.Invalid("parseIoAsJson", "texts are answered as texts; leave it out");
        }
        if (given.Window(call, "startTime", "fromStartTime", "toStartTime") is not { } window)
        {
            return LangfusePage.Behind([], limit, next: null);
        }
        await stored.WaitAsync(call.Aborted);
        // Without conditions that are asked one by one this is one page of the store.
        var (steps, next) = await search.SomeAsync(call, window, where, given, limit, LangfuseView.Known(call.Text("cursor")));
        var payloads = groups.Any(LangfuseStepJson.NeedsPayload) ? await TextsAsync(call, steps) : null;
        return LangfusePage.Behind(steps.Select((step, i) => LangfuseStepJson.WriteV2(step, payloads?[i], groups)), limit, next);
    }

    private static ImmutableArray<Filter> Where(LangfuseCall call, LangfuseFilterParameter given)
    {
        var filters = new LangfuseFilters(call, given);
        filters.Equal("name", "name");
        filters.Equal("userId", "user");
        filters.Equal("sessionId", "session");
        filters.Equal("version", FilterField.PropertyPrefix + "version");
        filters.Environment();
        filters.Level();
        var trace = filters.Text("traceId") is { Length: > 0 } named ? LangfuseIds.TraceId(named) : "";
        if (trace.Length > 0)
        {
            filters.Add(Filter.Eq("trace_id", trace));
        }
        if (filters.Text("type") is { Length: > 0 } type)
        {
            foreach (var filter in LangfuseView.OfType(type) ?? throw LangfuseDoor.Invalid("type", "is no type of observation"))
            {
                filters.Add(filter);
            }
            // Kinds beside chain are never a trace's row.
            if (type is not "GENERATION" and not "EMBEDDING")
            {
                filters.Add(s_isStep);
            }
        }
        else
        {
            filters.Add(s_isStep);
        }
        Parent(call, filters, trace);
        return filters.Where;
    }

    // The first steps of a trace name the trace's own row as their parent where there is one.
    private static void Parent(LangfuseCall call, LangfuseFilters filters, string trace)
    {
        var parent = filters.Text("parentObservationId");
        var root = filters.Text("isRootObservation").Length > 0 ? call.Flag("isRootObservation") : null;
        if (parent.Length > 0)
        {
            filters.Add(Filter.Eq("parent_id", LangfuseIds.StepName(parent)));
        }
        if (root is null && !(parent.Length == 0 && call.Has("parentObservationId")))
        {
            return;
        }
        if (trace.Length == 0)
        {
            throw LangfuseDoor.Invalid(root is null ? "parentObservationId" : "isRootObservation", "first steps can be asked for of one trace only; name its traceId");
        }
        filters.Add(new Filter("parent_id", root == false ? FilterOp.NotIn : FilterOp.In, ["", LangfuseIds.TraceSpan(trace)]));
    }

    // Spans of OpenTelemetry have an id of their own in the store.
    private async Task<ObservationDetail?> BySpanAsync(LangfuseCall call, string name)
    {
        if (name.Length == 0)
        {
            return null;
        }
        await stored.WaitAsync(call.Aborted);
        var page = await reader.ReadPageAsync(new ObservationPageRequest(call.Project, AnnotationQuery.AllTime, 1) { Where = [Filter.Eq("span_id", LangfuseIds.StepName(name))] }, call.Aborted);
        return page.Items is [var step] ? await reader.ReadAsync(call.Project, step.Id, call.Aborted) : null;
    }

    private async Task<IReadOnlyList<ObservationPayload>> TextsAsync(LangfuseCall call, IReadOnlyList<Observation> steps)
    {
        var payloads = await PageTexts.ReadAsync(reader, call.Project, steps, call.Aborted);
        return payloads.Count == steps.Count ? payloads
            : throw LangfuseDoor.Invalid("limit", $"the texts of this page are larger than {PageTexts.MostBytes} bytes; ask for fewer");
    }
}
