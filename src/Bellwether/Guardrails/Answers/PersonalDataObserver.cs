using Bellwether.Detection;
using Bellwether.Exchange;

namespace Bellwether.Guardrails;

/// <summary>Personal data and secrets of an answer that goes out as it is: only looks, and nothing waits for it.</summary>
internal sealed class PersonalDataObserver(Action<Candidate> noted) : ITextWatch
{
    private const int LookEvery = 2_048;

    [ThreadStatic]
    private static FindingBuffer? s_found;

    private int _judged;

    public int Needs => _judged;

    public Refusal? Cut => null;

    public int Look(TextWindow window, int released, bool final, List<Candidate> found)
    {
        var end = window.End;
        if (end == _judged || (!final && end - _judged < LookEvery)) { return end; }
        var upTo = final ? end : end - PersonalDataWatch.Behind;
        var findings = s_found ??= new FindingBuffer();
        PersonalDataScanner.Scan(window.Text, findings);
        foreach (var finding in findings.Items)
        {
            var (start, stop) = (window.Origin + finding.Start, window.Origin + finding.End);
            if (stop > upTo)
            {
                upTo = Math.Max(_judged, Math.Min(upTo, start));
                break;
            }
            if (stop > _judged) { noted(new Candidate(start, stop, null, finding.Type, PersonalDataAction.Keep)); }
        }
        _judged = Math.Max(_judged, upTo);
        return end;
    }
}
