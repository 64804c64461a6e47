using System.Buffers;
using System.Runtime.CompilerServices;

namespace Bellwether.Detection;

/// <summary>Reads a text as it stands, and again for each disguise of which the first reading saw signs.</summary>
internal static class InjectionReader
{
    private const int LeastSpaced = 5, LeastLeet = 2, LeastCoded = 16;
    // Of a long text only both ends are read again: four readings of a megabyte would take four times as long, and the sender chooses.
    private const int ReadAgainAtEachEnd = 32 * 1024;
    // What is ordinary in a text is known after its first part; only there, and at the end, surprise is followed.
    private const int SurpriseBody = 64 * 1024, SurpriseTail = 1024;

    public static InjectionSignals Read(InjectionModel model, ReadOnlySpan<char> text, TextChannel channel, Deadline deadline = default)
    {
        var hashed = InjectionModel.IsDocument(channel) ? model.Documents : model.Prompts;
        var signals = new InjectionSignals { DisguisedWorst = float.NegativeInfinity };
        var concepts = ReadPlain(model, hashed, text, deadline, ref signals);
        if (signals.OutOfTime)
        {
            return signals;
        }
        if (signals.Signs.LeetWords >= LeastLeet)
        {
            ReadDisguised(hashed, text, Reading.Leet, ref signals);
        }
        if (signals.Signs.SpacedLetters >= LeastSpaced)
        {
            ReadDisguised(hashed, text, Reading.Joined, ref signals);
        }
        if ((concepts & Concept.Rot13) != 0)
        {
            ReadDisguised(hashed, text, Reading.Rot13, ref signals);
        }
        if (signals.Signs.LongestWord >= LeastCoded || signals.Signs.Tags > 0 || text.Contains('%'))
        {
            ReadDecoded(hashed, text, deadline, ref signals);
        }
        return signals;
    }

    [SkipLocalsInit]
    private static Concept ReadPlain(InjectionModel model, HashedModel hashed, ReadOnlySpan<char> text, Deadline deadline, ref InjectionSignals signals)
    {
        var reader = new BatchReader(text, stackalloc char[TokenScanner.MaxWord], Reading.Plain, deadline);
        var batch = new TokenBatch(stackalloc BatchToken[TokenBatch.MostTokens], stackalloc int[TokenBatch.MostSlots], stackalloc char[TokenBatch.MostChars]);
        var margin = new MarginScan(hashed, stackalloc TokenMark[MarginScan.Marks]);
        var surprise = new SurpriseScan(model.Surprise, stackalloc byte[SurpriseScan.Window]);
        var rules = new RuleScan(InjectionRules.All, stackalloc int[RuleScan.ScratchLength]);
        var density = new ConceptDensity(stackalloc float[ConceptDensity.ScratchLength]);
        var edges = new SentenceEdges();
        var (all, before, number) = (0ul, 0ul, 0);
        while (reader.Next(ref batch))
        {
            margin.Add(batch.Tokens, batch.Slots);
            foreach (ref readonly var token in batch.Tokens)
            {
                number++;
                if (token.End <= SurpriseBody || token.Start >= text.Length - SurpriseTail)
                {
                    surprise.Add(batch.Word(token));
                }
                if (token.Kind == CharClass.Other)
                {
                    edges.AddSigns(batch.Word(token), token.StartsSentence);
                    before = 0;
                    continue;
                }
                var found = token.Meant;
                if (edges.AddWord(token.StartsSentence, found))
                {
                    found |= (ulong)Concept.Imperative;
                }
                if ((before & (ulong)Concept.Mine) != 0)
                {
                    found &= ~(ulong)(Concept.Secret | Concept.Personal);
                }
                before = found;
                if (found != 0)
                {
                    all |= found;
                    rules.Add(found, number, token.Start, token.End);
                    density.Add(found, number);
                }
            }
        }
        signals.OutOfTime = reader.OutOfTime;
        margin.Finish();
        signals.Worst = margin.Worst;
        signals.WorstSpan = margin.WorstSpan;
        signals.Whole = margin.Whole;
        signals.Rest = margin.Rest;
        signals.First = margin.First;
        signals.Last = margin.Last;
        edges.Finish();
        signals.Orders = edges.Orders;
        signals.Asks = edges.Asks;
        for (var concept = 0; concept < InjectionSignals.ConceptCount; concept++)
        {
            signals.Densities[concept] = density.Of(InjectionSignals.BitOf(concept));
        }
        signals.TailContrast = surprise.Contrast;
        signals.Rules = rules.Hits;
        signals.RuleSpans = rules.Spans;
        signals.Signs = reader.Signs;
        signals.TokensRead = reader.Signs.Tokens;
        return (Concept)all;
    }

