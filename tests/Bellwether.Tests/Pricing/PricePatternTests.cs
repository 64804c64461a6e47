using Bellwether.Pricing;

namespace Bellwether.Tests.Pricing;

public sealed class PricePatternTests
{
    [Theory]
    [InlineData(@"^x-ai/grok-4\.3-\d{8}$", "x-ai/grok-4.3-20260101", true)]
    [InlineData(@"^x-ai/grok-4\.3-\d{8}$", "x-ai/grok-4.3-2026", false)]
    [InlineData(@"(https?://)?([^.]*\.)?(?:openai\.azure\.com|azure-api\.net)", "https://acme.openai.azure.com/openai", true)]
    [InlineData(@"c\+\+.*", "c++ model", true)]
    public void A_pattern_matches_what_it_says(string pattern, string text, bool matches) => Assert.Equal(matches, PricePattern.Of(pattern).IsMatch(text));

    [Theory, InlineData("(a+)+$"), InlineData(".*x.*"), InlineData("(?:a{2,})*b")]
    public void A_pattern_whose_work_could_explode_is_refused(string pattern) =>
        Assert.Contains(pattern, Assert.Throws<FormatException>(() => PricePattern.Of(pattern)).Message, StringComparison.Ordinal);
}
