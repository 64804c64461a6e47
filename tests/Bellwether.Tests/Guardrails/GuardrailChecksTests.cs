using System.Diagnostics.Metrics;
using Bellwether.Detection;
using Bellwether.Guardrails;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

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
        var checks = new GuardrailChecks([new Broken(), new Sound()], new GuardrailMeters(_services.GetRequiredService<IMeterFactory>()), NullLogger<GuardrailChecks>.Instance);

        var reports = checks.Check(new DetectorInput("a text", TextChannel.User));

        Assert.Equal([("odd-one", DetectorVerdict.Unknown), ("even-one", DetectorVerdict.Flag)], reports.Select(report => (report.Detector, report.Report.Verdict)));
        Assert.DoesNotContain("secret", string.Concat(reports[0].Report.Reasons));
        Assert.Equal(["odd-one unknown 1", "even-one flag 1"], counted);
    }

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
