namespace Bellwether.Quality;

/// <summary>
/// Degenerate repetition: a word, a phrase, a sentence or a paragraph that comes again and again. Whatever repeats as its
/// kind of text does, passes: rows of a table, lines of a log that differ, refrains of a poem, code.
/// </summary>
internal static class RepetitionValidator
{
    public const double WarnAt = 0.5;
    public const double FailAt = 0.8;
    private const int MostWords = 50_000;
    private const int LongLoop = 48;

    [ThreadStatic]
    private static RepeatFinder? s_finder;

    public static ValidatorResult Check(string answer) => Of(AnswerReading.Of(new(answer)));

    public static ValidatorResult Of(AnswerReading reading)
    {
        var fault = Score(reading, out var worst);
        if (fault < WarnAt) { return ValidatorResult.Pass(ValidatorNames.Repetition, 1 - fault); }
        return new(ValidatorNames.Repetition, 1 - fault, fault >= FailAt ? ValidatorVerdict.Fail : ValidatorVerdict.Warn, worst.Kind switch
        {
            RepeatKind.Loop => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The same {Unit(worst.Period)} comes {worst.Times:0.#} times in a row."),
            RepeatKind.Paragraph => "A paragraph comes again word for word.",
            _ => "Sentences that are nearly the same follow each other.",
        }) { Spans = [worst.Span] };
    }

    /// <summary>0 to 1: how degenerate the answer is.</summary>
    public static double Score(string answer, out Repeat worst) => Score(AnswerReading.Of(new(answer)), out worst);

    private static double Score(AnswerReading reading, out Repeat worst)
    {
        worst = default;
        var words = reading.Words;
        var fault = 0.0;
        foreach (var word in words.Words)
        {
            // aaaaaaaa…, hahahahaha…
            if (word.Length >= LongLoop && LetterLoop.Find(reading.Test.Answer.AsSpan(word.Start, word.Length)) is { Length: >= LongLoop } loop)
            {
                worst = new Repeat(RepeatKind.Loop, 1, (double)loop.Length / loop.Period, 1, RepeatSetting.Prose, new(word.Start + loop.Start, word.Start + loop.Start + loop.Length));
                return FailAt;
            }
        }
        if (words.Count < 8) { return 0; }
        foreach (var repeat in (s_finder ??= new RepeatFinder()).Find(reading.Test.Answer, words.Words[..Math.Min(words.Count, MostWords)], reading.Code))
        {
            var score = Score(repeat);
            if (score > fault) { (fault, worst) = (score, repeat); }
        }
        return fault;
    }

    // Set on repetition/dev with train as the witness: a list may begin its lines alike, code repeats a line twice or thrice,
    // and a chorus comes back after other lines.
    private static double Score(in Repeat repeat) => repeat.Kind switch
    {
        RepeatKind.Loop => Loop(repeat),
        RepeatKind.Paragraph => repeat.Setting != RepeatSetting.Prose ? Math.Min(0.45, repeat.Words / 100.0) : Math.Clamp(0.5 + ((repeat.Words - 10) / 40.0), 0.3, 0.95),
        _ => repeat.Setting != RepeatSetting.Prose ? 0.3 : Math.Clamp(0.35 + (0.15 * (repeat.Times - 2)), 0, 0.9),
    };

    private static double Loop(in Repeat repeat)
    {
        // A word six times, a phrase four or five times, a sentence three times.
        var least = repeat.Period switch { 1 => 6.0, <= 3 => 4.6, 4 => 3.8, _ => 2.95 };
        least *= repeat.Setting switch { RepeatSetting.Code => 2, RepeatSetting.Table => 1.5, _ => 1 };
        var strength = repeat.Times / least;
        // Few and short words prove nothing: "no, no, no", ha ha ha.
        var size = Math.Min(1, repeat.Words / 12.0) * Math.Min(1, repeat.Chars / 60.0);
        return Math.Clamp((strength >= 1 ? 0.6 + (0.4 * Math.Min(1, strength - 1)) : 0.45 * strength * strength) * (size < 0.75 ? size : 1), 0, 1);
    }

    private static string Unit(int words) => words switch { 1 => "word", <= 5 => "phrase", _ => "passage" };
}
