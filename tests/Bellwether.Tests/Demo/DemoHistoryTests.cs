using System.Text.Json;
using Bellwether.Demo;
using Bellwether.Telemetry;

namespace Bellwether.Tests.Demo;

public sealed class DemoHistoryTests
{
    private static readonly DemoCalendar Calendar = new(new DateTimeOffset(2026, 11, 18, 15, 20, 0, TimeSpan.Zero));
    private readonly DemoHistory _history = new(Calendar);

    [Fact]
    public void A_day_can_be_made_again_with_the_same_ids() =>
        Assert.Equal(_history.Day(3).Select(Id), new DemoHistory(Calendar).Day(3).Select(Id));

    [Fact]
    public void Ids_sort_by_time_and_are_unique()
    {
        var day = _history.Day(2).Where(record => record.Observation is not null).Select(record => record.Observation!).ToArray();
        Assert.Equal(day.Length, day.Select(observation => observation.Id).Distinct().Count());
        Assert.All(day, observation => Assert.Equal(7, observation.Id.Version));
        Assert.All(day, observation => Assert.Equal(observation.StartTime.ToUnixTimeMilliseconds(), Convert.ToInt64(observation.Id.ToString("n")[..12], 16)));
    }

    [Fact]
    public void The_history_ends_at_the_anchor_and_weekends_are_quieter()
    {
        var today = _history.Day(0).Where(record => record.Observation is not null).Max(record => record.Observation!.StartTime);
        Assert.True(today < Calendar.Anchor.AddMinutes(1));
        Assert.True(_history.Day(4).Count() < _history.Day(8).Count() * 2 / 3, "14 November 2026 is a Saturday, 10 November a Tuesday");
    }

    [Fact]
    public void Three_weeks_are_between_50_000_and_250_000_observations()
    {
        var count = Enumerable.Range(0, DemoCalendar.Days + 1).Sum(day => _history.Day(day).Count(record => record.Observation is not null));
        Assert.InRange(count, 50_000, 250_000);
    }

    [Fact]
    public void The_outage_shows_in_the_errors_and_only_there()
    {
        static double Rate(IEnumerable<Observation> calls)
        {
            var all = calls.ToArray();
            return all.Count(call => call.IsError) / (double)all.Length;
        }
        var day = (int)(new DateTimeOffset(Calendar.Anchor.UtcDateTime.Date, TimeSpan.Zero) - new DateTimeOffset(Calendar.OutageFrom.UtcDateTime.Date, TimeSpan.Zero)).TotalDays;
        var calls = _history.Day(day).Where(record => record.Observation is not null).Select(record => record.Observation!).ToArray();
        Assert.True(Rate(calls.Where(call => Calendar.IsOutage(call.StartTime))) > 0.3);
        Assert.InRange(Rate(calls.Where(call => !Calendar.IsOutage(call.StartTime))), 0.002, 0.04);
    }

    [Fact]
    public void A_day_holds_what_the_pages_show()
    {
        var records = _history.Day(1).ToArray();
        var calls = records.Where(record => record.Observation is not null).ToArray();
        Assert.All(calls, record => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(record.Payload.Input).RootElement.ValueKind));
        Assert.All(calls, record => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(record.Payload.Output).RootElement.ValueKind));
        Assert.Contains(calls, record => record.Observation!.State == ObservationState.ClientDisconnect);
        Assert.Contains(calls, record => record.Observation!.Kind == ObservationKind.Tool);
        Assert.Contains(calls, record => record.Observation!.Kind == ObservationKind.Embedding);
        Assert.Contains(calls, record => record.Observation!.Stream && record.Payload.OutputAssembled);
        Assert.Contains(records, record => record.Annotation is { Name: "user_feedback" });
        Assert.True(calls.Select(record => record.Observation!.Model).Distinct().Count() >= 8);
        Assert.True(calls.Select(record => record.Observation!.ErrorType).Distinct().Count() >= 4);
        Assert.All(calls.Where(record => record.Observation!.State == ObservationState.Ok && record.Observation.Kind == ObservationKind.Llm), record => Assert.True(record.Observation!.Usage.OutputTokens > 0));
    }

    [Fact]
    public void Runs_of_agents_and_chains_are_traces_whose_steps_name_their_parent()
    {
        var steps = _history.Day(1).Select(record => record.Observation).OfType<Observation>().ToArray();
        foreach (var name in new[] { DemoTrace.Agent, DemoTrace.Chain })
        {
            var roots = steps.Where(step => step.Name == name).ToArray();
            Assert.NotEmpty(roots);
            Assert.Contains(roots, root => root.IsError);
            Assert.All(roots, root => Assert.Contains(steps, step => step.TraceId == root.TraceId && step.ParentId == root.SpanId && step.IsCall));
        }
        Assert.Contains(_history.Day(1), record => record.Observation is { Kind: ObservationKind.Retrieval } && DocumentReader.Read(record.Payload) is [{ Score: > 0.5 }, ..]);
    }

    [Fact]
    public void Timings_add_up() =>
        Assert.All(_history.Day(1).Where(record => record.Observation is { Kind: not ObservationKind.Tool }).Select(record => record.Observation!.Timings), timings =>
            Assert.Equal(timings.TotalMs, timings.QueueMs + timings.UpstreamMs + timings.PostMs, 6));

    private static Guid Id(TelemetryRecord record) => record.Observation?.Id ?? record.Annotation!.Id;
}
