using System.Collections.Immutable;
using Bellwether.Detection;
using Bellwether.Exchange;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Guardrails;

/// <summary>What a policy would have done to calls that are stored.</summary>
/// <param name="Calls">Looked at: those of the window that the policy applies to, newest first, as many as the limit allows.</param>
/// <param name="Unreadable">Of them those whose prompt is not stored whole, or was not told by the gateway.</param>
/// <param name="Complete">False when the window holds more calls than the limit, or time ran out.</param>
/// <param name="Outcomes">By guard and action, most frequent first.</param>
/// <param name="Endpoints">Where something would have happened, most frequent first; at most 20.</param>
/// <param name="Examples">At most 20, the strongest action first.</param>
public sealed record GuardReplayResult(
    int Calls, int Unreadable, bool Complete, ImmutableArray<ReplayOutcome> Outcomes, ImmutableArray<ReplayEndpoint> Endpoints, ImmutableArray<ReplayExample> Examples);

/// <param name="Rate">Of the readable calls, 0 to 1: among ordinary traffic, about the false positives to expect.</param>
public sealed record ReplayOutcome(string Guard, string Action, int Calls, double Rate);

/// <param name="Acted">Calls with more than an observation.</param>
public sealed record ReplayEndpoint(string Endpoint, int Calls, int Found, int Acted);

public sealed record ReplayExample(Guid ObservationId, string Guard, string Action, double? Score, string Place);

/// <summary>
/// Runs a policy over stored prompts. What redaction took out before storing shows as its placeholder, which counts as a finding of
/// its kind; answers are not looked at.
/// </summary>
public sealed class GuardReplay : IDisposable
{
    /// <summary>The most calls of one replay.</summary>
    public static readonly int MostCalls = 5_000;

    private const int PageSize = 200;
    private const int PayloadsAtOnce = 40;
    private const int MostExamples = 20;
    private const int MostEndpoints = 20;
    private const int MostWaiting = 8;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly TelemetryReader _reader;
    private readonly PromptJudge _judge;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _turn = new(1);
    private int _waiting;

    internal GuardReplay(TelemetryReader reader, PromptJudge judge, TimeProvider clock) => (_reader, _judge, _clock) = (reader, judge, clock);

    public void Dispose() => _turn.Dispose();

    /// <summary>One at a time, since it takes a core: others wait for their turn.</summary>
    /// <returns>Null when too many wait already.</returns>
    public async Task<GuardReplayResult?> RunAsync(GuardPolicy policy, TimeRange window, int limit, CancellationToken cancellationToken)
    {
        var (compiled, tally) = (new CompiledPolicy(policy), new ReplayTally());
        return await AloneAsync(compiled, window, limit, (call, payload) => tally.Add(call, Judge(call, payload, compiled)), cancellationToken) is { } complete
            ? tally.Result(complete, MostEndpoints, MostExamples)
            : null;
    }

    /// <summary>The scores of stored prompts: what share of the calls any threshold would reach.</summary>
    /// <param name="scope">Which calls.</param>
    /// <returns>Null when too many wait already.</returns>
    public async Task<GuardSurvey?> SurveyAsync(ProjectId project, GuardScope scope, TimeRange window, int limit, CancellationToken cancellationToken)
    {
        // Scores are asked for whatever a policy would do with them.
        var compiled = new CompiledPolicy(GuardPolicy.Default(project) with { AppliesTo = scope });
        var survey = new SurveyTally();
        return await AloneAsync(compiled, window, limit, (call, payload) => survey.Add(Readable(call, payload) is { } dialect ? _judge.Scores(payload.Input.Span, dialect, compiled) : null), cancellationToken) is { } complete
            ? survey.Result(complete)
            : null;
    }

    /// <returns>Whether all calls of the window were read; null when too many wait already.</returns>
    private async Task<bool?> AloneAsync(CompiledPolicy policy, TimeRange window, int limit, Action<Observation, ObservationPayload> judge, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting)
            {
                return null;
            }
            await _turn.WaitAsync(cancellationToken);
            try
            {
                // Judging takes a core for seconds, and who asks may be a page whose thread draws it.
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                return await ReadAsync(policy, window, Math.Clamp(limit, 1, MostCalls), judge, cancellationToken);
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<bool> ReadAsync(CompiledPolicy policy, TimeRange window, int limit, Action<Observation, ObservationPayload> judge, CancellationToken cancellationToken)
    {
        var read = 0;
        var start = _clock.GetTimestamp();
        string? cursor = null;
        do
        {
            var page = await _reader.ReadPageAsync(new ObservationPageRequest(policy.Policy.Project, window, PageSize) { Cursor = cursor }, cancellationToken);
            ImmutableArray<Observation> calls = [.. page.Items.Where(call => call.IsCall && policy.Matches(call.Endpoint, call.RequestModel, call.KeyId)).Take(limit - read)];
            foreach (var some in calls.Chunk(PayloadsAtOnce))
            {
                var payloads = await _reader.ReadPayloadsAsync(policy.Policy.Project, [.. some], cancellationToken);
                for (var i = 0; i < some.Length; i++)
                {
                    judge(some[i], payloads[i]);
                }
                read += some.Length;
                if (_clock.GetElapsedTime(start) > s_patience)
                {
                    return false;
                }
            }
            cursor = page.Next;
        }
        while (cursor is not null && read < limit);
        return cursor is null;
    }

    private static Dialect? Readable(Observation call, ObservationPayload payload)
    {
        var dialect = StoredPrompts.DialectOf(call);
        return dialect == Dialect.Opaque || payload.Input.IsEmpty || payload.InputTruncated || !RequestScanner.Scan(payload.Input.Span, dialect, out _).IsOk ? null : dialect;
    }

    /// <returns>Null when the prompt cannot be read.</returns>
    private ImmutableArray<CallFinding>? Judge(Observation call, ObservationPayload payload, CompiledPolicy policy)
    {
        if (Readable(call, payload) is not { } dialect)
        {
            return null;
        }
        var findings = _judge.Judge(payload.Input.Span, dialect, policy)?.Findings ?? [];
        var types = StoredPrompts.Redacted(payload.Input.Span) & (policy.Policy.PersonalData.Observe ? uint.MaxValue : policy.Policy.PersonalData.Upstream.Changing);
        if (types == 0)
        {
            return findings;
        }
        var action = PersonalDataActions.Name(PersonalDataActions.Strongest(policy.Policy.PersonalData.Upstream, types));
        var kinds = Enumerable.Range(0, PersonalDataTypes.Count).Where(type => (types >> type & 1) != 0).Select(type => ((PersonalDataType)type).Name());
        var known = findings.FirstOrDefault(finding => finding.Guard == "pii");
        return known is not null && GuardActions.All.IndexOf(known.Action) >= GuardActions.All.IndexOf(action) ? findings
            : [.. findings.Where(finding => finding.Guard != "pii"), new CallFinding("pii", action, "flag", null, "", "user", string.Join(", ", kinds), policy.Policy.Id)];
    }
}
