using System.Runtime.CompilerServices;

namespace Bellwether.Detection;

/// <summary>Reads a text once for all heads that count.</summary>
internal static class HarmReader
{
    /// <param name="heads">A bit for each <see cref="HarmHead"/> that is asked for; the numbers of the others are not worked out.</param>
    [SkipLocalsInit]
    public static HarmSignals Read(HarmModel model, ReadOnlySpan<char> text, uint heads, Deadline deadline = default)
    {
        var scanner = new TokenScanner(text, stackalloc char[TokenScanner.MaxWord]);
        var abuse = new MarginScan(model.Judges[0].Model, stackalloc TokenMark[MarginScan.Marks]);
        var request = new MarginScan(model.Judges[1].Model, stackalloc TokenMark[MarginScan.Marks]);
        var response = new MarginScan(model.Judges[2].Model, stackalloc TokenMark[MarginScan.Marks]);
        var rules = new RuleScan(HarmRules.All, stackalloc int[RuleScan.ScratchLength]);
        var density = new ConceptDensity(stackalloc float[ConceptDensity.ScratchLength]);
        var (features, concepts, masks) = (new HashedFeatures(), new ConceptState(), new MaskedWords());
        Span<int> slots = stackalloc int[HashedFeatures.MaxPerToken];
        var outOfTime = false;
        while (scanner.Next())
        {
            if (scanner.Signs.Tokens % InjectionReader.TokensBetweenLooks == 0 && deadline.HasPassed)
            {
                outOfTime = true;
                break;
            }
            var found = slots[..features.Read(scanner.Folded, slots)];
            if ((heads & 1) != 0)
            {
                abuse.Add(found, scanner.Start, scanner.End, scanner.StartsSentence);
            }
            if ((heads & 2) != 0)
            {
                request.Add(found, scanner.Start, scanner.End, scanner.StartsSentence);
            }
            if ((heads & 4) != 0)
            {
                response.Add(found, scanner.Start, scanner.End, scanner.StartsSentence);
            }
            var meant = ConceptTable.Shared.Read(scanner.Folded, scanner.Kind, ref concepts);
            if (masks.Ends(scanner.Folded, scanner.Kind, scanner.Start, scanner.End))
            {
                meant |= (ulong)HarmConcept.Masked;
            }
            rules.Add(meant, scanner.Start, scanner.End);
            density.Add(meant);
        }
        var signals = new HarmSignals { Tokens = scanner.Signs.Tokens, Rules = rules.Hits, OutOfTime = outOfTime };
        Write(ref abuse, HarmHead.Abuse, ref signals);
        Write(ref request, HarmHead.Request, ref signals);
        Write(ref response, HarmHead.Response, ref signals);
        for (var concept = 0; concept < HarmConcepts.Count; concept++)
        {
            signals.Densities[concept] = density.Of(HarmConcepts.First + concept);
        }
        return signals;
    }

    private static void Write(ref MarginScan scan, HarmHead head, ref HarmSignals signals)
    {
        scan.Finish();
        signals.Worst[(int)head] = scan.Worst;
        signals.Whole[(int)head] = scan.Whole;
        signals.Spans[(int)head] = scan.WorstSpan;
    }
}

/// <summary>Finds words in which letters are starred out, as people write what they should not: f**k, sh*t, a$$.</summary>
internal struct MaskedWords
{
    private int _lettersEnd, _starsEnd;
    private bool _stars;

    /// <summary>True when the token ends such a word.</summary>
    public bool Ends(ReadOnlySpan<char> folded, CharClass kind, int start, int end)
    {
        var ends = false;
        if (kind == CharClass.Letter)
        {
            ends = _stars && start == _starsEnd;
            _stars = false;
            _lettersEnd = end;
        }
        else
        {
            // A formula has digits or spaces at one side at least: 2*x, a * b.
            _stars = kind == CharClass.Other && start == _lettersEnd && start > 0 && AreStars(folded);
            _starsEnd = end;
        }
        return ends;
    }

    // A loop: a search of six signs costs more to begin than to do.
    private static bool AreStars(ReadOnlySpan<char> signs)
    {
        foreach (var sign in signs)
        {
            if (sign is not ('*' or '$' or '#' or '@')) { return false; }
        }
        return true;
    }
}
