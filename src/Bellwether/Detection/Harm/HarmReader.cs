using System.Runtime.CompilerServices;

namespace Bellwether.Detection;

/// <summary>Reads a text once for all heads that count.</summary>
internal static class HarmReader
{
    /// <param name="heads">A bit for each <see cref="HarmHead"/> that is asked for; the numbers of the others are not worked out.</param>
    [SkipLocalsInit]
    public static HarmSignals Read(HarmModel model, ReadOnlySpan<char> text, uint heads, Deadline deadline = default)
    {
        var reader = new BatchReader(text, stackalloc char[TokenScanner.MaxWord], Reading.Plain, deadline);
        var batch = new TokenBatch(stackalloc BatchToken[TokenBatch.MostTokens], stackalloc int[TokenBatch.MostSlots], stackalloc char[TokenBatch.MostChars]);
        var abuse = new MarginScan(model.Judges[0].Model, stackalloc TokenMark[MarginScan.Marks]);
        var request = new MarginScan(model.Judges[1].Model, stackalloc TokenMark[MarginScan.Marks]);
        var response = new MarginScan(model.Judges[2].Model, stackalloc TokenMark[MarginScan.Marks]);
        var rules = new RuleScan(HarmRules.All, stackalloc int[RuleScan.ScratchLength]);
        var density = new ConceptDensity(stackalloc float[ConceptDensity.ScratchLength]);
        var (masks, number) = (new MaskedWords(), 0);
        while (reader.Next(ref batch))
        {
            if ((heads & 1) != 0)
            {
                abuse.Add(batch.Tokens, batch.Slots);
            }
            if ((heads & 2) != 0)
            {
                request.Add(batch.Tokens, batch.Slots);
            }
            if ((heads & 4) != 0)
            {
                response.Add(batch.Tokens, batch.Slots);
            }
            foreach (ref readonly var token in batch.Tokens)
            {
                number++;
                var meant = token.Meant;
                if (masks.Ends(batch, token))
                {
                    meant |= (ulong)HarmConcept.Masked;
                }
                if (meant != 0)
                {
                    rules.Add(meant, number, token.Start, token.End);
                    density.Add(meant, number);
                }
            }
        }
        var signals = new HarmSignals { Letters = reader.Signs.Letters, Rules = rules.Hits, OutOfTime = reader.OutOfTime };
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Ends(in TokenBatch batch, in BatchToken token)
    {
        var ends = false;
        if (token.Kind == CharClass.Letter)
        {
            ends = _stars && token.Start == _starsEnd;
            _stars = false;
            _lettersEnd = token.End;
        }
        else
        {
            // A formula has digits or spaces at one side at least: 2*x, a * b.
            _stars = token.Kind == CharClass.Other && token.Start == _lettersEnd && token.Start > 0 && AreStars(batch.Word(token));
            _starsEnd = token.End;
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
