using System.Collections.Immutable;
using Bellwether.Exchange;
using Bellwether.Telemetry;

namespace Bellwether.Guardrails;

/// <summary>Adds up what a policy would have done.</summary>
internal sealed class ReplayTally
{
    private readonly Dictionary<(string Guard, string Action), int> _outcomes = [];
    private readonly Dictionary<string, (int Calls, int Found, int Acted)> _endpoints = [];
    private readonly List<ReplayExample> _examples = [];
    private int _unreadable;

    public int Calls { get; private set; }

    /// <param name="findings">Null when the prompt could not be read.</param>
    public void Add(Observation call, ImmutableArray<CallFinding>? findings)
    {
        Calls++;
        if (findings is not { } found)
        {
            _unreadable++;
            return;
        }
        var acted = false;
        foreach (var finding in found)
        {
            _outcomes[(finding.Guard, finding.Action)] = _outcomes.GetValueOrDefault((finding.Guard, finding.Action)) + 1;
            acted |= finding.Action != GuardActions.Observe;
            _examples.Add(new ReplayExample(call.Id, finding.Guard, finding.Action, finding.Score, finding.Place));
        }
        var counts = _endpoints.GetValueOrDefault(call.Endpoint);
        _endpoints[call.Endpoint] = (counts.Calls + 1, counts.Found + (found.IsEmpty ? 0 : 1), counts.Acted + (acted ? 1 : 0));
    }

    public GuardReplayResult Result(bool complete, int mostEndpoints, int mostExamples) => new(
        Calls, _unreadable, complete,
        [.. _outcomes.OrderByDescending(outcome => outcome.Value).ThenBy(outcome => outcome.Key.Guard, StringComparer.Ordinal).ThenBy(outcome => outcome.Key.Action, StringComparer.Ordinal)
            .Select(outcome => new ReplayOutcome(outcome.Key.Guard, outcome.Key.Action, outcome.Value, Math.Round((double)outcome.Value / Math.Max(1, Calls - _unreadable), 6)))],
        [.. _endpoints.Where(endpoint => endpoint.Value.Found > 0).OrderByDescending(endpoint => endpoint.Value.Acted).ThenByDescending(endpoint => endpoint.Value.Found).Take(mostEndpoints)
            .Select(endpoint => new ReplayEndpoint(endpoint.Key, endpoint.Value.Calls, endpoint.Value.Found, endpoint.Value.Acted))],
        [.. _examples.OrderByDescending(example => GuardActions.All.IndexOf(example.Action)).ThenByDescending(example => example.Score ?? 0).Take(mostExamples)]);
}
