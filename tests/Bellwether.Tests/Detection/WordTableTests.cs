using Bellwether.Detection;
using CsCheck;

namespace Bellwether.Tests.Detection;

public sealed class WordTableTests
{
    private static readonly Gen<string> s_word = Gen.OneOf(Gen.String[Gen.Char["aAbBzZ'ıİKkſsßéÉÑñяЯ "], 0, 4], Gen.String[0, 6]);

    [Fact]
    public void It_holds_what_a_set_of_the_same_words_holds() =>
        Gen.Select(s_word.List[0, 60], s_word.List[0, 60], Gen.Bool).Sample((words, asked, ignoresCase) =>
        {
            var set = new HashSet<string>(words, ignoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
            var table = WordTable.Set(words, ignoresCase);
            foreach (var word in words.Concat(asked).Append(""))
            {
                Assert.Equal(set.Contains(word), table.Contains(word));
            }
        }, iter: 2_000);

    [Fact]
    public void A_word_has_the_value_it_was_given()
    {
        var table = new WordTable([("Anna", 1), ("Berta", 4), ("anna", 2)], ignoresCase: true);
        Assert.Equal((3, 4, 0), (table.Of("ANNA"), table.Of("berta"), table.Of("Bertha")));
    }
}
