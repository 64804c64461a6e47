namespace Bellwether.Quality;

/// <summary>
/// What can be seen of whether a claim rests on a context without understanding either: shared words by weight, pairs and
/// triples, the best sentence, numbers, names and negations that differ, and the tone of a speaker who talks of himself.
/// Shares rather than counts, so that a long answer is judged as a short one is.
/// </summary>
internal sealed class GroundednessFeatures(WordWeights weights)
{
    public static readonly string[] Names =
    [
        "support", "support_new", "pairs", "triples", "longest_run", "grams", "best_sentence", "best_sentence_pairs", "numbers_missing", "has_number", "names_missing", "has_name",
        "negation_differs", "first_person", "second_person", "question", "opinion", "worst_missing_weight", "share_of_question", "near_question", "order", "content_missing", "context_words", "missing_share_of_new", "nearest_missing_gram",
    ];

    private static readonly HashSet<uint> s_first = Stems("i me my mine we us our im i'm i've i'd myself lol haha");
    private static readonly HashSet<uint> s_second = Stems("you your yours u");
    private static readonly HashSet<uint> s_negations = Stems("not no never none nobody nothing neither nor without cannot can't don't doesn't didn't isn't aren't wasn't weren't won't wouldn't couldn't shouldn't nicht kein keine nie pas jamais non nunca não nie niet geen");
    private static readonly HashSet<uint> s_opinions = Stems("think believe love like hope guess feel wish favorite favourite best great cool awesome nice amazing fun hate prefer maybe probably sure wow wonder interesting enjoy haven't heard tried ever always never should");

    /// <param name="claim">The claim's text and the words of it that are judged.</param>
    public void Of(string text, ReadOnlySpan<Word> claim, WordIndex context, WordIndex question, Span<float> into)
    {
        into.Clear();
        double all = 0, held = 0, fresh = 0, freshHeld = 0, asked = 0, grams = 0, missingGram = 1, worst = 0;
        int pairs = 0, triples = 0, numbers = 0, numbersMissing = 0, names = 0, namesMissing = 0, first = 0, second = 0, opinions = 0, missing = 0, content = 0;
        var negated = false;
        for (var i = 0; i < claim.Length; i++)
        {
            var word = claim[i];
            var weight = weights.Of(word.Stem);
            var inContext = context.Has(word);
            var inQuestion = question.Has(word);
            first += s_first.Contains(word.Exact) ? 1 : 0;
            second += s_second.Contains(word.Exact) ? 1 : 0;
            opinions += s_opinions.Contains(word.Exact) ? 1 : 0;
            negated |= s_negations.Contains(word.Exact);
            if (i > 0 && context.HasPair(claim[i - 1], word)) { pairs++; }
            if (i > 1 && context.HasTriple(claim[i - 2], claim[i - 1], word)) { triples++; }
            if (word.Kind.HasFlag(WordKind.Number))
            {
                numbers++;
                if (!inContext) { numbersMissing++; }
            }
            else if (word.Kind.HasFlag(WordKind.Capital) && !word.Kind.HasFlag(WordKind.SentenceStart) && weight >= WordWeights.Content)
            {
                names++;
                if (!inContext && !inQuestion) { namesMissing++; }
            }
            if (weight < WordWeights.Content) { continue; }
            content++;
            all += weight;
            var share = context.GramShare(text, word);
            grams += weight * share;
            if (inContext) { held += weight; }
            else
            {
                missing++;
                worst = Math.Max(worst, weight);
                missingGram = Math.Min(missingGram, share);
            }
            if (inQuestion) { asked += weight; }
            else
            {
                fresh += weight;
                if (inContext) { freshHeld += weight; }
            }
        }
        var (best, bestPairs, bestNegated) = Best(claim, context);
        into[0] = Share(held, all);
        into[1] = Share(freshHeld, fresh);
        into[2] = Share(pairs, claim.Length - 1);
        into[3] = Share(triples, claim.Length - 2);
        into[4] = Share(LongestRun(claim, context), claim.Length);
        into[5] = Share(grams, all);
        into[6] = Share(best, all);
        into[7] = Share(bestPairs, claim.Length - 1);
        into[8] = Math.Min(3, numbersMissing);
        into[9] = Math.Min(2, numbers);
        into[10] = Share(namesMissing, names, 0);
        into[11] = Math.Min(2, names);
        into[12] = negated != bestNegated ? negated ? 2 : 1 : 0;
        into[13] = Share(first, claim.Length, 0);
        into[14] = Share(second, claim.Length, 0);
        into[15] = text.AsSpan(claim.Length == 0 ? 0 : claim[0].Start).Contains('?') ? 1 : 0;
        into[16] = Share(opinions, claim.Length, 0);
        into[17] = (float)worst;
        into[18] = Share(asked, all, 0);
        into[19] = NearQuestion(claim, context, question);
        into[20] = Order(claim, context);
        into[21] = Share(missing, content, 0);
        into[22] = MathF.Min(8, MathF.Log2(1 + context.Words.Length));
        into[23] = Share(fresh - freshHeld, all, 0);
        into[24] = (float)missingGram;
    }

