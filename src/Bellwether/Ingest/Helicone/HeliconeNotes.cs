using System.Text.Json;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>What is said of a call after it: feedback, scores, properties. Calls are named by our id or by the request id that their caller gave.</summary>
internal sealed class HeliconeNotes(ITelemetryIntake intake, TelemetryReader reader, TimeProvider time)
{
    // Calls are recorded at once and found by their request id once a batch is stored.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_lookBack = TimeSpan.FromDays(31);

    // {"rating":true}
    public async Task<ReceiverAnswer> FeedbackAsync(ApiKey key, string id, JsonElement body, CancellationToken cancellationToken)
    {
        if (!body.TryGetProperty("rating", out var rating) || rating.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return ReceiverAnswer.Bad("rating must be true or false.");
        }
        return await FindAsync(key.Project, id, cancellationToken) is { } call
            ? await SayAsync([Note(key, call, "user_feedback", "user", rating.GetBoolean() ? 1 : 0)], cancellationToken)
            : Unknown(id);
    }

    // Helicone's older form {"helicone-id":"…","rating":true}, or Portkey's {"trace_id":"…","value":1,"weight":1}
    public Task<ReceiverAnswer> FeedbackAsync(ApiKey key, JsonElement body, CancellationToken cancellationToken)
    {
        if (HeliconeLog.Text(body, "helicone-id") is { Length: > 0 } id)
        {
            return FeedbackAsync(key, id, body, cancellationToken);
        }
        if (HeliconeLog.Text(body, "trace_id") is not { Length: > 0 and <= 256 } trace)
        {
            return Task.FromResult(ReceiverAnswer.Bad("helicone-id (with rating) or trace_id (with value) must be a text."));
        }
        if (HeliconeLog.Number(body, "value") is not { } value)
        {
            return Task.FromResult(ReceiverAnswer.Bad("value must be a number."));
        }
        // Portkey's trace id is kept as the session of its calls.
        return SayAsync([new Annotation
        {
            Id = ObservationIds.Of("vote", DateTimeOffset.UnixEpoch, key.Project.Value, trace, "user_feedback"),
            Project = key.Project,
            Time = time.GetUtcNow(),
            ObservationId = Guid.Empty,
            Session = trace,
            Name = "user_feedback",
            Source = "user",
            Number = value,
        }], cancellationToken);
    }

    // {"scores":{"helpfulness":0.8,"grounded":true}}
    public async Task<ReceiverAnswer> ScoresAsync(ApiKey key, string id, JsonElement body, CancellationToken cancellationToken)
    {
        if (HeliconeLog.Object(body, "scores") is not { } scores)
        {
            return ReceiverAnswer.Bad("scores must be an object of names and numbers or booleans.");
        }
        foreach (var score in scores.EnumerateObject())
        {
            if (Score(score.Value) is null || score.Name.Length is 0 or > 128)
            {
                return ReceiverAnswer.Bad($"scores.{HeliconeLog.Cut(score.Name, 64)} must be a number or a boolean, under a name of 1 to 128 characters.");
            }
        }
        if (await FindAsync(key.Project, id, cancellationToken) is not { } call)
        {
            return Unknown(id);
        }
        return await SayAsync([.. scores.EnumerateObject().Select(score => Note(key, call, score.Name, "evaluator", Score(score.Value)!.Value))], cancellationToken);
    }

    // {"key":"team","value":"blue"}
    public async Task<ReceiverAnswer> PropertyAsync(ApiKey key, string id, JsonElement body, CancellationToken cancellationToken)
    {
        if (HeliconeLog.Text(body, "key") is not { Length: > 0 and <= 64 } name || !body.TryGetProperty("value", out var value) || value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False))
        {
            return ReceiverAnswer.Bad("key must be a text of 1 to 64 characters, and value a text, a number or a boolean.");
        }
        if (await FindAsync(key.Project, id, cancellationToken) is not { } found || await reader.ReadAsync(key.Project, found, cancellationToken) is not { } call)
        {
            return Unknown(id);
        }
        name = name.ToLowerInvariant();
        var kept = call.Observation.Properties.RemoveAll(property => property.Key == name);
        if (kept.Length >= 64)
        {
            return ReceiverAnswer.Bad("The call has 64 properties, which is the most it may have.");
        }
        var text = HeliconeLog.Cut(value.ToString(), 512);
        var changed = call.Observation with { Properties = kept.Add(new(name, text)) };
        return ReceiverAnswer.Of(await intake.AppendAsync(new[] { TelemetryRecord.Of(changed, call.Payload, mayReplace: true) }, cancellationToken));
    }

    private async Task<Guid?> FindAsync(ProjectId project, string id, CancellationToken cancellationToken)
    {
        if (id.Length is 0 or > 128)
        {
            return null;
        }
        var known = Guid.TryParse(id, out var guid);
        var start = time.GetTimestamp();
        while (true)
        {
            if (known && await reader.ReadAsync(project, guid, cancellationToken) is not null)
            {
                return guid;
            }
            var now = time.GetUtcNow();
            var page = await reader.ReadPageAsync(
                new ObservationPageRequest(project, new TimeRange(now - s_lookBack, now + TimeSpan.FromHours(1)), 1) { Where = [Filter.Eq("request_id", id)] }, cancellationToken);
            if (page.Items is [var first, ..])
            {
                return first.Id;
            }
            if (time.GetElapsedTime(start) >= s_patience)
            {
                return null;
            }
            await Task.Delay(s_pause, time, cancellationToken);
        }
    }

    private Annotation Note(ApiKey key, Guid call, string name, string source, double number) => new()
    {
        Id = ObservationIds.Of("vote", DateTimeOffset.UnixEpoch, key.Project.Value, call.ToString(), source, name),
        Project = key.Project,
        Time = time.GetUtcNow(),
        ObservationId = call,
        Name = name,
        Source = source,
        Number = number,
    };

    private async Task<ReceiverAnswer> SayAsync(IEnumerable<Annotation> annotations, CancellationToken cancellationToken) =>
        ReceiverAnswer.Of(await intake.AppendAsync(annotations.Select(note => TelemetryRecord.Of(note)).ToArray(), cancellationToken));

    private static double? Score(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.Number when value.TryGetDouble(out var number) && double.IsFinite(number) => number,
        _ => null,
    };

    private static ReceiverAnswer Unknown(string id) => ReceiverAnswer.NotFound($"No call of this project has the id '{HeliconeLog.Cut(id, 128)}'.");
}
