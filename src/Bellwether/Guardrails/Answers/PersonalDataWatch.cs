using Bellwether.Detection;
using Bellwether.Exchange;

namespace Bellwether.Guardrails;

/// <summary>
/// Personal data and secrets in a text that comes in. The last <see cref="Behind"/> units always wait, which is longer than any
/// finding of several words; one without spaces waits until it is over, however long it is, up to <see cref="MostHeld"/>.
/// </summary>
/// <param name="table">What becomes of each kind.</param>
/// <param name="replace">What to write in place of a value.</param>
internal sealed class PersonalDataWatch(PersonalDataTable table, Func<PersonalDataType, PersonalDataAction, string, string> replace) : ITextWatch
{
    public const int Behind = 160;
    public const int MostHeld = 8 * 1024;
    private const int RescanEvery = 64;

    [ThreadStatic]
    private static FindingBuffer? s_found;

    private readonly string _boundaries = "\"{}<>|`";
    private int _lookedAt;
    private PersonalDataType? _swallowing;

    public Refusal? Cut { get; private set; }

    public int Look(TextWindow window, int released, bool final, List<Candidate> found)
    {
        var end = window.End;
        // Of a long text that waits, not every piece is worth a look.
        if (!final && end - released > 1_024 && end - _lookedAt < RescanEvery) { return released; }
        _lookedAt = end;
        var from = _swallowing is null ? released : Swallow(window, released, found);
        if (_swallowing is not null) { return end; }
        var findings = s_found ??= new FindingBuffer();
        PersonalDataScanner.Scan(window.Text, findings);
        var hold = final ? end : Math.Max(from, Math.Min(end - Behind, WordStart(window)));
        foreach (var finding in findings.Items)
        {
            var (start, stop) = (window.Origin + finding.Start, window.Origin + finding.End);
            if (stop <= from) { continue; }
            var action = table[finding.Type];
            if (action == PersonalDataAction.Block && stop <= hold)
            {
                Cut = GuardRefusals.PersonalDataInAnswer;
                found.Add(new Candidate(start, stop, null, finding.Type, action));
                return released;
            }
            var text = action is PersonalDataAction.Keep or PersonalDataAction.Block ? null : replace(finding.Type, action, window.Text[finding.Start..finding.End].ToString());
            found.Add(new Candidate(Math.Max(from, start), stop, text, finding.Type, action));
            if (stop > hold && start < hold && action != PersonalDataAction.Keep) { hold = Math.Max(from, start); }
        }
        return !final && end - hold > MostHeld ? Force(end, found, out _swallowing) : hold;
    }

    // Longer than may wait: what is known of it goes as a whole, and what follows of it with it.
    private static int Force(int end, List<Candidate> found, out PersonalDataType? swallowing)
    {
        swallowing = null;
        if (found.Count > 0 && found[^1] is { Text: not null } last && last.End >= end - 1)
        {
            swallowing = last.Type;
            found[^1] = last with { End = end };
            return end;
        }
        return end - Behind;
    }

    private int Swallow(TextWindow window, int released, List<Candidate> found)
    {
        var rest = window.From(released);
        var stop = _swallowing == PersonalDataType.PrivateKey ? AfterKey(window, released) : rest.IndexOfAny(" \t\r\n\"") is var space and >= 0 ? released + space : -1;
        var to = stop < 0 ? window.End : stop;
        if (to > released) { found.Add(new Candidate(released, to, "", null, PersonalDataAction.Keep)); }
        if (stop >= 0) { _swallowing = null; }
        return to;
    }

    private static int AfterKey(TextWindow window, int released)
    {
        // The mark may have begun before what is new.
        var from = Math.Max(window.Origin, released - 64);
        var text = window.From(from);
        var close = text.IndexOf("-----END", StringComparison.Ordinal);
        var tail = close < 0 ? -1 : text[(close + 8)..].IndexOf("-----", StringComparison.Ordinal);
        return tail < 0 ? -1 : Math.Max(released, from + close + 8 + tail + 5);
    }

    // Where the word that is not over begins. Scripts without spaces have no words to wait for.
    private int WordStart(TextWindow window)
    {
        var text = window.Text;
        var at = text.Length;
        while (at > 0 && text[at - 1] is var c && !char.IsWhiteSpace(c) && c < '\u2e80' && !_boundaries.Contains(c)) { at--; }
        return window.Origin + at;
    }
}
