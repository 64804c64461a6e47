using Bellwether.Detection;

namespace Bellwether.Tests.Detection;

public sealed class ConceptTableTests
{
    private static readonly ConceptTable s_table = new([(1, "knife kniv* red_card 刀具"), (2, "card"), (1ul << 40, "knife")]);

    [Theory]
    [InlineData("a KNIFE", 1ul | (1ul << 40))]
    [InlineData("many knives", 1ul)]
    [InlineData("a red card", 3ul)]
    [InlineData("a card that is red", 2ul)]
    [InlineData("买刀具吧", 1ul)]
    [InlineData("a penknife", 0ul)]
    public void Words_stems_pairs_and_runs_are_found_whatever_bit_they_have(string text, ulong found) => Assert.Equal(found, Read(s_table, text));

    public static TheoryData<string> Lists => [.. Concepts.Words.Select(list => list.Words), .. AbuseWordLists.Words.Select(list => list.Words), .. HarmWordLists.Words.Select(list => list.Words)];

    // "a_b_c", "a_" and "a-b" look like words of the table and can never be met.
    [Theory]
    [MemberData(nameof(Lists))]
    public void Every_word_of_the_lists_can_be_met(string words)
    {
        foreach (var word in words.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            var sample = word.TrimEnd('*').Replace('_', ' ');
            Assert.True(Read(new ConceptTable([(1, word)]), sample) == 1, word);
        }
    }

    private static ulong Read(ConceptTable table, string text)
    {
        var scanner = new TokenScanner(text, new char[TokenScanner.MaxWord]);
        var state = new ConceptState();
        var found = 0ul;
        while (scanner.Next())
        {
            found |= table.Read(scanner.Folded, scanner.Kind, ref state);
        }
        return found;
    }
}
