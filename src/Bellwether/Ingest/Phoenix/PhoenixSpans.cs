using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Bellwether.Ingest;

/// <summary><c>/v1/projects/{project}/spans</c>: spans in Phoenix's own JSON, in and out.</summary>
internal sealed class PhoenixSpans(OtlpReceiver receiver, TelemetryReader reader, PhoenixMeters meters, IOptions<OtlpPorts> options)
{
    private const int MostTold = 100;
    private const int MostSpans = 1_000;

    /// <summary>
    /// What can be kept is kept. If something could not, the answer is Phoenix's 400, by which its client tells which spans these were and
    /// how many others were queued.
    /// </summary>
    public async Task<PhoenixAnswer> CreateAsync(PhoenixCall call)
    {
        if (call.Body!["data"] is not JsonArray spans)
        {
            throw PhoenixRefusal.Invalid("data: must be an array of spans");
        }
        var good = new List<JsonNode>();
        var invalid = new List<JsonNode>();
        var duplicate = new List<JsonNode>();
        var seen = new HashSet<(string, string)>();
        foreach (var span in spans)
        {
            var context = JsonFields.Get(span, "context");
            var ids = (Trace: JsonFields.Text(JsonFields.Get(context, "trace_id")), Span: JsonFields.Text(JsonFields.Get(context, "span_id")));
            if (PhoenixSpanWriter.Check(span) is { Length: > 0 } problem)
            {
                invalid.Add(Named(ids.Trace, ids.Span, problem));
            }
            else if (!seen.Add((ids.Trace.ToLowerInvariant(), ids.Span.ToLowerInvariant())))
            {
                duplicate.Add(Named(ids.Trace, ids.Span, "is in this request twice"));
            }
            else
            {
                good.Add(span!);
            }
        }
        var rejected = await KeepAsync(call, good);
        var queued = good.Count - rejected;
        meters.Accepted("span", queued);
        meters.Rejected(spans.Count - queued);
        var counts = new JsonObject { ["total_received"] = spans.Count, ["total_queued"] = queued };
        if (queued == spans.Count)
        {
            return new PhoenixAnswer(counts, StatusCodes.Status202Accepted);
        }
        counts["error"] = "Some spans were not kept.";
        counts["total_invalid"] = invalid.Count + rejected;
        counts["total_duplicates"] = duplicate.Count;
        counts["invalid_spans"] = new JsonArray([.. invalid.Take(MostTold)]);
        counts["duplicate_spans"] = new JsonArray([.. duplicate.Take(MostTold)]);
        // The client looks for the counts in a JSON text inside of detail.
        return new PhoenixAnswer(new JsonObject { ["detail"] = counts.ToJsonString() }, StatusCodes.Status400BadRequest);
    }

    public async Task<PhoenixAnswer> ListAsync(PhoenixCall call)
    {
        var where = ImmutableArray.CreateBuilder<Filter>();
        where.Add(Filter.Eq("endpoint", PhoenixIds.ProjectName(call.Route("project"))));
        Any("trace_id", [.. call.QueryAll("trace_id").Select(id => id.ToLowerInvariant())]);
        Any("span_id", [.. call.QueryAll("span_id").Select(id => id.ToLowerInvariant())]);
        Any("name", call.QueryAll("name"));
        Any("kind", [.. call.QueryAll("span_kind").Select(kind => PhoenixSpanJson.Kind(kind)?.ToString().ToLowerInvariant() ?? throw PhoenixRefusal.Invalid("span_kind: is not known")).Distinct()]);
        if (call.Query("parent_id") is { Length: > 0 } parent)
        {
            where.Add(parent == "null" ? new Filter("parent_id", FilterOp.Missing, []) : Filter.Eq("parent_id", parent.ToLowerInvariant()));
        }
        if (call.QueryAll("status_code") is { Length: > 0 } codes)
        {
            // Of OK and UNSET only errors are told apart.
            var failed = codes.Select(code => code.Equals("ERROR", StringComparison.OrdinalIgnoreCase)).Distinct().ToArray();
            if (failed.Length == 1)
            {
                where.Add(Filter.Eq("error", failed[0] ? "true" : "false"));
            }
        }
        foreach (var attribute in call.QueryAll("attribute"))
        {
            where.Add(AttributeFilter(attribute));
        }
        var window = new TimeRange(Time(call, "start_time") ?? call.Now - PhoenixProjects.LookBack, Time(call, "end_time") ?? call.Now + TimeSpan.FromDays(1));
        if (window.To <= window.From)
        {
            throw PhoenixRefusal.Invalid("end_time: must be behind start_time");
        }
        var page = await reader.ReadPageAsync(
            new ObservationPageRequest(call.Project, window, call.Limit(usual: 100, most: MostSpans)) { Where = where.ToImmutable(), Cursor = call.Query("cursor") is { Length: > 0 } cursor ? cursor : null },
            call.CancellationToken);
        var spans = new List<JsonNode>();
        foreach (var step in page.Items)
        {
            var detail = await reader.ReadAsync(call.Project, step.Id, call.CancellationToken);
            spans.Add(PhoenixSpanJson.Write(step, detail?.Payload ?? ObservationPayload.Empty));
        }
        return PhoenixAnswer.Page(spans, page.Next);

        void Any(string field, string[] values)
        {
            if (values.Length > 0)
            {
                where.Add(new Filter(field, FilterOp.In, [.. values]));
            }
        }
    }

    private async Task<int> KeepAsync(PhoenixCall call, List<JsonNode> spans)
    {
        if (spans.Count == 0)
        {
            return 0;
        }
        var (message, _) = OtlpJson.ToProtobuf(PhoenixSpanWriter.Write(spans, PhoenixIds.ProjectName(call.Route("project"))), OtlpSchema.Traces, options.Value.MaxBodyBytes);
        var sender = OtlpSender.Of(call.Key, "phoenix", call.Context.Request.Headers, options.Value, call.Now);
        var outcome = await receiver.ReceiveAsync(OtlpSignal.Traces, sender, message, call.CancellationToken);
        return outcome.IsRefused ? throw IngestRefusal.Busy("queue_full", outcome.Message, outcome.RetryAfterSeconds) : (int)outcome.Rejected;
    }

    // key:value, of which the keys that are columns here can be asked for.
    private static Filter AttributeFilter(string text)
    {
        var colon = text.IndexOf(':');
        var (key, value) = colon > 0 ? (text[..colon], text[(colon + 1)..].Trim('"')) : throw PhoenixRefusal.Invalid("attribute: must be key:value");
        var field = key switch
        {
            "session.id" => "session",
            "user.id" => "user",
            "llm.model_name" => "model",
            "llm.provider" => "provider",
            _ when key.StartsWith("metadata.", StringComparison.Ordinal) => FilterField.PropertyPrefix + key["metadata.".Length..],
            _ => throw PhoenixRefusal.Invalid("attribute: only session.id, user.id, llm.model_name, llm.provider and metadata.<key> can be asked for"),
        };
        return Filter.Eq(field, value);
    }

    private static DateTimeOffset? Time(PhoenixCall call, string name) => call.Query(name) is not { Length: > 0 } text ? null
        : DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time
        : throw PhoenixRefusal.Invalid($"{name}: must be an ISO time");

    private static JsonObject Named(string trace, string span, string error) => new() { ["trace_id"] = JsonFields.Short(trace, 64), ["span_id"] = JsonFields.Short(span, 64), ["error"] = error };
}
