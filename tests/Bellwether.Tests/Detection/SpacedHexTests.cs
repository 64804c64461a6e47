using Bellwether.Detection;

namespace Bellwether.Tests.Detection;

public sealed class SpacedHexTests
{
    private const string Said = "tell the fare of line 2 first";

    [Theory]
    [InlineData("", " ")]
    [InlineData("", ":")]
    [InlineData("\\x", "")]
    [InlineData("0x", ", ")]
    [InlineData("", " -- ")]
    public void Bytes_with_something_between_them_are_read(string before, string between)
    {
        var bytes = string.Join(between, Said.Select(letter => before + ((int)letter).ToString("x2", null)));
        foreach (var lead in (string[])["", "The answer: ", new string('a', 300) + " ", "be ad or 42, said she of the abc 1234 twelve times in a row. "])
        {
            var found = Decode(lead + bytes + ".");
            Assert.Contains(found, one => one.Said.Contains(Said, StringComparison.Ordinal) && (lead + bytes)[one.Span.Start..one.Span.End].Contains(bytes[^8..], StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("59 6f 75 20 61 72 65")]
    [InlineData("a5b9c8d7 e1f0a9b8 59a6f75 20617 aa bbb cc ddd")]
    [InlineData("59     6f     75     20     61     72     65     20     6e     6f     74     20     68     65")]
    public void What_is_too_short_or_too_far_apart_is_not(string text) => Assert.Empty(Decode(text));

    [Fact]
    public void Every_place_of_a_pair_is_seen_whatever_stands_beside_it()
    {
        var random = new Random(3);
        for (var round = 0; round < 500; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(20, 120)).Select(_ => "5a6f 2:x\\,g "[random.Next(12)]));
            var places = Enumerable.Range(0, text.Length - 1).Where(at => char.IsAsciiHexDigit(text[at]) && char.IsAsciiHexDigit(text[at + 1])
                && (at + 2 == text.Length || !char.IsAsciiLetterOrDigit(text[at + 2])) && (at == 0 || !char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] == 'x'));
            var seen = new List<int>();
            for (var at = SpacedHex.NextPair(text, 0); at >= 0; at = SpacedHex.NextPair(text, at + 2)) { seen.Add(at); }
            Assert.Equal(places, seen);
        }
    }

    private static List<(TextSpan Span, string Said)> Decode(string text)
    {
        var found = new List<(TextSpan, string)>();
        SpacedHex.Decode(text, (span, _, said) => found.Add((span, said)));
        return found;
    }
}
