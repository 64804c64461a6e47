using System.Text.Json;
using Bellwether.Feedback;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>
/// Keeps logs, and what is said of a call after it: feedback, scores, properties. Calls are named by their id here or by the request
/// id that their caller gave them.
/// </summary>
internal sealed class HeliconeReceiver(FeedbackIntake feedback, ITelemetryIntake intake, TelemetryReader reader, StoredBefore stored, TimeProvider clock) : IDisposable
{
    private const int LongestId = 128;
    private const int LongestName = 128;
    private const int MostScores = 100;
    private const int MostProperties = 64;

    // What is said of a call may come a little before it.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_lookBack = TimeSpan.FromDays(31);

    // Reading a call and handing over its next version are one step, or two properties of one call would forget each other.
    private readonly SemaphoreSlim _step = new(1, 1);

    public async Task<HeliconeReply> KeepAsync(TelemetryRecord record, CancellationToken cancellationToken) =>
        HeliconeReply.Of(await intake.AppendAsync(new[] { record }, cancellationToken));

    // {"rating":true}
    public async Task<HeliconeReply> RateAsync(OtlpSender sender, string id, JsonElement body, CancellationToken cancellationToken)
    {
        if (!body.TryGetProperty("rating", out var rating) || rating.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return HeliconeReply.Bad("rating must be true or false.");
        }
        if (!IsId(id))
        {
            return BadId;
        }
        var target = await TargetAsync(sender.Key.Project, id, cancellationToken);
        return await SayAsync([new UserFeedback { Project = sender.Key.Project, Target = target, Number = rating.GetBoolean() ? 1 : 0 }], cancellationToken);
    }

    // Helicone's older form {"helicone-id":"…","rating":true}, or Portkey's {"trace_id":"…","value":1,"weight":1,"metadata":{"_user":"u-1"}}
    public Task<HeliconeReply> RateAsync(OtlpSender sender, JsonElement body, CancellationToken cancellationToken)
    {
        if (HeliconeLog.Text(body, "helicone-id") is { Length: > 0 } id)
        {
            return RateAsync(sender, id, body, cancellationToken);
        }
        if (HeliconeLog.Text(body, "trace_id") is not { Length: > 0 and <= 256 } trace)
        {
            return Task.FromResult(HeliconeReply.Bad("helicone-id (with rating) or trace_id (with value) must be a text."));
        }
        if (HeliconeLog.Number(body, "value") is not { } value)
        {
            return Task.FromResult(HeliconeReply.Bad("value must be a number."));
        }
        var author = HeliconeLog.Object(body, "metadata") is { } metadata ? HeliconeLog.Text(metadata, "_user") : "";
        // Portkey's trace id is kept as the session of its calls.
        return SayAsync([new UserFeedback { Project = sender.Key.Project, Target = FeedbackTarget.OfSession(trace), Number = value, Author = JsonFields.Short(author, 256) }], cancellationToken);
    }

    // {"scores":{"helpfulness":0.8,"grounded":true}}
    public async Task<HeliconeReply> ScoreAsync(OtlpSender sender, string id, JsonElement body, CancellationToken cancellationToken)
    {
        if (HeliconeLog.Object(body, "scores") is not { } scores || scores.GetPropertyCount() is 0 or > MostScores)
        {
            return HeliconeReply.Bad($"scores must be an object of 1 to {MostScores} names with numbers or booleans.");
        }
        foreach (var score in scores.EnumerateObject())
        {
            if (Score(score.Value) is null || score.Name.Length is 0 or > LongestName)
            {
                return HeliconeReply.Bad($"scores.{JsonFields.Short(score.Name, 64)} must be a number or a boolean, under a name of 1 to {LongestName} characters.");
            }
        }
        if (!IsId(id))
        {
            return BadId;
        }
        var target = await TargetAsync(sender.Key.Project, id, cancellationToken);
        return await SayAsync(
            [.. scores.EnumerateObject().Select(score => new UserFeedback { Project = sender.Key.Project, Target = target, Name = score.Name, Source = "evaluator", Number = Score(score.Value) })],
            cancellationToken);
    }

