namespace Bellwether.Quality;

/// <summary>An answer that says nothing: no letter, digit or symbol, only blanks, marks and characters that nobody sees.</summary>
internal static class EmptyValidator
{
    public static ValidatorResult Check(AnswerUnderTest test)
    {
        if (test.CallsTools) { return ValidatorResult.Pass(ValidatorNames.Empty); }
        var answer = test.Answer;
        for (var i = 0; i < answer.Length; i++)
        {
            // Emoji are symbols or surrogate pairs, and an answer: 👍. What draws lines and fences is none.
            if (char.IsLetterOrDigit(answer[i]) || (char.IsSymbol(answer[i]) && answer[i] is not ('`' or '~' or '|' or '^' or '=')) || char.IsSurrogatePair(answer, i)) { return ValidatorResult.Pass(ValidatorNames.Empty); }
        }
        return new(ValidatorNames.Empty, 0, ValidatorVerdict.Fail, answer.Length == 0 ? "The answer is empty." : "The answer has no letter, digit or symbol.");
    }
}
