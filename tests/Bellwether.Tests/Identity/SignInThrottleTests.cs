using Bellwether.Identity;
using Microsoft.Extensions.Time.Testing;

namespace Bellwether.Tests;

public sealed class SignInThrottleTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void After_five_wrong_passwords_a_name_waits_at_that_address_for_what_is_left_of_the_window()
    {
        var throttle = new SignInThrottle(_clock);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(TimeSpan.Zero, throttle.Wait("ada", "10.0.0.1"));
            throttle.Failed("ada", "10.0.0.1");
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(TimeSpan.FromMinutes(10), throttle.Wait("ada", "10.0.0.1"));
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(TimeSpan.Zero, throttle.Wait("ada", "10.0.0.1"));
    }

    [Fact]
    public void A_stranger_does_not_lock_the_owner_of_a_name_out()
    {
        var throttle = new SignInThrottle(_clock);
        for (var i = 0; i < 30; i++)
        {
            throttle.Failed("ada", "203.0.113.9");
        }

        Assert.NotEqual(TimeSpan.Zero, throttle.Wait("ada", "203.0.113.9"));
        Assert.Equal(TimeSpan.Zero, throttle.Wait("ada", "10.0.0.1"));
    }

    [Fact]
    public void One_address_that_tries_many_names_waits_for_all_of_them()
    {
        var throttle = new SignInThrottle(_clock);
        for (var i = 0; i < 30; i++)
        {
            throttle.Failed($"name{i}", "203.0.113.9");
        }

        Assert.NotEqual(TimeSpan.Zero, throttle.Wait("a-new-name", "203.0.113.9"));
    }

    [Fact]
    public void Many_addresses_that_try_one_name_are_slowed_down_together()
    {
        var throttle = new SignInThrottle(_clock);
        for (var i = 0; i < 100; i++)
        {
            throttle.Failed("ada", $"198.51.100.{i}");
        }

        Assert.NotEqual(TimeSpan.Zero, throttle.Wait("ada", "10.0.0.1"));
    }

    [Fact]
    public void A_right_password_forgets_the_wrong_ones_before_it()
    {
        var throttle = new SignInThrottle(_clock);
        for (var i = 0; i < 4; i++)
        {
            throttle.Failed("ada", "10.0.0.1");
        }

        throttle.Succeeded("ada", "10.0.0.1");
        throttle.Failed("ada", "10.0.0.1");

        Assert.Equal(TimeSpan.Zero, throttle.Wait("ada", "10.0.0.1"));
    }
}
