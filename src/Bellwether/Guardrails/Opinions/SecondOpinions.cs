using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Bellwether.Detection;
using Bellwether.Gateway;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.Options;

namespace Bellwether.Guardrails;

/// <summary>A text whose harm the local detector is not sure of.</summary>
/// <param name="Unit">Index of the text in its prompt.</param>
/// <param name="Verdict">What is known of it.</param>
internal sealed record HarmDoubt(int Unit, TextVerdict Verdict);

/// <summary>
/// Asks a moderation endpoint about what the local detector is not sure of: through the gateway, within a budget and a time. When it
/// fails the local verdict stands, and that is counted.
/// </summary>
internal sealed class SecondOpinions
{
    private static readonly string s_endpoint = Observation.OwnEndpointPrefix + "moderation";

    // A provider's flag blocks from here on, as the local detector does.
    private const double BlockAt = 0.9;

    private readonly Func<OwnCalls> _calls;
    private readonly SecondOpinionOptions _options;
    private readonly OpinionBudget _budget;
    private readonly TimeProvider _clock;
    private readonly Counter<long> _opinions;

    /// <param name="calls">Asked for late: the gateway's stages, of which the guards are one, are a part of it.</param>
    public SecondOpinions(Func<OwnCalls> calls, IOptions<SecondOpinionOptions> options, IMeterFactory meters, TimeProvider clock)
    {
        (_calls, _options, _clock) = (calls, options.Value, clock);
        _budget = new OpinionBudget(clock, _options.CallsPerMinute);
        _opinions = meters.Create(MeterReadings.MeterName).CreateCounter<long>(
            "guardrails.second_opinions", description: "Texts about whose harm a moderation endpoint was asked, by what came of it: raised, lowered, kept, failed, over_budget.");
    }

    /// <returns>Both opinions together; null when there is no second one.</returns>
    public async Task<DetectorReport?> AskAsync(ProjectId project, SecondOpinion from, string text, DetectorReport local, CancellationToken cancellationToken)
    {
        if (!_budget.TryTake())
        {
            Count("over_budget");
            return null;
        }
        if (await SendAsync(project, from, text, cancellationToken) is not { } reply)
        {
            Count("failed");
            return null;
        }
        var report = Combine(local, reply);
        Count(report.Score > local.Score ? "raised" : report.Score < local.Score ? "lowered" : "kept");
        return report;
    }

    /// <summary>Who sees harm is believed more than who sees none: a flag raises the score to the higher of both, and its absence halves the way to the lower.</summary>
    internal static DetectorReport Combine(DetectorReport local, ModerationReply reply)
    {
        if (reply.Flagged)
        {
            var score = Math.Max(local.Score, reply.Score);
            var verdict = local.Verdict == DetectorVerdict.Block || reply.Score >= BlockAt ? DetectorVerdict.Block : DetectorVerdict.Flag;
            var names = reply.Categories.Count == 0 ? "harm" : string.Join(", ", reply.Categories);
            return local with { Score = score, Verdict = verdict, Reasons = [.. local.Reasons, $"A second opinion sees {names}."] };
        }
        return local with
        {
            Score = Math.Min(local.Score, (local.Score + reply.Score) / 2), Verdict = local.Verdict == DetectorVerdict.Block ? DetectorVerdict.Flag : DetectorVerdict.Pass,
            Reasons = [.. local.Reasons, "A second opinion sees no harm."],
        };
    }

    private async Task<ModerationReply?> SendAsync(ProjectId project, SecondOpinion from, string text, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = _clock.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), timeout, _options.Time, Timeout.InfiniteTimeSpan);
        try
        {
            var answer = await _calls().SendAsync(new OwnCall(project, "moderation", "/v1/moderations", Body(from.Model, text)) { Endpoint = s_endpoint, Provider = from.Provider }, timeout.Token);
            return answer.IsSuccess ? ModerationReply.Read(answer.Body) : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private byte[] Body(string? model, string text)
    {
        var half = _options.Characters / 2;
        var sent = text.Length <= _options.Characters ? text : $"{text[..half]}\n{text[^half..]}";
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("model", model ?? "omni-moderation-latest");
            // Half a pair of surrogates at the cut is no text.
            json.WriteString("input", Encoding.UTF8.GetBytes(sent));
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    private void Count(string outcome) => _opinions.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
