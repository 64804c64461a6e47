using Bellwether.Evaluators;

namespace Bellwether.Tests;

/// <summary>Requirement Q4: agreement with people.</summary>
public sealed class KappaTests
{
    [Fact]
    public void The_value_is_the_published_one()
    {
        // Cohen's kappa, Wikipedia: grant applications, 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no.
        Assert.Equal(0.4, Kappa.Of(new long[,] { { 20, 5 }, { 10, 15 } }).Value!.Value, 9);
        // J. L. Fleiss, Statistical Methods for Rates and Proportions, 2nd ed. (1981), section 13.1: kappa 0.68, standard error 0.087.
        var fleiss = Kappa.Of(new long[,] { { 75, 1, 4 }, { 5, 4, 1 }, { 0, 0, 10 } });
        Assert.Equal((100, 0.89, 0.6765), (fleiss.Pairs, Math.Round(fleiss.Agreement!.Value, 9), Math.Round(fleiss.Value!.Value, 4)));
        Assert.Equal(0.088, Math.Round((fleiss.High!.Value - fleiss.Low!.Value) / 2 / 1.959963984540054, 3));
    }

    [Fact]
    public void What_says_nothing_has_no_value()
    {
        Assert.Equal((0, null, null), (Kappa.Of(new long[2, 2]).Pairs, Kappa.Of(new long[2, 2]).Value, Kappa.Of(new long[2, 2]).Agreement));
        // Both said yes to everything: they agree, and chance would have made them.
        var always = Kappa.Of(new long[,] { { 0, 0 }, { 0, 12 } });
        Assert.Equal((12, 1.0, null, null), (always.Pairs, always.Agreement, always.Value, always.Low));
        // One of them did.
        Assert.Equal((12, 0.75, null), Kappa.Of(new long[,] { { 0, 0 }, { 3, 9 } }) is var one ? (one.Pairs, one.Agreement, one.Value) : default);
    }

    [Fact]
    public void Perfect_agreement_is_one_and_perfect_contradiction_is_less_than_zero()
    {
        Assert.Equal((1.0, 1.0, 1.0), Kappa.Of(new long[,] { { 7, 0 }, { 0, 9 } }) is { Value: { } value, Low: { } low, High: { } high } ? (value, low, high) : default);
        Assert.Equal(-1, Kappa.Of(new long[,] { { 0, 8 }, { 8, 0 } }).Value!.Value, 9);
    }
}
