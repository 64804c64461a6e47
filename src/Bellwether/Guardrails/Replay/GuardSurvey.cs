using System.Collections.Immutable;
using Bellwether.Detection;

namespace Bellwether.Guardrails;

/// <summary>A score of a call, and what its detector's own thresholds make of it.</summary>
public readonly record struct SurveyScore(double Score, DetectorVerdict Verdict);

/// <summary>
/// How stored prompts score, so that a threshold can be chosen by what it would do. Of each call the highest score of a detector in a
/// channel counts; a call without a text in that channel has none.
/// </summary>
/// <param name="Calls">Looked at, newest first.</param>
/// <param name="Unreadable">Of them those whose prompt is not stored whole, or was not told by the gateway.</param>
/// <param name="Complete">False when the window holds more calls than the limit, or time ran out.</param>
public sealed record GuardSurvey(int Calls, int Unreadable, bool Complete, ImmutableDictionary<(string Guard, TextChannel Channel), ImmutableArray<SurveyScore>> Scores)
{
    /// <summary>The calls that could be read: what shares are of.</summary>
    public int Sample => Calls - Unreadable;

    /// <summary>How many calls would be flagged, those that would be blocked among them.</summary>
    /// <param name="threshold">Null: the detector's own.</param>
    public int Flagged(string guard, TextChannel channel, double? threshold) =>
        Of(guard, channel).Count(score => threshold is { } least ? score.Score >= least : score.Verdict is DetectorVerdict.Flag or DetectorVerdict.Block);

    /// <inheritdoc cref="Flagged"/>
    public int Blocked(string guard, TextChannel channel, double? threshold) =>
        Of(guard, channel).Count(score => threshold is { } least ? score.Score >= least : score.Verdict == DetectorVerdict.Block);

    /// <summary>Calls with a text in that channel.</summary>
    public int Scored(string guard, TextChannel channel) => Of(guard, channel).Length;

    private ImmutableArray<SurveyScore> Of(string guard, TextChannel channel) => Scores.TryGetValue((guard, channel), out var scores) ? scores : [];
}

/// <summary>The highest scores of one prompt.</summary>
internal sealed class PromptScores
{
    private readonly Dictionary<(string Guard, TextChannel Channel), SurveyScore> _highest = [];

    public IEnumerable<KeyValuePair<(string Guard, TextChannel Channel), SurveyScore>> Highest => _highest;

    public void Add(TextVerdict verdict, PromptDetectors ran, TextChannel channel)
    {
        if ((ran & PromptDetectors.Injection) != 0)
        {
            Take("injection", channel, verdict.Injection);
            if (verdict.Embedded != DetectorReport.Clean)
            {
                Take("injection", TextChannel.Document, verdict.Embedded);
            }
        }
        if ((ran & PromptDetectors.Harm) != 0)
        {
            Take("harm", channel, verdict.Harm);
        }
    }

    private void Take(string guard, TextChannel channel, DetectorReport report)
    {
        if (report.Verdict != DetectorVerdict.Unknown && (!_highest.TryGetValue((guard, channel), out var known) || report.Score > known.Score))
        {
            _highest[(guard, channel)] = new(report.Score, report.Verdict);
        }
    }
}

/// <summary>Adds scores up.</summary>
internal sealed class SurveyTally
{
    private readonly Dictionary<(string Guard, TextChannel Channel), ImmutableArray<SurveyScore>.Builder> _scores = [];
    private int _calls;
    private int _unreadable;

    /// <param name="scores">Null when the prompt could not be read.</param>
    public void Add(PromptScores? scores)
    {
        _calls++;
        _unreadable += scores is null ? 1 : 0;
        foreach (var (key, score) in scores?.Highest ?? [])
        {
            if (!_scores.TryGetValue(key, out var all))
            {
                _scores[key] = all = ImmutableArray.CreateBuilder<SurveyScore>();
            }
            all.Add(score);
        }
    }

    public GuardSurvey Result(bool complete) => new(_calls, _unreadable, complete, _scores.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.ToImmutable()));
}
