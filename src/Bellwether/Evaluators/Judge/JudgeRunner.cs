using Bellwether.Gateway;
using Bellwether.Pricing;
using Bellwether.Primitives;
using Bellwether.Quality;
using Bellwether.Telemetry;

namespace Bellwether.Evaluators;

/// <summary>How asking a judge ended.</summary>
internal enum JudgeOutcome { Judged, Failed, OverBudget }

/// <summary>
/// Asks a model for a verdict through the gateway: within the evaluator's budget of the day, again after a pause when the provider has no
/// time or its answer cannot be read, without the schema when the server does not take one.
/// </summary>
internal sealed class JudgeRunner(OwnCalls calls, TelemetryReader reader, IPriceBook prices, SpendLedger ledger, TimeProvider clock)
{
    /// <summary>Feature name of the calls.</summary>
    public static readonly string Endpoint = Observation.OwnEndpointPrefix + "evaluator";

    private const int Tries = 3;
    // What a provider may count beyond the text itself: roles, separators, its own words about the format.
    private const int Overhead = 300;
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestCall = TimeSpan.FromSeconds(90);

    public static string Spender(Evaluator evaluator) => "evaluator:" + evaluator.Id;

    public async Task<(JudgeOutcome Outcome, Verdict Verdict)> RunAsync(Evaluator evaluator, Observation observation, AnswerUnderTest call, CancellationToken cancellationToken)
    {
        var structured = true;
        for (var (attempt, pause) = (1, s_firstPause); ; attempt++, pause *= 2)
        {
            var body = JudgePrompt.Write(evaluator, call, structured);
            if (await SendAsync(evaluator, observation, body, cancellationToken) is not { } answer) { return (JudgeOutcome.OverBudget, default); }
            if (answer.IsSuccess && JudgeReply.TryRead(answer.Body, out var score, out var reason))
            {
                return (JudgeOutcome.Judged, new Verdict(score, score >= evaluator.Threshold, reason));
            }
            // A request that the server finds wrong is only worth another try without what it may not know.
            var isRefused = answer.Status is >= 400 and < 500 and not (408 or 409 or 429);
            if (attempt == Tries || (isRefused && !(structured && answer.Status is 400 or 422))) { return (JudgeOutcome.Failed, default); }
            if (isRefused) { structured = false; }
            // Not all at the same moment again.
            else { await Task.Delay(pause * (0.75 + (Random.Shared.NextDouble() / 2)), clock, cancellationToken); }
        }
    }

    private async Task<OwnAnswer?> SendAsync(Evaluator evaluator, Observation observation, byte[] body, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (day, spender) = (DateOnly.FromDateTime(now.UtcDateTime), Spender(evaluator));
        // A token is at least a byte, so this is the most that the call can come to.
        var most = Amount(prices.Quote("", evaluator.Model, new Usage { InputTokens = body.Length + Overhead, OutputTokens = JudgePrompt.MostOutputTokens }, now), body.Length + Overhead + JudgePrompt.MostOutputTokens);
        if (!await ledger.ReserveAsync(spender, day, most, evaluator.MaxUsdPerDay, evaluator.MaxTokensPerDay, cancellationToken)) { return null; }
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = clock.CreateTimer(_ => timeout.Cancel(), null, s_longestCall, Timeout.InfiniteTimeSpan);
        OwnAnswer answer;
        try
        {
            answer = await calls.SendAsync(new OwnCall(evaluator.Project, "evaluator:" + evaluator.Name, "/v1/chat/completions", body)
            {
                Endpoint = Endpoint, Provider = evaluator.Provider,
                Properties = [new("evaluator", evaluator.Name), new("judged", observation.Id.ToString())],
            }, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What it came to is not known, so what was reserved stays.
            return new OwnAnswer(Guid.Empty, 408, default);
        }
        if (await ActualAsync(evaluator.Project, answer, cancellationToken) is { } actual)
        {
            await ledger.SettleAsync(spender, day, most, actual, cancellationToken);
        }
        return answer;
    }

    // The price that is stored with the call, from the usage that its answer named. Null: an answer that named none, which may have cost anything.
    private async Task<SpendAmount?> ActualAsync(ProjectId project, OwnAnswer answer, CancellationToken cancellationToken)
    {
        if (await reader.ReadAsync(project, answer.Id, cancellationToken) is not { Observation: var call }) { return null; }
        if (!call.Usage.IsKnown) { return answer.IsSuccess ? null : default(SpendAmount); }
        return Amount(call.Cost ?? CallPricing.Price(prices, PricedCall.Of(call)), call.Usage.TotalTokens);
    }

    private static SpendAmount Amount(Cost? cost, long tokens) => cost is null ? SpendAmount.OfTokens(tokens) : SpendAmount.OfUsd(cost.TotalUsd);
}
