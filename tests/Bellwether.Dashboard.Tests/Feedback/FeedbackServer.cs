using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard.Tests;

/// <summary>The dashboard over what users said and did: votes, reports, words, signals, scores; of calls, traces and sessions; some of it hostile.</summary>
public sealed class FeedbackServer : DashboardServer
{
    public static readonly string Hostile = "<img src=x onerror=alert(1)> \u202etxet esrever\u202c \0 javascript:alert(1) " + new string('w', 900);
    private long _sequence;

    public Guid Call { get; private set; }

    public DateTimeOffset Now { get; } = TimeProvider.System.GetUtcNow();

    public async Task SayAsync(params Annotation[] said)
    {
        await Store.AppendAsync([.. said.Select(annotation => new SequencedRecord(++_sequence, TelemetryRecord.Of(annotation)))], CancellationToken.None);
        Changes.Announce(said[0].Project, said[0].Time, 0);
    }

    public Annotation Vote(string name, double? number, TimeSpan ago, string text = "", string category = "", string user = "", string source = "user", Guid? of = null) => new()
    {
        Id = Guid.CreateVersion7(Now - ago), Project = ProjectId.Default, Time = Now - ago, ObservationId = of ?? Call, Name = name, Source = source, Number = number, Text = text, Category = category, Author = user,
    };

    protected override async Task FillAsync(ITelemetryStore store)
    {
        var call = new Observation
        {
            Id = Guid.CreateVersion7(Now.AddMinutes(-90)), Project = ProjectId.Default, StartTime = Now.AddMinutes(-90), Kind = ObservationKind.Llm, State = ObservationState.Ok, Model = "gpt-4.1", RequestModel = "gpt-4.1",
            Name = "POST /v1/chat/completions", RequestId = "req-1", Timings = new() { TotalMs = 800 },
        };
        Call = call.Id;
        await store.AppendAsync([new(++_sequence, TelemetryRecord.Of(call, ObservationPayload.Empty))], CancellationToken.None);
        var early = ObservationIds.OfRequest(ProjectId.Default, "req-1");
        var said = new List<Annotation>
        {
            Vote("user_feedback", 1, TimeSpan.FromMinutes(3), "exactly what I needed", user: "ann"),
            Vote("user_feedback", 0, TimeSpan.FromMinutes(6), "The price of the tent is wrong, it says 289 and the shop says 329.", "incorrect", "ben"),
            Vote("report", 0, TimeSpan.FromMinutes(8), Hostile, "harmful", "<script>mallory</script>"),
            Vote("comment", null, TimeSpan.FromMinutes(11), "Could you answer in Norwegian? Jeg forstår ikke alt.", user: "kari"),
            Vote("edited", 0.342, TimeSpan.FromMinutes(14), user: "dora", source: "implicit"),
            Vote("edit_distance", 118, TimeSpan.FromMinutes(14), user: "dora", source: "implicit"),
            Vote("copied", null, TimeSpan.FromMinutes(20), user: "ann", source: "implicit"),
            Vote("re_asked", null, TimeSpan.FromMinutes(25), user: "ben", source: "implicit"),
            Vote("escalated", null, TimeSpan.FromMinutes(31), user: "ben", source: "implicit"),
            Vote("groundedness", 0.87, TimeSpan.FromMinutes(40), "Every claim is in the excerpts.", source: "evaluator"),
            Vote("user_feedback", 1, TimeSpan.FromMinutes(45), user: "eve", of: early) with { RequestId = "req-1" },
            Vote("user_feedback", 0, TimeSpan.FromMinutes(50), category: "unhelpful", user: "finn", of: Guid.Empty) with { TraceId = "0af7651916cd43dd8448eb211c80319c" },
            Vote("user_feedback", 1, TimeSpan.FromMinutes(55), "solved", of: Guid.Empty) with { Session = "chat-17" },
        };
        for (var i = 0; i < 90; i++)
        {
            said.Add(Vote("user_feedback", i % 5 == 0 ? 0 : 1, TimeSpan.FromMinutes(60 + (2.5 * i)), i % 3 == 0 ? "thanks" : "", i % 10 == 0 ? "unhelpful" : "", $"user-{i % 17}", of: Guid.CreateVersion7(Now.AddMinutes(-60 - (2.5 * i)))));
        }
        await store.AppendAsync([.. said.Select(annotation => new SequencedRecord(++_sequence, TelemetryRecord.Of(annotation)))], CancellationToken.None);
    }
}

[CollectionDefinition(nameof(FeedbackCollection))]
public sealed class FeedbackCollection : ICollectionFixture<FeedbackServer>, ICollectionFixture<Browser>;