    private static void ReadDisguised(HashedModel hashed, ReadOnlySpan<char> text, Reading reading, ref InjectionSignals signals)
    {
        if (text.Length <= 2 * ReadAgainAtEachEnd)
        {
            ReadAgain(hashed, text, reading, 0, default, default, ref signals);
            return;
        }
        ReadAgain(hashed, text[..ReadAgainAtEachEnd], reading, 0, default, default, ref signals);
        ReadAgain(hashed, text[^ReadAgainAtEachEnd..], reading, text.Length - ReadAgainAtEachEnd, default, default, ref signals);
    }

    /// <param name="text">What is read.</param>
    /// <param name="offset">Where it starts in the original.</param>
    /// <param name="pieces">Where the read text comes from when it was decoded.</param>
    [SkipLocalsInit]
    private static void ReadAgain(HashedModel hashed, ReadOnlySpan<char> text, Reading reading, int offset, ReadOnlySpan<DecodedPiece> pieces, Deadline deadline, ref InjectionSignals signals)
    {
        var reader = new BatchReader(text, stackalloc char[TokenScanner.MaxWord], reading, deadline);
        var batch = new TokenBatch(stackalloc BatchToken[TokenBatch.MostTokens], stackalloc int[TokenBatch.MostSlots], stackalloc char[TokenBatch.MostChars]);
        var margin = new MarginScan(hashed, stackalloc TokenMark[MarginScan.Marks]);
        var rules = new RuleScan(InjectionRules.All, stackalloc int[RuleScan.ScratchLength]);
        var number = 0;
        while (reader.Next(ref batch))
        {
            margin.Add(batch.Tokens, batch.Slots);
            foreach (ref readonly var token in batch.Tokens)
            {
                number++;
                if (token.Meant != 0)
                {
                    rules.Add(token.Meant, number, token.Start, token.End);
                }
            }
        }
        signals.OutOfTime |= reader.OutOfTime;
        margin.Finish();
        signals.TokensRead += reader.Signs.Tokens;
        // A line or two that was decoded says less than a text; below this it is what any blob gives.
        if (margin.Worst > Math.Max(signals.Worst, signals.DisguisedWorst) && reader.Signs.Tokens > 2)
        {
            signals.DisguisedWorst = margin.Worst;
            signals.WorstSpan = DecodedPiece.ToOriginal(margin.WorstSpan, offset, pieces);
            signals.Disguised = margin.Worst > 0;
        }
        for (var fresh = rules.Hits & ~signals.Rules; fresh != 0; fresh &= fresh - 1)
        {
            var index = System.Numerics.BitOperations.TrailingZeroCount(fresh);
            signals.RuleSpans[index] = DecodedPiece.ToOriginal(rules.Spans[index], offset, pieces);
            signals.Disguised = true;
        }
        signals.Rules |= rules.Hits;
    }

    private static void ReadDecoded(HashedModel hashed, ReadOnlySpan<char> text, Deadline deadline, ref InjectionSignals signals)
    {
        // What is decoded is never longer than what it was decoded from.
        var buffer = ArrayPool<char>.Shared.Rent(text.Length + 1);
        try
        {
            Span<DecodedPiece> pieces = stackalloc DecodedPiece[EncodedText.MostPieces];
            var (length, count) = EncodedText.Decode(text, buffer, pieces);
            if (count > 0)
            {
                ReadAgain(hashed, buffer.AsSpan(0, length), Reading.Plain, 0, pieces[..count], deadline, ref signals);
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer, clearArray: true);
        }
    }
}
