using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Reading, changing and taking back feedback. What our own API took is answered here too.</summary>
internal sealed class FeedbackReads(TelemetryReader reader, ITelemetryIntake intake, StoredBefore stored)
{
    private const int LongestText = 10_000;
    private const int LongestName = 200;

    /// <summary><c>GET /feedback?run=…&amp;key=…&amp;source=…</c></summary>
    public async Task<LangSmithAnswer> ListAsync(LangSmithCall call)
    {
        await stored.WaitAsync(call.Aborted);
        var query = new AnnotationQuery(call.Project, AnnotationQuery.AllTime)
        {
            OthersOnly = true,
            Observations = [.. call.Ids("run")],
            Names = [.. call.Parameters("key")],
            Sources = [.. call.Parameters("source").SelectMany(Sources).Distinct()],
            Sessions = [.. call.Ids("session").Select(id => id.ToString())],
        };
        var offset = call.Offset();
        if (offset > OffsetPages.Farthest)
        {
            throw LangSmithRefusal.Invalid("offset", $"may be at most {OffsetPages.Farthest}; ask by run or by key");
        }
        var items = await OffsetPages.ReadAsync(offset, call.Limit(), async (cursor, size) =>
        {
            var page = await reader.ReadAnnotationsAsync(new AnnotationPageRequest(query, size) { Cursor = cursor }, call.Aborted);
            return (page.Items, page.Next);
        });
        return new(new JsonArray([.. items.Select(Write)]));
    }

    public async Task<LangSmithAnswer> ReadAsync(LangSmithCall call) => new(Write(await KnownAsync(call)));

    /// <summary>Only what the body names is changed; null clears.</summary>
    public async Task<LangSmithAnswer> ChangeAsync(LangSmithCall call)
    {
        var said = await KnownAsync(call);
        var body = call.Object();
        if (body.ContainsKey("score"))
        {
            said = said with { Number = body["score"] is null ? null : RunFeedback.Score(body["score"]) ?? throw LangSmithRefusal.Invalid("score", "must be a number, true or false") };
        }
        if (body.ContainsKey("value"))
        {
            said = said with { Category = JsonFields.Short(LangSmithCall.Checked("value", RunFeedback.Value(body["value"])), LongestName) };
        }
        if (body.ContainsKey("comment"))
        {
            said = said with { Text = JsonFields.Short(LangSmithCall.Text(body, "comment"), LongestText) };
        }
        else if (body["correction"] is { } correction && said.Text.Length == 0)
        {
            said = said with { Text = JsonFields.Short(LangSmithCall.Checked("correction", RunFeedback.Value(correction), int.MaxValue), LongestText) };
        }
        await AppendAsync(said, call);
        return new(Write(said));
    }

    public async Task<LangSmithAnswer> DeleteAsync(LangSmithCall call)
    {
        await AppendAsync(await KnownAsync(call) with { Retracted = true }, call);
        return new(new JsonObject { ["message"] = "Feedback deleted" });
    }

    private async Task<Annotation> KnownAsync(LangSmithCall call)
    {
        var id = call.RouteId("id");
        await stored.WaitAsync(call.Aborted);
        var page = await reader.ReadAnnotationsAsync(new AnnotationPageRequest(new AnnotationQuery(call.Project, AnnotationQuery.AllTime) { Ids = [id] }, 1), call.Aborted);
        return page.Items is [var said] ? said : throw LangSmithRefusal.NotFound($"Feedback {id}");
    }

    private async Task AppendAsync(Annotation said, LangSmithCall call)
    {
        var result = await intake.AppendAsync(new[] { TelemetryRecord.Of(said) }, call.Aborted);
        if (!result.Accepted)
        {
            throw IngestRefusal.Busy(result.Refusal.Code, result.Refusal.Message, result.Refusal.RetryAfterSeconds);
        }
    }

    private static IEnumerable<string> Sources(string type) => type switch
    {
        "model" or "auto_eval" => ["evaluator", "validator"],
        "app" => ["human"],
        "api" => ["user", "implicit"],
        _ => throw LangSmithRefusal.Invalid("source", "must be api, model or app"),
    };

    private static JsonObject Write(Annotation said) => new()
    {
        ["id"] = said.Id.ToString(),
        ["created_at"] = RunJson.Time(said.Time),
        ["modified_at"] = RunJson.Time(said.Time),
        ["run_id"] = said.ObservationId == Guid.Empty || said.IsOfRequest ? null : said.ObservationId.ToString(),
        ["trace_id"] = Guid.TryParseExact(said.TraceId, "N", out var trace) ? trace.ToString() : null,
        ["session_id"] = Guid.TryParse(said.Session, CultureInfo.InvariantCulture, out var session) ? session.ToString() : null,
        ["key"] = said.Name,
        ["score"] = said.Number is { } number && double.IsFinite(number) ? number : null,
        ["value"] = said.Category.Length > 0 ? said.Category : null,
        ["comment"] = said.Text.Length > 0 ? said.Text : null,
        ["correction"] = null,
        ["feedback_source"] = new JsonObject
        {
            ["type"] = RunFeedback.SourceType(said.Source),
            ["metadata"] = new JsonObject(),
            ["user_id"] = said.Author.Length > 0 ? said.Author : null,
        },
    };
}
