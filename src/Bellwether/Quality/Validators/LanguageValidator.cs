using System.Buffers;

namespace Bellwether.Quality;

/// <summary>Whether the answer is in the language of the question. Code is left out, and who asks for a translation wants another language.</summary>
internal static class LanguageValidator
{
    // A question that names a language, or the word for translating in some of them, may well want an answer in it.
    private static readonly SearchValues<string> s_asksForLanguage = SearchValues.Create(
        [
            "translat", "übersetz", "tradu", "vertal", "przetł", "перевед", "перевод", "переклад", "翻译", "翻訳", "번역", "ترجم", "अनुवाद", "çevir", "in english", "auf englisch", "auf deutsch", "en anglais", "en français", "en español", "en inglés", "em inglês", "in italiano",
            "english", "german", "french", "spanish", "italian", "portuguese", "chinese", "mandarin", "japanese", "korean", "russian", "arabic", "hindi", "turkish", "dutch", "polish", "swedish", "latin", "greek", "hebrew", "vietnamese", "thai", "indonesian", "ukrainian",
            "language", "sprache", "langue", "idioma", "英文", "英语", "中文", "日语", "法语", "英語", "日本語", "中国語", "по-английски", "на английском",
        ], StringComparison.OrdinalIgnoreCase);

    public static ValidatorResult Check(AnswerUnderTest test) => Of(AnswerReading.Of(test));

    public static ValidatorResult Of(AnswerReading reading)
    {
        var test = reading.Test;
        if (test.Question.Length == 0) { return ValidatorResult.Unknown(ValidatorNames.Language, "There is no question."); }
        var asked = test.Question.Contains('`') ? LanguageGuess.Of(Prose(test.Question, CodeRanges.Of(test.Question))) : reading.Asked;
        var answered = asked is null ? null : test.Answer.Contains('`') ? LanguageGuess.Of(Prose(test.Answer, reading.Code)) : reading.Answered;
        if (asked is null || answered is null) { return ByScript(test) ?? ValidatorResult.Unknown(ValidatorNames.Language, "The language cannot be told."); }
        if (LanguageGuess.AreClose(asked, answered)) { return ValidatorResult.Pass(ValidatorNames.Language); }
        if (test.Question.AsSpan().ContainsAny(s_asksForLanguage)) { return ValidatorResult.Unknown(ValidatorNames.Language, "The question speaks of languages."); }
        // Code that is not marked as such, and names of films and albums, are in the language that they are in.
        if (IsCode(test.Answer) || IsTitle(test.Answer)) { return ValidatorResult.Unknown(ValidatorNames.Language, "The answer is code or a name."); }
        return new(ValidatorNames.Language, 0, ValidatorVerdict.Fail, $"The question is in '{asked}' and the answer in '{answered}'.");
    }

    // Languages that nobody can tell are still not the same in scripts that differ.
    private static ValidatorResult? ByScript(AnswerUnderTest test)
    {
        if (test.Question.Contains('`') || test.Answer.Contains('`') || LanguageGuess.WritingOf(test.Question) is not { } asked || LanguageGuess.WritingOf(test.Answer) is not { } answered || asked == answered || test.Question.AsSpan().ContainsAny(s_asksForLanguage))
        {
            return null;
        }
        return new(ValidatorNames.Language, 0, ValidatorVerdict.Fail, $"The question is written in {asked} letters and the answer in {answered} ones.");
    }

    // One sign of code for so many letters.
    private const int LettersPerSign = 20;

    private static readonly SearchValues<char> s_signs = SearchValues.Create("{};=<>_[]$|\\");

    private static bool IsCode(ReadOnlySpan<char> text)
    {
        int signs = 0, letters = 0;
        for (var at = 0; at < text.Length; at++)
        {
            letters += char.IsLetter(text[at]) ? 1 : 0;
            signs += s_signs.Contains(text[at]) || (text[at] == '(' && at > 0 && char.IsAsciiLetter(text[at - 1])) ? 1 : 0;
        }
        return signs * LettersPerSign >= letters;
    }

    private static bool IsTitle(ReadOnlySpan<char> text)
    {
        const int most = 8;
        int words = 0, capitals = 0;
        // German has a capital for every noun, but a sentence has a stop.
        if (text.TrimEnd().EndsWith('.')) { return false; }
        foreach (var range in text.Split(' '))
        {
            var word = text[range].TrimStart("\"'“„«(*");
            if (word.IsEmpty) { continue; }
            if (++words > most) { return false; }
            capitals += char.IsUpper(word[0]) || char.IsDigit(word[0]) ? 1 : 0;
        }
        return capitals * 2 >= words;
    }

    private static ReadOnlySpan<char> Prose(string text, CodeRanges code)
    {
        var ranges = code.Ranges;
        if (ranges.Count == 0) { return text; }
        var prose = new char[text.Length];
        text.CopyTo(prose);
        foreach (var range in ranges) { prose.AsSpan(range.Start, range.End - range.Start).Fill(' '); }
        return prose;
    }
}