    // The sentence of the context that holds most of the claim, and whether it negates.
    private (double Weight, int Pairs, bool Negated) Best(ReadOnlySpan<Word> claim, WordIndex context)
    {
        var stems = new HashSet<uint>();
        foreach (var word in claim)
        {
            if (weights.IsContent(word)) { stems.Add(word.Stem); }
        }
        var pairs = new HashSet<ulong>();
        for (var i = 1; i < claim.Length; i++) { pairs.Add(((ulong)claim[i - 1].Stem << 32) | claim[i].Stem); }
        (double Weight, int Pairs, bool Negated) best = (0, 0, false);
        var words = context.Words;
        var seen = new HashSet<uint>();
        foreach (var (from, to) in context.Sentences)
        {
            var weight = 0.0;
            var shared = 0;
            var negated = false;
            seen.Clear();
            for (var i = from; i < to; i++)
            {
                negated |= s_negations.Contains(words[i].Exact);
                if (stems.Contains(words[i].Stem) && seen.Add(words[i].Stem)) { weight += weights.Of(words[i].Stem); }
                if (i > from && pairs.Contains(((ulong)words[i - 1].Stem << 32) | words[i].Stem)) { shared++; }
            }
            if (weight + shared > best.Weight + best.Pairs) { best = (weight, shared, negated); }
        }
        return best;
    }

    private static int LongestRun(ReadOnlySpan<Word> claim, WordIndex context)
    {
        var words = context.Words;
        var longest = 0;
        for (var i = 0; i < claim.Length - longest;)
        {
            var here = 0;
            for (var place = context.First(claim[i]); place >= 0; place = context.Next(place))
            {
                var length = 1;
                while (i + length < claim.Length && place + length < words.Length && words[place + length].Stem == claim[i + length].Stem) { length++; }
                here = Math.Max(here, length);
            }
            longest = Math.Max(longest, here);
            i += Math.Max(1, here / 2);
        }
        return longest;
    }

    // How much of the question stands around the place in the context where the new words of the claim are.
    private float NearQuestion(ReadOnlySpan<Word> claim, WordIndex context, WordIndex question)
    {
        const int Around = 25;
        if (question.Words.Length == 0) { return -1; }
        double all = 0;
        foreach (var word in question.Words) { all += weights.IsContent(word) ? weights.Of(word.Stem) : 0; }
        var best = 0.0;
        var words = context.Words;
        var tried = 0;
        var seen = new HashSet<uint>();
        foreach (var word in claim)
        {
            if (!weights.IsContent(word) || question.Has(word)) { continue; }
            for (var place = context.First(word); place >= 0; place = context.Next(place))
            {
                if (++tried > 60) { break; }
                seen.Clear();
                var near = 0.0;
                for (var i = Math.Max(0, place - Around); i < Math.Min(words.Length, place + Around); i++)
                {
                    if (question.Has(words[i]) && weights.IsContent(words[i]) && seen.Add(words[i].Stem)) { near += weights.Of(words[i].Stem); }
                }
                best = Math.Max(best, near);
            }
        }
        return Share(best, all, 0);
    }

    // Whether the words that both have come in the same order: swapped names do not.
    private float Order(ReadOnlySpan<Word> claim, WordIndex context)
    {
        int before = -1, steps = 0, forwards = 0;
        foreach (var word in claim)
        {
            if (!weights.IsContent(word) || context.First(word) is not (>= 0 and var place)) { continue; }
            if (before >= 0)
            {
                steps++;
                forwards += place > before ? 1 : 0;
            }
            before = place;
        }
        return steps == 0 ? 0.5f : (float)forwards / steps;
    }

    private static float Share(double part, double whole, float otherwise = 1) => whole <= 0 ? otherwise : (float)(part / whole);

    private static HashSet<uint> Stems(string words) => [.. words.Split(' ').Select(word => WordList.Hash(word))];
}
