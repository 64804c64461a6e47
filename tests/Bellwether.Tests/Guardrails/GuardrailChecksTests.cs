using System.Diagnostics.Metrics;
using Bellwether.Detection;
using Bellwether.Guardrails;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Bellwether.Tests.Guardrails;

/// <summary>All detectors over one text, whatever one of them does.</summary>
public sealed class GuardrailChecksTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void A_detector_that_throws_is_unknown_and_counted_and_the_others_go_on()
    {
        var counted = new List<string>();
        using var listener = new MeterListener { InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "guardrails.checks")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        } };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (tags.ToArray().Any(tag => tag.Value is "odd-one" or "even-one"))
            {
                counted.Add($"{string.Join(' ', tags.ToArray().Select(tag => tag.Value))} {value}");
            }
        });
        listener.Start();
        var checks = new GuardrailChecks([new Broken(), new Sound()], new GuardrailMeters(_services.GetRequiredService<IMeterFactory>()), NullLogger<GuardrailChecks>.Instance, TimeProvider.System, TimeSpan.FromMinutes(1));

        var reports = checks.Check(new DetectorInput("a text", TextChannel.User));

        Assert.Equal([("odd-one", DetectorVerdict.Unknown), ("even-one", DetectorVerdict.Flag)], reports.Select(report => (report.Detector, report.Report.Verdict)));
        Assert.DoesNotContain("secret", string.Concat(reports[0].Report.Reasons));
        Assert.Equal(["odd-one unknown 1", "even-one flag 1"], counted);
    }

    public static TheoryData<string, TextChannel> Detectors => new() { { "injection", TextChannel.User }, { "injection", TextChannel.Document }, { "harm", TextChannel.User }, { "harm", TextChannel.Answer }, { "pii", TextChannel.User }, { "leak", TextChannel.Answer } };

    [Theory]
    [MemberData(nameof(Detectors))]
    public void A_detector_that_takes_longer_than_it_may_is_unknown(string name, TextChannel channel)
    {
        var text = string.Concat(Enumerable.Repeat("Mail jane@example.com, or call +1 415 555 2671. ", 4_000));
        var input = new DetectorInput(text, channel) { System = "You are a helpful assistant of the harbour and tell fares." };
        Assert.NotEqual(DetectorVerdict.Unknown, All(new FakeTimeProvider()).CheckWith(name, input).Verdict);
        // Every look at the clock takes a second.
        var late = All(new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) }).CheckWith(name, input);
        Assert.Equal(DetectorReport.TooSlow, late);
    }

    [Fact]
    public void A_search_for_personal_data_that_takes_too_long_gives_nothing_to_rely_on()
    {
        var text = string.Concat(Enumerable.Repeat("Mail jane@example.com. ", 8_000));
        var found = new FindingBuffer();
        Assert.True(All(new FakeTimeProvider()).TryFind(text, found));
        Assert.Equal(8_000, found.Count);
        Assert.False(All(new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) }).TryFind(text, found));
        Assert.Equal(0, found.Count);
    }

    private GuardrailChecks All(TimeProvider clock) => new(
        [new InjectionDetector(InjectionModel.Shipped), new HarmDetector(HarmModel.Shipped), new PersonalDataDetector(), new LeakDetector()],
        new GuardrailMeters(_services.GetRequiredService<IMeterFactory>()), NullLogger<GuardrailChecks>.Instance, clock, TimeSpan.FromSeconds(2));

    private sealed class Broken : ITextDetector
    {
        public string Name => "odd-one";

        public DetectorReport Check(in DetectorInput input) => throw new InvalidOperationException("secret");
    }

    private sealed class Sound : ITextDetector
    {
        public string Name => "even-one";

        public DetectorReport Check(in DetectorInput input) => new(0.7, DetectorVerdict.Flag);
    }
}
