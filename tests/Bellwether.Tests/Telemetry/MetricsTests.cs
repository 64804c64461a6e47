using System.Diagnostics.Metrics;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Tests.Telemetry;

/// <summary>T4: the five names exactly, in both text formats, with capped labels.</summary>
public sealed class MetricsTests
{
    private readonly InFlightCalls _inFlight = new();
    private readonly AiMetrics _metrics;

    public MetricsTests() => _metrics = new AiMetrics(_inFlight);

    [Fact]
    public void A_priced_call_counts_in_each_of_the_five_series()
    {
        _inFlight.Enter();
        _metrics.Record(Call("gpt-4o"));
        Assert.Equal(
            """
            # HELP ai_requests_total Calls by model, endpoint and outcome.
            # TYPE ai_requests_total counter
            ai_requests_total{model="gpt-4o",endpoint="chat",status="success"} 1
            # HELP ai_request_duration_seconds Time from the accepted request to the end of the answer.
            # TYPE ai_request_duration_seconds histogram
            ai_request_duration_seconds_bucket{model="gpt-4o",endpoint="chat",le="0.05"} 0
            ai_request_duration_seconds_bucket{model="gpt-4o",endpoint="chat",le="0.1"} 0
            ai_request_duration_seconds_bucket{model="gpt-4o",endpoint="chat",le="0.25"} 0
            ai_request_duration_seconds_bucket{model="gpt-4o",endpoint="chat",le="0.5"} 1
            ai_request_duration_seconds_bucket{model="gpt-4o",endpoint="chat",le="1"} 1
            ai_request_duration_seconds_bucket{model="gpt-4o",endpoint="chat",le="2.5"} 1
            ai_request_duration_seconds_bucket{model="gpt-4o",endpoint="chat",le="5"} 1
            ai_request_duration_seconds_bucket{model="gpt-4o",endpoint="chat",le="10"} 1
            ai_request_duration_seconds_bucket{model="gpt-4o",endpoint="chat",le="20"} 1
            ai_request_duration_seconds_bucket{model="gpt-4o",endpoint="chat",le="30"} 1
            ai_request_duration_seconds_bucket{model="gpt-4o",endpoint="chat",le="60"} 1
            ai_request_duration_seconds_bucket{model="gpt-4o",endpoint="chat",le="120"} 1
            ai_request_duration_seconds_bucket{model="gpt-4o",endpoint="chat",le="+Inf"} 1
            ai_request_duration_seconds_sum{model="gpt-4o",endpoint="chat"} 0.5
            ai_request_duration_seconds_count{model="gpt-4o",endpoint="chat"} 1
            # HELP ai_tokens_total Tokens by model; token_type is prompt or completion.
            # TYPE ai_tokens_total counter
            ai_tokens_total{model="gpt-4o",token_type="prompt"} 100
            ai_tokens_total{model="gpt-4o",token_type="completion"} 20
            # HELP ai_cost_usd_total Cost in USD of the calls whose price is known.
            # TYPE ai_cost_usd_total counter
            ai_cost_usd_total{model="gpt-4o",endpoint="chat"} 0.0003
            # HELP ai_requests_in_progress Calls in flight.
            # TYPE ai_requests_in_progress gauge
            ai_requests_in_progress 1

            """,
            Text(openMetrics: false));
    }

    [Fact]
    public void A_call_without_a_price_adds_no_cost_series()
    {
        _metrics.Record(Call("nobody-knows") with { Cost = null });
        Assert.DoesNotContain("ai_cost_usd_total{", Text(openMetrics: false), StringComparison.Ordinal);
    }

    [Fact]
    public void OpenMetrics_names_counters_without_total_and_ends_with_eof()
    {
        _metrics.Record(Call("gpt-4o"));
        var text = Text(openMetrics: true);
        Assert.Contains("# TYPE ai_requests counter\n", text, StringComparison.Ordinal);
        Assert.Contains("ai_requests_total{", text, StringComparison.Ordinal);
        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Label_values_that_callers_choose_are_escaped_and_capped()
    {
        _metrics.Record(Call("a\"b\\c\nd"));
        for (var i = 0; i < 500; i++)
        {
            _metrics.Record(Call($"model-{i}"));
        }
        _metrics.Record(Call(new string('x', 10_000)));
        var text = Text(openMetrics: false);
        Assert.Contains("""model="a\"b\\c\nd",""", text, StringComparison.Ordinal);
        Assert.Equal(201, text.Split('\n').Count(line => line.StartsWith("ai_requests_total{", StringComparison.Ordinal)));
        Assert.Contains("""ai_requests_total{model="other",endpoint="chat",status="success"} 302""", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Instruments_of_the_products_meter_are_shown_under_its_name()
    {
        using var readings = new MeterReadings();
        using var meter = new Meter(MeterReadings.MeterName);
        meter.CreateCounter<long>("test.records").Add(2, new KeyValuePair<string, object?>("reason", "full"));
        meter.CreateObservableGauge("test.depth", () => 7L, "By");
        meter.CreateHistogram<double>("test.commit", "s").Record(0.5);
        var writer = new ExpositionWriter(openMetrics: false);
        readings.Write(writer);
        var text = writer.ToString();
        Assert.Contains("bellwether_test_records_total{reason=\"full\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("bellwether_test_depth_bytes 7\n", text, StringComparison.Ordinal);
        Assert.Contains("bellwether_test_commit_seconds_count 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Ready_needs_every_condition_and_started_remembers_the_first_time()
    {
        var readiness = new Readiness();
        readiness.Set("store", false);
        Assert.False(readiness.IsReady);
        Assert.False(readiness.HasStarted);
        readiness.Set("store", true);
        Assert.True(readiness.IsReady);
        readiness.Set("running", false);
        Assert.False(readiness.IsReady);
        Assert.True(readiness.HasStarted);
    }

    private string Text(bool openMetrics)
    {
        var writer = new ExpositionWriter(openMetrics);
        _metrics.Write(writer);
        return writer.ToString();
    }

    private static Observation Call(string model) => new()
    {
        Id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch),
        Project = ProjectId.Default,
        StartTime = DateTimeOffset.UnixEpoch,
        Kind = ObservationKind.Llm,
        State = ObservationState.Ok,
        Model = model,
        Endpoint = "chat",
        Timings = new Timings { TotalMs = 500 },
        Usage = new Usage { InputTokens = 100, OutputTokens = 20 },
        Cost = new Cost(0.0001m, 0.0002m, "v"),
    };
}
