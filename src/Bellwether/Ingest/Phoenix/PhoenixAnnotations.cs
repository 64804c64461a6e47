using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>What Phoenix's annotations can be said of.</summary>
internal enum PhoenixTarget { Span, Trace, Session, Document }

/// <summary>Annotations of spans, traces, sessions and documents, in and out. What they are said of need not have arrived yet.</summary>
internal sealed class PhoenixAnnotations(ITelemetryIntake intake, TelemetryReader reader, PhoenixMeters meters)
{
    private const int LongestName = 200;
    private const int LongestText = 10_000;
    private const int MostTargets = 500;

    /// <summary>What can be kept is kept. If something could not, the answer is Phoenix's 422, which names what was wrong with it; sending all of it again changes nothing.</summary>
    public async Task<PhoenixAnswer> CreateAsync(PhoenixCall call, PhoenixTarget target)
    {
        if (call.Body!["data"] is not JsonArray { Count: > 0 } said)
        {
            throw PhoenixRefusal.Invalid("data: must be an array of annotations");
        }
        var ids = said.Select(item => JsonFields.Text(JsonFields.Get(item, Member(target)))).ToList();
        var steps = target is PhoenixTarget.Span or PhoenixTarget.Document ? await StepsAsync(call, ids) : [];
        var annotations = new List<Annotation>();
        PhoenixRefusal? refusal = null;
        foreach (var (index, item) in said.Index())
        {
            try
            {
                annotations.Add(Map(call, target, item, index, ids[index], steps));
            }
            catch (PhoenixRefusal wrong)
            {
                refusal ??= wrong;
            }
        }
        meters.Rejected(said.Count - annotations.Count);
        if (annotations.Count == 0)
        {
            throw refusal!;
        }
        var result = await intake.AppendAsync(annotations.Select(TelemetryRecord.Of).ToArray(), call.CancellationToken);
        if (!result.Accepted)
        {
            throw IngestRefusal.Busy(result.Refusal.Code, result.Refusal.Message, result.Refusal.RetryAfterSeconds);
        }
        meters.Accepted("annotation", annotations.Count);
        if (refusal is not null)
        {
            throw PhoenixRefusal.Invalid(string.Create(CultureInfo.InvariantCulture, $"{refusal.Message}; {annotations.Count} of {said.Count} annotations were kept"));
        }
        return new PhoenixAnswer(new JsonObject { ["data"] = new JsonArray([.. annotations.Select(annotation => (JsonNode)new JsonObject { ["id"] = Id(target, annotation.Id) })]) });
    }

    public async Task<PhoenixAnswer> ListAsync(PhoenixCall call, PhoenixTarget target)
    {
        var wanted = call.QueryAll(Member(target) + "s");
        if (wanted.Length is 0 or > MostTargets)
        {
            throw PhoenixRefusal.Invalid($"{Member(target)}s: 1 to {MostTargets} are needed");
        }
        var query = new AnnotationQuery(call.Project, AnnotationQuery.AllTime) { Names = [.. call.QueryAll("include_annotation_names")], OthersOnly = true };
        // By every id by which a span's annotations may name it.
        var spans = new Dictionary<Guid, string>();
        switch (target)
        {
            case PhoenixTarget.Trace:
                query = query with { Traces = [.. wanted.Select(id => id.ToLowerInvariant())] };
                break;
            case PhoenixTarget.Session:
                query = query with { Sessions = [.. wanted] };
                break;
            default:
                foreach (var id in wanted)
                {
                    spans[ObservationIds.OfSpan(call.Project, id.ToLowerInvariant())] = id;
                }
                foreach (var (id, step) in await StepsAsync(call, wanted))
                {
                    spans[step.Id] = id;
                }
                query = query with { Observations = [.. spans.Keys] };
                break;
        }
        var page = await reader.ReadAnnotationsAsync(
            new AnnotationPageRequest(query, call.Limit(usual: 100, most: 1_000)) { Cursor = call.Query("cursor") is { Length: > 0 } cursor ? cursor : null }, call.CancellationToken);
        var excluded = call.QueryAll("exclude_annotation_names");
        return PhoenixAnswer.Page(
            page.Items.Where(annotation => !excluded.Contains(annotation.Name) && (target != PhoenixTarget.Trace || annotation.ObservationId == Guid.Empty))
                .Select(annotation => (JsonNode)Json(target, annotation, target switch
                {
                    PhoenixTarget.Trace => annotation.TraceId,
                    PhoenixTarget.Session => annotation.Session,
                    _ => spans.GetValueOrDefault(annotation.ObservationId, ""),
                })),
            page.Next);
    }

