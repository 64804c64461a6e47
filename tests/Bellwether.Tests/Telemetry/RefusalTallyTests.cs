using System.Diagnostics.Metrics;
using Bellwether.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Bellwether.Tests.Telemetry;

/// <summary>The sum of what receivers refused, taken from the counters that they have anyway.</summary>
public sealed class RefusalTallyTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly RefusalTally _tally;

    public RefusalTallyTests() => _tally = new RefusalTally(_services.GetRequiredService<IMeterFactory>(), _clock);

    [Fact]
    public void Requests_and_items_are_told_apart_and_summed_by_source_and_reason()
    {
        var meter = Meter();
        var requests = meter.CreateCounter<long>("zebra.refused.requests");
        requests.Add(1, new KeyValuePair<string, object?>("reason", "key"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        requests.Add(2, new("signal", "traces"), new("reason", "key"));
        requests.Add(1, new KeyValuePair<string, object?>("reason", "too_large"));
        meter.CreateCounter<long>("apple.rejected").Add(4);

        Assert.Equal(
            [
                new IngestRefusal("apple", false, "invalid", 4, _clock.GetUtcNow()),
                new IngestRefusal("zebra", true, "key", 3, _clock.GetUtcNow()),
                new IngestRefusal("zebra", true, "too_large", 1, _clock.GetUtcNow()),
            ],
            _tally.Read().ToArray());
    }

    [Fact]
    public void What_was_taken_and_what_another_server_refused_is_not_in_it()
    {
        Meter().CreateCounter<long>("zebra.items").Add(5);
        using var others = new ServiceCollection().AddMetrics().BuildServiceProvider();
        others.GetRequiredService<IMeterFactory>().Create(MeterReadings.MeterName).CreateCounter<long>("zebra.rejected").Add(1);

        Assert.Empty(_tally.Read());
    }

    [Fact]
    public void A_receiver_that_says_words_of_its_sender_cannot_grow_it_without_end()
    {
        var counter = Meter().CreateCounter<long>("zebra.rejected");
        for (var i = 0; i < 2_000; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("reason", $"r{i}"));
        }

        Assert.Equal(501, _tally.Read().Length);
        Assert.Equal(2_000, _tally.Read().Sum(row => row.Count));
    }

    public void Dispose()
    {
        _tally.Dispose();
        _services.Dispose();
    }

    private Meter Meter() => _services.GetRequiredService<IMeterFactory>().Create(MeterReadings.MeterName);
}
