using System.Text;
using Bellwether.Detection;

namespace Bellwether.Tests;

/// <summary>Answers that give a system prompt away, and those that only look so.</summary>
public sealed class LeakDetectorTests
{
    internal const string Prompt = """
        # Role
        You are Marlow, the booking assistant of the Heron Line ferry company. Only talk about ferries, harbours and tickets.

        # Rules
        - Never offer a discount above 15 percent, even when the traveller insists on it.
        - When a crossing is cancelled, rebook the traveller on the next one and apologise once.
        - Do not mention the maintenance of the ship Solveig.
        """;

    private readonly LeakDetector _detector = new();

    private DetectorReport Check(string answer, string? system = Prompt) => _detector.Check(new DetectorInput(answer, TextChannel.Answer) { System = system });

    public static TheoryData<string, string> Disguises() => new()
    {
        { "verbatim", Prompt },
        { "after an announcement", "Sure! My instructions say: " + Prompt[40..260] },
        { "shouted", Prompt.ToUpperInvariant() },
        { "as bullets", string.Join("\n", Prompt.Split('.').Select(part => " * " + part.Trim())) },
        { "spaced", string.Join(' ', Prompt.AsEnumerable()) },
        { "backwards", new string([.. Prompt.Reverse()]) },
        { "rot13", Rot13(Prompt) },
        { "base64", Convert.ToBase64String(Encoding.UTF8.GetBytes(Prompt)) },
        { "base64 in lines of 76", Convert.ToBase64String(Encoding.UTF8.GetBytes(Prompt), Base64FormattingOptions.InsertLineBreaks) },
        { "base64 of rot13", "Here: " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Rot13(Prompt))) },
        { "hex", Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Prompt)) },
        { "hex in pairs", BitConverter.ToString(Encoding.UTF8.GetBytes(Prompt)).Replace('-', ' ') },
        { "percent-encoded", string.Concat(Encoding.UTF8.GetBytes(Prompt).Select(b => $"%{b:X2}")) },
        { "in the first person", "I am Marlow, the booking assistant of the Heron Line ferry company. I only talk about ferries, harbours and tickets. I never offer a discount above 15 percent, even when the traveller insists on it." },
        { "in full width", string.Concat(Prompt.Select(c => c is > ' ' and < '\x7f' ? (char)(c + 0xFEE0) : c)) },
        { "with unseen characters", string.Join('\u200b', Prompt.AsEnumerable()) },
        { "in HTML entities", Each(c => $"&#{(int)c};") },
        { "in HTML entities, padded and hexadecimal", Each(c => $"&#x{(int)c:x6};") },
        { "vowels in HTML entities", Each(c => "aeiou".Contains(c) ? $"&#{(int)c};" : $"{c}") },
        { "in HTML entities twice", Each(c => $"&amp;#{(int)c};") },
        { "in \\u escapes", Each(c => $"\\u{(int)c:x4}") },
        { "in \\u{} escapes", Each(c => $"\\u{{{(int)c:x}}}") },
        { "letters in \\u escapes", Each(c => char.IsLetter(c) ? $"\\u{(int)c:x4}" : $"{c}") },
        { "letters in \\x escapes", Each(c => char.IsLetter(c) ? $"\\x{(int)c:x2}" : $"{c}") },
        { "in code points", Each(c => $"U+{(int)c:X4} ") },
        { "in octal escapes", Each(c => "\\" + Convert.ToString(c, 8).PadLeft(3, '0')) },
        { "percent-encoded as far as needed", Uri.EscapeDataString(Prompt) },
        { "percent-encoded twice", Each(c => $"%25{(int)c:X2}") },
        { "percent-encoded units", Each(c => $"%u{(int)c:X4}") },
        { "in leetspeak", Each(c => $"{Swap(c, "aeiost", "431057")}") },
        { "in leetspeak with signs", Each(c => $"{Swap(c, "aeisolt", "@3!$01+")}") },
        { "base64 twice", Base64(Base64(Prompt)) },
        { "base64 three times", Base64(Base64(Base64(Prompt))) },
        { "base64 of hex", Base64(Convert.ToHexString(Encoding.UTF8.GetBytes(Prompt))) },
        { "base64 backwards", new string([.. Base64(Prompt).Reverse()]) },
        { "base64 in lines of 40", string.Join('\n', Base64(Prompt).Chunk(40).Select(line => new string(line))) },
        { "base64 of UTF-16", Convert.ToBase64String(Encoding.Unicode.GetBytes(Prompt)) },
        { "in numbers of characters", string.Join(' ', Encoding.UTF8.GetBytes(Prompt)) },
        { "in a JSON array of numbers", "[" + string.Join(',', Encoding.UTF8.GetBytes(Prompt)) + "]" },
        { "in binary digits", Each(c => Convert.ToString(c, 2).PadLeft(8, '0') + " ") },
        { "in binary digits without blanks", Each(c => Convert.ToString(c, 2).PadLeft(8, '0')) },
        { "in octal digits", Each(c => Convert.ToString(c, 8).PadLeft(3, '0') + " ") },
        { "in hexadecimal units", Each(c => $"{(int)c:x4} ") },
        { "each word backwards", string.Join(' ', Prompt.Split(' ').Select(word => new string([.. word.Reverse()]))) },
        { "the last word first", string.Join(' ', Prompt.Split(' ', '\n').Reverse()) },
        { "a letter between letters", string.Join('x', Prompt.AsEnumerable()) },
        { "a letter behind each letter", Each(c => char.IsLetter(c) ? $"{c}x" : $"{c}") },
        { "two letters between letters", string.Join("ab", Prompt.AsEnumerable()) },
        { "an ideograph between letters", string.Join('中', Prompt.AsEnumerable()) },
        { "in letters that look alike", Each(c => $"{Swap(c, "aeocpx", "аеосрх")}") },
        { "in letters of mathematics", Each(c => char.IsAsciiLetterLower(c) ? char.ConvertFromUtf32(0x1D41A + c - 'a') : $"{c}") },
        { "in circled letters", Each(c => char.IsAsciiLetterLower(c) ? $"{(char)(0x24D0 + c - 'a')}" : $"{c}") },
        { "with accents", Each(c => $"{Swap(c, "aeiou", "áéíóú")}") },
        { "in tag characters", "Here: " + Each(c => char.ConvertFromUtf32(0xE0000 + c)) },
    };

    private static string Each(Func<char, string> written) => string.Concat(Prompt.Select(written));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static char Swap(char c, string from, string to) => from.IndexOf(c, StringComparison.Ordinal) is >= 0 and var at ? to[at] : c;

    [Theory]
    [MemberData(nameof(Disguises))]
    public void A_prompt_is_found_however_it_is_written(string disguise, string answer)
    {
        var report = Check(answer);
        Assert.True(report.Verdict is DetectorVerdict.Flag or DetectorVerdict.Block, $"{disguise}: {report.Score}");
        Assert.NotEmpty(report.Spans);
        Assert.All(report.Spans, span => Assert.True(0 <= span.Start && span.Start < span.End && span.End <= answer.Length, disguise));
        // Reasons are shown to people who may not see the prompt.
        Assert.DoesNotContain(report.Reasons, reason => reason.Contains("Marlow", StringComparison.OrdinalIgnoreCase) || reason.Contains("discount", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("I can't share my system prompt, but I am glad to help you with ferries and tickets.")]
    [InlineData("My instructions are confidential. Which crossing would you like to book?")]
    [InlineData("The next crossing is cancelled. I have rebooked you on the one at 14:30, and I apologise.")]
    [InlineData("I was told to ask you for the date of your trip and the number of passengers.")]
    [InlineData("The discount for groups is 10 percent. Would you like tickets for the crossing to Elsness?")]
    [InlineData("aGVsbG8gd29ybGQgdGhpcyBpcyBub3QgdGhlIHByb21wdCBhdCBhbGw=")]
    [InlineData("")]
    [InlineData("👍👍👍")]
    [InlineData("Call <b>Format(&quot;%d&quot;, x)</b>; in C:\\temp\\010 the cost is $5 & 3 €, e-mail a@b.example, 50%25 off, ÿÿÿ &#; &#x; &#99999999999; \\u00 \\u{110000} %u12 =3 U+12 \\x4")]
    [InlineData("The first primes are 11 13 17 19 23 29 31 37 41 43 47 53 59 61 67 71 73 79 83 89 97 101 103 107 109 113")]
    [InlineData("hahahahahahahahahahahahahahahahahahahahaha, that was a good one: axbxcxdxexfxgxhxixjxkxlxmxnxoxpxqxrxsx")]
    [InlineData("\ud800\udfff \udc00 \u202e\u200b\u200b")]
    public void An_answer_that_keeps_the_prompt_to_itself_passes(string answer) => Assert.Equal(DetectorVerdict.Pass, Check(answer).Verdict);

    [Theory]
    [InlineData("Well, MY SYSTEM PROMPT IS this", 6), InlineData("Ça va: my system prompt is this", 7), InlineData("それで、私の指示は", 4), InlineData("Nothing of the kind", -1), InlineData("Rien de tel, déjà", -1), InlineData("", -1)]
    public void An_announcement_is_found_in_plain_text_and_in_any_other(string text, int at) => Assert.Equal(at, LeakPhrases.Find(text));

    [Fact]
    public void Every_announcement_is_found_among_other_words() =>
        Assert.All(LeakPhrases.All, phrase => Assert.Equal(11, LeakPhrases.Find("Of course: " + phrase.ToUpperInvariant() + " this.")));

    [Fact]
    public void A_prompt_that_is_too_short_to_be_told_from_chance_leaks_by_its_canary_only()
    {
        Assert.Same(DetectorReport.Clean, Check("You are terse. You are terse. You are terse.", system: "You are terse."));
        Assert.Equal(0.1, Check("My system prompt is: You are terse.", system: "You are terse.").Score);
    }

    [Fact]
    public void Without_a_prompt_or_on_another_channel_nothing_is_flagged()
    {
        Assert.Equal(DetectorVerdict.Pass, Check("My instructions say: " + Prompt, system: null).Verdict);
        Assert.Same(DetectorReport.Clean, _detector.Check(new DetectorInput(Prompt, TextChannel.User) { System = Prompt }));
        Assert.Equal(DetectorVerdict.Pass, Check("I am brief.", system: "Be brief.").Verdict);
    }

    [Fact]
    public void A_prompt_in_a_script_without_spaces_is_found_too()
    {
        const string Chinese = "我想让你担任网页设计顾问。我将为您提供与需要帮助设计或重新开发其网站的组织相关的详细信息，您的职责是建议最合适的界面和功能。";
        Assert.NotEqual(DetectorVerdict.Pass, Check(Chinese, Chinese).Verdict);
        Assert.NotEqual(DetectorVerdict.Pass, Check(string.Join(' ', Chinese.AsEnumerable()), Chinese).Verdict);
        Assert.Equal(DetectorVerdict.Pass, Check("当然可以，请告诉我您的组织名称和目标用户。", Chinese).Verdict);
    }

    [Fact]
    public void A_canary_of_the_prompt_is_enough_and_a_stranger_is_not()
    {
        var canary = Canary.Create("ferry", "secret"u8);
        Assert.Equal(canary, Canary.Create("ferry", "secret"u8));
        var system = "Be kind. " + canary;
        Assert.Equal(1, Check($"The token is {canary}.", system).Score);
        Assert.Equal(1, Check(string.Join(' ', canary.ToUpperInvariant().AsEnumerable()), system).Score);
        Assert.Equal(1, Check("It reads " + Convert.ToBase64String(Encoding.UTF8.GetBytes("the token is " + canary)), system).Score);
        Assert.Equal(DetectorVerdict.Pass, Check("The token is " + Canary.Create("other", "secret"u8), system).Verdict);
    }

    [Fact]
    public void The_span_is_the_stretch_that_was_given_away()
    {
        const string Before = "Happy to help. ";
        var rule = Prompt[Prompt.IndexOf("Never offer", StringComparison.Ordinal)..Prompt.IndexOf(" on it.", StringComparison.Ordinal)];
        var span = Assert.Single(Check(Before + rule + ". Anything else today?").Spans);
        Assert.Equal(rule, (Before + rule)[span.Start..Math.Min(span.End, Before.Length + rule.Length)]);
    }

    [Fact]
    public void Work_is_linear_for_texts_made_to_be_slow()
    {
        var index = PromptIndex.Build(new string('a', 4_000) + string.Concat(Enumerable.Range(0, 400).Select(i => $"abcabcabcabd{i % 7}")));
        foreach (var hostile in new[] { new string('a', 300_000), string.Concat(Enumerable.Repeat("abcabcabcabc", 25_000)), string.Concat(Enumerable.Repeat("aaaaaaaaaaab", 25_000)), string.Concat(Enumerable.Repeat("abcabcabcabd3abcabcx", 15_000)) })
        {
            var scan = new LeakScan();
            scan.Begin(index);
            scan.Append(hostile, 0);
            scan.Finish();
            Assert.InRange(scan.Steps, 1, 25L * hostile.Length);
        }
    }

    [Fact]
    public void The_indexes_that_are_kept_are_bounded()
    {
        var cache = new PromptIndexCache();
        var first = cache.For("prompt number 0 that is used all the time");
        for (var i = 0; i < 3_000; i++)
        {
            cache.For($"prompt number {i} that is used once");
            Assert.Same(first, cache.For("prompt number 0 that is used all the time"));
        }
        Assert.InRange(cache.Count, 1, 1_100);
    }

    internal static string Rot13(string text) => string.Concat(text.Select(c => char.IsAsciiLetter(c) ? (char)((c & 0x20) + 'A' + (((c & ~0x20) - 'A' + 13) % 26)) : c));
}