    // {"key":"team","value":"blue"}
    public async Task<HeliconeReply> SetPropertyAsync(OtlpSender sender, string id, JsonElement body, CancellationToken cancellationToken)
    {
        if (HeliconeLog.Text(body, "key") is not { Length: > 0 and <= 64 } name
            || !body.TryGetProperty("value", out var value) || value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False))
        {
            return HeliconeReply.Bad("key must be a text of 1 to 64 characters, and value a text, a number or a boolean.");
        }
        if (!IsId(id))
        {
            return BadId;
        }
        var project = sender.Key.Project;
        if (await FindAsync(project, id, cancellationToken) is not { } found)
        {
            return HeliconeReply.NotFound($"No call of this project has the id '{id}'.");
        }
        Task<AppendResult> kept;
        await _step.WaitAsync(cancellationToken);
        try
        {
            if (await PriorVersions.FindAsync(intake, reader, project, found, cancellationToken) is not { Observation: { } observation, Payload: var payload })
            {
                return HeliconeReply.NotFound($"No call of this project has the id '{id}'.");
            }
            var others = observation.Properties.RemoveAll(property => property.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (others.Length >= MostProperties)
            {
                return HeliconeReply.Bad($"The call has {MostProperties} properties, which is the most it may have.");
            }
            // As those that come in headers, whose names have no case.
            var changed = observation with { Properties = others.Add(new(name.ToLowerInvariant(), JsonFields.Short(value.ToString(), 512))) };
            kept = intake.AppendAsync(new[] { TelemetryRecord.Of(changed, payload with { SearchText = "" }, mayReplace: true) }, cancellationToken).AsTask();
        }
        finally
        {
            _step.Release();
        }
        return HeliconeReply.Of(await kept);
    }

    public void Dispose() => _step.Dispose();

    private static HeliconeReply BadId => HeliconeReply.Bad($"The id must have 1 to {LongestId} printable characters.");

    private static bool IsId(string id) => id.Length is > 0 and <= LongestId && !id.Any(char.IsControl);

    // The request id wherever the id is one, or may become one: the call need not have arrived, and a later vote must replace this one.
    private async ValueTask<FeedbackTarget> TargetAsync(ProjectId project, string id, CancellationToken cancellationToken) =>
        Guid.TryParse(id, out var guid) && await reader.FindAsync(project, guid, cancellationToken) is { } call && !call.RequestId.Equals(id, StringComparison.OrdinalIgnoreCase)
            ? FeedbackTarget.Observation(guid)
            : FeedbackTarget.Request(id);

    private async ValueTask<Guid?> FindAsync(ProjectId project, string id, CancellationToken cancellationToken)
    {
        var known = Guid.TryParse(id, out var guid);
        await stored.WaitAsync(cancellationToken);
        var start = clock.GetTimestamp();
        while (true)
        {
            if (known && await reader.FindAsync(project, guid, cancellationToken) is not null)
            {
                return guid;
            }
            var now = clock.GetUtcNow();
            var page = await reader.ReadPageAsync(
                new ObservationPageRequest(project, new TimeRange(now - s_lookBack, now + TimeSpan.FromHours(1)), 1) { Where = [Filter.Eq("request_id", id)] }, cancellationToken);
            if (page.Items is [var first, ..])
            {
                return first.Id;
            }
            if (clock.GetElapsedTime(start) >= s_patience)
            {
                return null;
            }
            await Task.Delay(s_pause, clock, cancellationToken);
        }
    }

    private async Task<HeliconeReply> SayAsync(IReadOnlyList<UserFeedback> said, CancellationToken cancellationToken) =>
        HeliconeReply.Of((await feedback.AcceptAsync(said, cancellationToken)).Result);

    private static double? Score(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.Number when value.TryGetDouble(out var number) && double.IsFinite(number) => number,
        _ => null,
    };
}