    private static Annotation Map(PhoenixCall call, PhoenixTarget target, JsonNode? item, int index, string id, Dictionary<string, Observation> steps)
    {
        string Field(string name) => string.Create(CultureInfo.InvariantCulture, $"data[{index}].{name}");
        var name = JsonFields.Text(JsonFields.Get(item, "name"));
        var kind = JsonFields.Text(JsonFields.Get(item, "annotator_kind"));
        var result = JsonFields.Get(item, "result");
        var score = JsonFields.Number(JsonFields.Get(result, "score"));
        var label = JsonFields.Text(JsonFields.Get(result, "label"));
        var explanation = JsonFields.Text(JsonFields.Get(result, "explanation"));
        if (id.Length is 0 or > LongestName)
        {
            throw PhoenixRefusal.Invalid(Field(Member(target)) + $": must have 1 to {LongestName} characters");
        }
        if (name.Length is 0 or > LongestName)
        {
            throw PhoenixRefusal.Invalid(Field("name") + $": must have 1 to {LongestName} characters");
        }
        if (kind is not ("LLM" or "CODE" or "HUMAN"))
        {
            throw PhoenixRefusal.Invalid(Field("annotator_kind") + ": must be LLM, CODE or HUMAN");
        }
        if (score is null && label.Length == 0 && explanation.Length == 0)
        {
            throw PhoenixRefusal.Invalid(Field("result") + ": needs a label, a score or an explanation");
        }
        if (target == PhoenixTarget.Document)
        {
            if (JsonFields.Count(JsonFields.Get(item, "document_position")) is not { } position)
            {
                throw PhoenixRefusal.Invalid(Field("document_position") + ": must be a number from 0");
            }
            name = JsonFields.Short(string.Create(CultureInfo.InvariantCulture, $"{name}[{position}]"), LongestName);
        }
        var identifier = JsonFields.Short(JsonFields.Text(JsonFields.Get(item, "identifier")), LongestName);
        var step = steps.GetValueOrDefault(id);
        var isStep = target is PhoenixTarget.Span or PhoenixTarget.Document;
        return new Annotation
        {
            // The same name of the same identifier on the same thing is the same annotation.
            Id = ObservationIds.Of("phoenix-annotation", DateTimeOffset.UnixEpoch, call.Project.Value, target == PhoenixTarget.Document ? "Span" : target.ToString(), id.ToLowerInvariant(), name, identifier),
            Project = call.Project,
            Time = call.Now,
            ObservationId = !isStep ? Guid.Empty : step?.Id ?? ObservationIds.OfSpan(call.Project, id.ToLowerInvariant()),
            TraceId = target == PhoenixTarget.Trace ? id.ToLowerInvariant() : step?.TraceId ?? "",
            Session = target == PhoenixTarget.Session ? id : "",
            Name = name,
            Source = kind switch { "LLM" => "evaluator", "CODE" => "validator", _ => "human" },
            Number = score,
            Category = JsonFields.Short(label, LongestName),
            Text = JsonFields.Short(explanation, LongestText),
            Author = identifier,
        };
    }

    private static JsonObject Json(PhoenixTarget target, Annotation annotation, string id) => new()
    {
        ["id"] = Id(target, annotation.Id),
        ["created_at"] = PhoenixSpanJson.Time(annotation.Time),
        ["updated_at"] = PhoenixSpanJson.Time(annotation.Time),
        ["source"] = "API",
        ["user_id"] = null,
        ["name"] = annotation.Name,
        ["annotator_kind"] = annotation.Source switch { "evaluator" => "LLM", "validator" => "CODE", _ => "HUMAN" },
        ["result"] = new JsonObject { ["label"] = annotation.Category.Length > 0 ? annotation.Category : null, ["score"] = annotation.Number, ["explanation"] = annotation.Text.Length > 0 ? annotation.Text : null },
        ["metadata"] = new JsonObject(),
        ["identifier"] = annotation.Author,
        [Member(target)] = id,
    };

    // The steps of these span ids that are stored, by the ids as they were given.
    private async Task<Dictionary<string, Observation>> StepsAsync(PhoenixCall call, IReadOnlyCollection<string> ids)
    {
        var found = new Dictionary<string, Observation>(StringComparer.Ordinal);
        foreach (var some in ids.Where(id => id.Length > 0).Distinct().Chunk(MostTargets))
        {
            var request = new ObservationPageRequest(call.Project, PhoenixProjects.Window(call.Now), 1_000) { Where = [new Filter("span_id", FilterOp.In, [.. some.Select(id => id.ToLowerInvariant())])] };
            var page = await reader.ReadPageAsync(request, call.CancellationToken);
            foreach (var id in some)
            {
                if (page.Items.FirstOrDefault(step => step.SpanId.Equals(id, StringComparison.OrdinalIgnoreCase)) is { } step)
                {
                    found[id] = step;
                }
            }
        }
        return found;
    }

    private static string Member(PhoenixTarget target) => target switch { PhoenixTarget.Trace => "trace_id", PhoenixTarget.Session => "session_id", _ => "span_id" };

    private static string Id(PhoenixTarget target, Guid id) => PhoenixIds.Of(target == PhoenixTarget.Document ? "DocumentAnnotation" : target + "Annotation", id);
}
