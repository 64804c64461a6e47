using System.Text.Json.Nodes;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary>Reading runs: one, a page of those that match, what they come to in numbers. Both versions of the API ask the same search.</summary>
internal sealed class RunReads(TelemetryReader reader, LangSmithProjects projects, StoredBefore stored, CaptureFilters names, AttachmentLinks attachments)
{
    private readonly RunSearch _search = new(reader);

    /// <summary><c>POST /runs/query</c></summary>
    public async Task<LangSmithAnswer> QueryAsync(LangSmithCall call)
    {
        var query = RunQuery.Of(call.Object(), projects, call.Project, names);
        await stored.WaitAsync(call.Aborted);
        var page = await _search.SearchAsync(call.Project, query, call.Aborted);
        var (items, cut) = await WriteAsync(call, page.Items, query.Select);
        return new(new JsonObject
        {
            ["runs"] = items,
            ["cursors"] = new JsonObject { ["next"] = (cut ?? page.Next)?.ToString(), ["prev"] = null },
            ["search_cursors"] = null,
        });
    }

    /// <summary><c>GET /runs/{id}</c></summary>
    public async Task<LangSmithAnswer> ReadAsync(LangSmithCall call)
    {
        var id = call.RouteId("id");
        return await reader.ReadAsync(call.Project, id, call.Aborted) is { } detail
            ? new(Write(call, detail, select: null))
            : throw LangSmithRefusal.NotFound($"Run {id}");
    }

    /// <summary><c>POST /runs/stats</c></summary>
    public async Task<LangSmithAnswer> StatsAsync(LangSmithCall call)
    {
        var query = RunQuery.Of(call.Object(), projects, call.Project, names);
        await stored.WaitAsync(call.Aborted);
        var stats = new RunStats();
        await foreach (var some in _search.AllAsync(call.Project, query, call.Aborted))
        {
            stats.Add(some, await RunWords.OfAsync(reader, call.Project, some, call.Aborted));
        }
        return new(stats.Write());
    }

    /// <summary><c>POST /api/v2/runs/query</c></summary>
    public async Task<LangSmithAnswer> QueryV2Async(LangSmithCall call)
    {
        RefuseStream(call);
        var query = RunQuery.OfV2(call.Object(), projects, call.Project, names, call.Now);
        await stored.WaitAsync(call.Aborted);
        var page = await _search.SearchAsync(call.Project, query, call.Aborted);
        var (items, cut) = await WriteAsync(call, page.Items, query.Select);
        return new(PageV2(items, cut ?? page.Next));
    }

    /// <summary><c>POST /api/v2/traces/query</c>: roots, each with what its trace adds up to.</summary>
    public async Task<LangSmithAnswer> TracesV2Async(LangSmithCall call)
    {
        RefuseStream(call);
        var query = RunQuery.OfTraces(call.Object(), projects, call.Project, names, call.Now);
        await stored.WaitAsync(call.Aborted);
        var page = await _search.SearchAsync(call.Project, query, call.Aborted);
        var (roots, cut) = await WriteAsync(call, page.Items, query.Select);
        var items = new JsonArray();
        for (var i = 0; i < roots.Count; i++)
        {
            items.Add((JsonNode)new JsonObject { ["root_run"] = V2((JsonObject)roots[i]!.DeepClone()), ["trace_aggregates"] = await AggregatesAsync(page.Items[i], call.Aborted) });
        }
        return new(new JsonObject { ["items"] = items, ["next_cursor"] = (cut ?? page.Next)?.ToString() ?? "" });
    }

    /// <summary><c>GET /api/v2/runs/{id}?selects=…</c></summary>
    public async Task<LangSmithAnswer> ReadV2Async(LangSmithCall call)
    {
        var id = call.RouteId("id");
        return await reader.ReadAsync(call.Project, id, call.Aborted) is { } detail
            ? new(V2(Write(call, detail, RunQuery.Selected(call.Parameters("selects")))))
            : throw LangSmithRefusal.NotFound($"Run {id}");
    }

