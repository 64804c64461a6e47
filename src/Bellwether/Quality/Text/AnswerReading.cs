namespace Bellwether.Quality;

/// <summary>
/// What several validators ask of the same answer, worked out when the first of them asks: its words, where its code is, whether it
/// declines, and which language question and answer are in. Used by one thread for one answer after the other.
/// </summary>
internal sealed class AnswerReading
{
    private static readonly AnswerUnderTest s_none = new("");

    [ThreadStatic]
    private static AnswerReading? s_mine;

    private readonly WordList _words = new();
    private bool _hasWords, _hasAsked, _hasAnswered;
    private string? _asked, _answered;
    private CodeRanges? _code;
    private ValidatorResult? _refusal;

    /// <summary>The reading of this thread, begun anew: one of another answer is over.</summary>
    public static AnswerReading Of(AnswerUnderTest test)
    {
        var reading = s_mine ??= new AnswerReading();
        reading.Begin(test);
        return reading;
    }

    public AnswerUnderTest Test { get; private set; } = s_none;

    public WordList Words
    {
        get
        {
            if (!_hasWords)
            {
                _words.Read(Test.Answer);
                _hasWords = true;
            }
            return _words;
        }
    }

    public CodeRanges Code => _code ??= CodeRanges.Of(Test.Answer);

    public ValidatorResult Refusal => _refusal ??= RefusalValidator.Check(Test.Answer);

    /// <summary>The language of the question as it stands, code and all; null when it cannot be told.</summary>
    public string? Asked => _hasAsked ? _asked : Guess(Test.Question, ref _asked, ref _hasAsked);

    /// <summary>The language of the answer as it stands, code and all; null when it cannot be told.</summary>
    public string? Answered => _hasAnswered ? _answered : Guess(Test.Answer, ref _answered, ref _hasAnswered);

    /// <summary>A thread that waits for its next answer does not keep the last one.</summary>
    public void Forget() => Begin(s_none);

    private void Begin(AnswerUnderTest test)
    {
        Test = test;
        _hasWords = _hasAsked = _hasAnswered = false;
        _asked = _answered = null;
        _code = null;
        _refusal = null;
    }

    private static string? Guess(string text, ref string? language, ref bool isKnown)
    {
        language = LanguageGuess.Of(text);
        isKnown = true;
        return language;
    }
}
