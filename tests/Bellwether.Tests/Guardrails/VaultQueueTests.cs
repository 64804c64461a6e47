using System.Diagnostics.Metrics;
using Bellwether.Detection;
using Bellwether.Guardrails;
using Bellwether.Primitives;
using Microsoft.Extensions.Options;

namespace Bellwether.Tests.Guardrails;

/// <summary>Values on their way to the vault: bounded, each once, and what is lost is counted.</summary>
public sealed class VaultQueueTests
{
    [Fact]
    public void A_value_waits_once_and_a_full_queue_loses_and_counts_what_comes_until_there_is_room()
    {
        using var factory = new Meters();
        var queue = new VaultQueue(Options.Create(new VaultOptions { QueueLength = 100 }), new AnswerMeters(factory));
        for (var i = 0; i < 150; i++)
        {
            queue.Add(Entry(i));
            queue.Add(Entry(i));
        }
        Assert.Equal(100, queue.Reader.Count);
        // What did not fit is new each time that it comes.
        Assert.Equal(100, factory.Lost);
        while (queue.Reader.TryRead(out _)) { }
        queue.Add(Entry(120));
        queue.Add(Entry(5));
        Assert.Equal(1, queue.Reader.Count);
        queue.Forget([Entry(5)]);
        queue.Add(Entry(5));
        Assert.Equal(2, queue.Reader.Count);
    }

    private static VaultEntry Entry(int number) => new(ProjectId.Default, $"EMAIL_{number}", PersonalDataType.Email, "jane@example.com", DateTimeOffset.UnixEpoch);

    private sealed class Meters : IMeterFactory
    {
        private readonly Meter _meter = new("vault queue test");
        private readonly MeterListener _listener = new();

        public Meters()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter, _meter) && instrument.Name.EndsWith("tokens_not_kept", StringComparison.Ordinal)) { listener.EnableMeasurementEvents(instrument); }
            };
            _listener.SetMeasurementEventCallback<long>((_, count, _, _) => Lost += count);
            _listener.Start();
        }

        public long Lost { get; private set; }

        public Meter Create(MeterOptions options) => _meter;

        public void Dispose()
        {
            _listener.Dispose();
            _meter.Dispose();
        }
    }
}
