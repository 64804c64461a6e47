using Bellwether.Quality;
using Microsoft.Extensions.Time.Testing;

namespace Bellwether.Tests;

/// <summary>The share of time that checks of answers may take.</summary>
public sealed class CheckBudgetTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Checks_go_on_until_ten_seconds_share_is_used_and_then_get_their_share()
    {
        var budget = new CheckBudget(_clock, 0.1);
        Assert.Equal(112, Checks(budget, 200));
        Assert.InRange(Checks(budget, 2_000), 10, 12);
    }

    [Fact]
    public void A_long_silence_saves_no_more_than_ten_seconds_share()
    {
        var budget = new CheckBudget(_clock, 0.1);
        Checks(budget, 200);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(112, Checks(budget, 200));
    }

    // Calls one after the other: one that is checked takes 10 ms, any other 0.5 ms.
    private int Checks(CheckBudget budget, int calls)
    {
        var done = 0;
        for (var call = 0; call < calls; call++)
        {
            if (budget.Allows())
            {
                done++;
                _clock.Advance(TimeSpan.FromMilliseconds(10));
                budget.Spend();
            }
            else
            {
                _clock.Advance(TimeSpan.FromMilliseconds(0.5));
            }
        }
        return done;
    }
}