    /// <summary><c>GET /api/v2/traces/{id}/runs</c></summary>
    public async Task<LangSmithAnswer> TraceV2Async(LangSmithCall call)
    {
        var query = RunQuery.OfTrace(call, projects, names);
        await stored.WaitAsync(call.Aborted);
        var runs = new List<Observation>();
        await foreach (var some in _search.AllAsync(call.Project, query, call.Aborted))
        {
            runs.AddRange(some);
        }
        runs.Reverse();
        var (items, cut) = await WriteAsync(call, runs, RunQuery.Selected(call.Parameters("selects")));
        return cut is null ? new(PageV2(items, null)) : throw LangSmithRefusal.Invalid("selects", $"the texts of this trace are larger than {PageTexts.MostBytes} bytes; leave them out, or read the runs one by one");
    }

    /// <returns>The runs, and the place of the last one where the texts of all would be too large.</returns>
    private async Task<(JsonArray Items, RunPosition? Cut)> WriteAsync(LangSmithCall call, IReadOnlyList<Observation> runs, IReadOnlySet<string>? select)
    {
        var words = RunJson.NeedsFeedback(select) ? await RunWords.OfAsync(reader, call.Project, runs, call.Aborted) : RunWords.None;
        var payloads = RunJson.NeedsPayload(select) ? await PageTexts.ReadAsync(reader, call.Project, runs, call.Aborted) : null;
        var count = payloads?.Count ?? runs.Count;
        var items = new JsonArray([.. runs.Take(count).Select((run, i) => (JsonNode)Write(call, run, payloads?[i], words.Of(run), select))]);
        return (items, count < runs.Count ? RunPosition.Of(runs[count - 1]) : null);
    }

    private JsonObject Write(LangSmithCall call, ObservationDetail detail, IReadOnlySet<string>? select) => Write(call, detail.Observation, detail.Payload, detail.Annotations, select);

    private JsonObject Write(LangSmithCall call, Observation run, ObservationPayload? payload, IReadOnlyList<Annotation> feedback, IReadOnlySet<string>? select)
    {
        var json = RunJson.Write(run, payload, feedback, projects.IdOf(call.Project, run.Endpoint), select);
        if ((select is null || select.Contains("attachments") || select.Contains("s3_urls")) && RunAttributes.Read(payload)["attachments"] is JsonObject { Count: > 0 } said)
        {
            attachments.Add(json, said, call.Project, run.Id, call.Context.Request);
        }
        return json;
    }

    private async Task<JsonObject> AggregatesAsync(Observation root, CancellationToken cancellationToken)
    {
        IReadOnlyList<Observation> steps = [root];
        if (root.TraceId.Length > 0)
        {
            var window = new TimeRange(root.StartTime - RunTraces.Longest, root.StartTime + RunTraces.Longest);
            steps = (await reader.ReadTraceAsync(new TraceRequest(root.Project, root.TraceId, window, TraceRequest.MostSteps), cancellationToken)).Items;
        }
        var first = steps.Where(step => step.Timings.TtftMs is not null).Select(step => (DateTimeOffset?)step.StartTime.AddMilliseconds(step.Timings.TtftMs!.Value)).Min();
        return new JsonObject
        {
            ["total_tokens"] = steps.Sum(step => step.Usage.TotalTokens),
            ["total_cost"] = steps.Sum(step => step.Cost?.TotalUsd ?? 0),
            ["first_token_time"] = RunJson.Time(first),
        };
    }

    private static JsonObject PageV2(JsonArray items, RunPosition? next)
    {
        foreach (var item in items)
        {
            V2((JsonObject)item!);
        }
        return new JsonObject { ["items"] = items, ["next_cursor"] = next?.ToString() ?? "" };
    }

    // V2 writes its enums in capitals.
    private static JsonObject V2(JsonObject run)
    {
        foreach (var name in (string[])["run_type", "status"])
        {
            if (run.ContainsKey(name))
            {
                run[name] = JsonFields.Text(run[name]).ToUpperInvariant();
            }
        }
        return run;
    }

    // The same address can stream patches as server-sent events; plain JSON would break whoever asks for them.
    private static void RefuseStream(LangSmithCall call)
    {
        if (call.Context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase))
        {
            throw new LangSmithRefusal(StatusCodes.Status406NotAcceptable, "invalid", "Runs are not streamed here; ask for application/json.");
        }
    }
}
