using Bellwether.Identity;

namespace Bellwether.Tests;

public sealed class KeyTokenTests
{
    [Fact]
    public void A_key_has_the_prefix_256_random_bits_and_a_checksum()
    {
        var keys = Enumerable.Range(0, 200).Select(_ => KeyToken.Create()).ToList();

        Assert.All(keys, key => Assert.Matches("^bw-[0-9A-Za-z]{49}$", key));
        Assert.All(keys, key => Assert.True(KeyToken.IsWellFormed(key)));
        Assert.Equal(keys.Count, keys.Distinct().Count());
    }

    [Fact]
    public void One_wrong_character_anywhere_breaks_the_checksum()
    {
        var key = KeyToken.Create();
        for (var i = KeyToken.Prefix.Length; i < key.Length; i++)
        {
            var wrong = key[..i] + (key[i] == 'a' ? 'b' : 'a') + key[(i + 1)..];
            Assert.False(KeyToken.IsWellFormed(wrong), wrong);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("bw-")]
    [InlineData("bw-short")]
    [InlineData("sk-proj-0123456789")]
    public void Other_texts_are_not_well_formed(string text) => Assert.False(KeyToken.IsWellFormed(text));

    [Fact]
    public void A_hint_tells_four_characters_and_no_more()
    {
        var key = KeyToken.Create();

        Assert.Equal("bw-…" + key[^4..], KeyToken.Hint(key));
    }
}
