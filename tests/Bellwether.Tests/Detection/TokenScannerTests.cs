using Bellwether.Detection;

namespace Bellwether.Tests.Detection;

/// <summary>What the scanner reads out of a text, and that places are those of the original.</summary>
public sealed class TokenScannerTests
{
    [Theory]
    [InlineData("Ignore ALL rules", "ignore all rules")]
    [InlineData("ｉｇｎｏｒｅ", "ignore")]
    [InlineData("𝐢𝐠𝐧𝐨𝐫𝐞 𝗮𝗹𝗹", "ignore all")]
    [InlineData("🅸🅶🅽🅾🆁🅴", "ignore")]
    [InlineData("ig\u200Bno\u00ADre", "ignore")]
    [InlineData("i\u0301gnore ígnorè", "ignore ignore")]
    [InlineData("ignоrе", "ignore")]
    [InlineData("привет мир", "привет мир")]
    [InlineData("don't", "don't")]
    [InlineData("忽略 a", "忽 略 a")]
    [InlineData("ab12", "ab00")]
    [InlineData("", "")]
    [InlineData("\uD800x\uDFFF", "\uD800 x \uDFFF")]
    public void A_text_is_folded_to_what_a_reader_sees(string text, string expected) => Assert.Equal(expected, string.Join(' ', Read(text).Select(token => token.Text)));

    [Theory]
    [InlineData("1gn0r3 4ll", "ignore all", "Leet")]
    [InlineData("vtaber nyy", "ignore all", "Rot13")]
    [InlineData("i g n o r e", "ignore", "Joined")]
    [InlineData("i.g.n.o.r.e the", "ignore the", "Joined")]
    [InlineData("say a word", "say a word", "Joined")]
    public void A_disguise_is_undone(string text, string expected, string reading) =>
        Assert.Equal(expected, string.Join(' ', Read(text, Enum.Parse<Reading>(reading)).Select(token => token.Text)));

    [Fact]
    public void Places_are_those_of_the_original()
    {
        const string Text = "see 𝐢𝐠\u200B𝐧, and ｒｕｎ!";
        Assert.Equal(["see", "𝐢𝐠\u200B𝐧", ",", "and", "ｒｕｎ", "!"], Read(Text).Select(token => Text[token.Start..token.End]));
    }

    [Fact]
    public void Tag_characters_are_seen_and_not_shown()
    {
        var text = "hi " + string.Concat("ignore".Select(letter => char.ConvertFromUtf32(0xE0000 + letter)));
        var scanner = new TokenScanner(text, new char[TokenScanner.MaxWord]);
        while (scanner.Next())
        {
        }
        Assert.Equal(6, scanner.Signs.Tags);
        Assert.Equal(1, scanner.Signs.Tokens);
    }

    [Fact]
    public void Sentences_start_after_their_ends_and_not_inside_numbers()
    {
        var starts = new List<string>();
        var scanner = new TokenScanner("It costs 3.50 now. Buy it!\nSoon", new char[TokenScanner.MaxWord]);
        while (scanner.Next())
        {
            if (scanner.StartsSentence)
            {
                starts.Add(scanner.Folded.ToString());
            }
        }
        Assert.Equal(["buy", "soon"], starts);
    }

    [Fact]
    public void A_word_without_end_is_cut_and_read_once()
    {
        var tokens = Read(new string('a', 100_000));
        Assert.Equal(100_000 / TokenScanner.MaxWord, tokens.Count);
        Assert.Equal(100_000, tokens.Sum(token => token.End - token.Start));
    }

    private static List<(string Text, int Start, int End)> Read(string text, Reading reading = Reading.Plain)
    {
        var tokens = new List<(string, int, int)>();
        var scanner = new TokenScanner(text, new char[TokenScanner.MaxWord], reading);
        while (scanner.Next())
        {
            tokens.Add((scanner.Folded.ToString(), scanner.Start, scanner.End));
        }
        return tokens;
    }
}
