using System.Text;
using Bellwether.Telemetry;
using CsCheck;
using Microsoft.ML.Tokenizers;

namespace Bellwether.Tests.Telemetry;

/// <summary>The counter against the library's tokenizer of the same vocabulary.</summary>
public sealed class O200kTokensTests
{
    private static readonly TiktokenTokenizer s_library = TiktokenTokenizer.CreateForEncoding("o200k_base");

    private static readonly string[] s_fragments =
    [
        " ", "  ", "\n", "\r\n", "\t", " the", "Tokenizer", "ization", "isn't", "WE'LL", "don'T", "1", "1234567", "3.14", "_", "->", "//", "!!!", "…", "naïve", "Straße",
        "e\u0301", "你好", "世界", "こんにちは", "안녕", "नमस्ते", "مرحبا", "Привет", "שלום", "👩‍👩‍👧", "🇨🇭", "\u200b", "\u00a0", "camelCaseName", "SCREAMING_CASE", "{\"a\":", "}]", "aaaaaaaaaaaaaaaa", "zqxjkv",
    ];

    [Theory]
    [InlineData("")]
    [InlineData("The quick brown fox jumps over the lazy dog.")]
    [InlineData("I'll say it's they'd've   trailing   \n\n  spaces\t\r\n")]
    [InlineData("public static int Main(string[] args) => args.Length > 0 ? 1 : 0; // comment\n")]
    [InlineData("Der Vertrag läuft am 31.12.2026 aus; die Kündigungsfrist beträgt 3 Monate.")]
    [InlineData("東京都は日本の首都です。人口は約1400万人。")]
    public void Counts_what_the_library_counts(string text) => Assert.Equal(s_library.CountTokens(text), O200kTokens.Shared.Count(text));

    [Fact]
    public void Counts_long_runs_without_a_boundary()
    {
        foreach (var run in (string[])[new('a', 1_024), new(' ', 1_024), new('\n', 300), new('=', 1_024), string.Concat(Enumerable.Repeat("ab1", 300)), string.Concat(Enumerable.Repeat("語", 700))])
        {
            Assert.Equal(s_library.CountTokens(run), O200kTokens.Shared.Count(run));
        }
    }

    [Fact]
    public void Counts_any_mixture_as_the_library_does() =>
        Gen.Int[0, s_fragments.Length - 1].Array[0, 40].Sample(
            picks =>
            {
                var text = new StringBuilder().AppendJoin("", picks.Select(pick => s_fragments[pick])).ToString();
                return s_library.CountTokens(text) == O200kTokens.Shared.Count(text);
            }, iter: 5_000);

    [Fact]
    public void Counts_any_characters_as_the_library_does() =>
        Gen.String[Gen.Char, 0, 60].Sample(text => s_library.CountTokens(text) == O200kTokens.Shared.Count(text), iter: 5_000);

    [Fact]
    public void What_looks_like_a_special_token_is_text() => Assert.True(O200kTokens.Shared.Count("<|endoftext|>") > 1);
}
