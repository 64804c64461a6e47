using Bellwether.Exchange;
using Bellwether.Gateway;
using Bellwether.Pricing;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Bellwether.Tests.Gateway;

/// <summary>The limits that callers set themselves, over time and by cost.</summary>
public sealed class QuotaStageTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task A_window_begins_with_its_first_call_and_ends_after_its_length()
    {
        await using var gateway = await GatewayHost.StartAsync([]);
        var stage = Stage(gateway, cents: 0);
        Assert.True(await PassesAsync(stage, "2;w=60"));
        _clock.Advance(TimeSpan.FromSeconds(40));
        Assert.True(await PassesAsync(stage, "2;w=60"));
        _clock.Advance(TimeSpan.FromSeconds(19));
        Assert.False(await PassesAsync(stage, "2;w=60"));
        Assert.True(await PassesAsync(stage, "3;w=60"));   // another policy, another window
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await PassesAsync(stage, "2;w=60"));
    }

    [Fact]
    public async Task Cents_are_looked_at_before_a_call_and_charged_after_it()
    {
        await using var gateway = await GatewayHost.StartAsync([]);
        var stage = Stage(gateway, cents: 2);
        Assert.True(await PassesAsync(stage, "3;w=60;u=cents"));
        Assert.True(await PassesAsync(stage, "3;w=60;u=cents"));
        var third = Call("3;w=60;u=cents");
        var refusal = (await stage.BeforeAsync(third, CancellationToken.None)).Refusal!;
        Assert.Equal((429, "rate_limit_exceeded", false, 60, 0L), (refusal.Status, refusal.Code, refusal.ShouldRetry, refusal.RetryAfterSeconds, third.Quota!.Remaining));
    }

    [Fact]
    public async Task Who_has_no_value_for_the_segment_is_not_limited_and_properties_are_segments_too()
    {
        await using var gateway = await GatewayHost.StartAsync([]);
        var stage = Stage(gateway, cents: 0);
        Assert.True(await PassesAsync(stage, "1;w=60;s=Team"));
        Assert.True(await PassesAsync(stage, "1;w=60;s=Team"));
        Assert.True(await PassesAsync(stage, "1;w=60;s=Team", ("team", "blue")));
        Assert.False(await PassesAsync(stage, "1;w=60;s=Team", ("team", "blue")));
        Assert.True(await PassesAsync(stage, "1;w=60;s=Team", ("team", "red")));
    }

    [Theory]
    [InlineData("1000;w=3600;u=cents;s=user", true)]
    [InlineData("10;w=60", true)]
    [InlineData("10;w=59", false)]
    [InlineData("10", false)]
    [InlineData("0;w=60", false)]
    [InlineData("10;w=60;u=tokens", false)]
    [InlineData("10;w=60;x=1", false)]
    public void A_policy_is_read_or_not(string text, bool valid) => Assert.Equal(valid, QuotaPolicy.Parse(text) is not null);

    private QuotaStage Stage(GatewayHost gateway, int cents) =>
        new(_clock, gateway.Services.GetRequiredService<GatewayMeters>(), new OnePrice(cents / 100m));

    private static async Task<bool> PassesAsync(QuotaStage stage, string policy, params (string Name, string Value)[] properties)
    {
        var call = Call(policy, properties);
        var passes = (await stage.BeforeAsync(call, CancellationToken.None)).Refusal is null;
        stage.Ended(call, new Observation { Id = call.Id, Project = call.Project, StartTime = call.StartTime, Kind = ObservationKind.Llm, State = ObservationState.Ok, Model = "m" });
        return passes;
    }

    private static ModelCall Call(string policy, params (string Name, string Value)[] properties) => new()
    {
        Id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch), StartTime = DateTimeOffset.UnixEpoch, StartTimestamp = 0,
        Dialect = Dialect.OpenAiChat, Surface = "openai", Operation = "chat", Route = "POST /v1/chat/completions",
        Quota = QuotaPolicy.Parse(policy), Properties = [.. properties.Select(property => KeyValuePair.Create(property.Name, property.Value))],
    };

    private sealed class OnePrice(decimal usd) : IPriceBook
    {
        public Cost? Quote(string provider, string model, Usage usage, DateTimeOffset at, string serviceTier = "") => new(usd, 0, "test");
    }
}
