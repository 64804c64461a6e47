using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard.Tests;

/// <summary>The dashboard over checked answers: 240 of 300 looked at, 15 without support in their context, votes and signs about them.</summary>
public sealed class QualityServer : DashboardServer
{
    public static readonly int Answers = 300;
    public static readonly int Checked = 240;
    public static readonly int Ungrounded = 15;

    public DateTimeOffset Now { get; } = TimeProvider.System.GetUtcNow();

    protected override async Task FillAsync(ITelemetryStore store)
    {
        var records = new List<TelemetryRecord>();
        for (var i = 0; i < Answers; i++)
        {
            var start = Now.AddMinutes(-350 + (349.0 * i / Answers));
            var marks = i % 5 == 0 ? 0 : Marks(i);
            var call = new Observation
            {
                Id = Guid.CreateVersion7(start), Project = ProjectId.Default, StartTime = start, Kind = ObservationKind.Llm, State = ObservationState.Ok, Operation = "chat", Model = i % 3 == 0 ? "gpt-4.1" : "claude-sonnet-4-6",
                RequestModel = "gpt-4.1", Name = "POST /v1/chat/completions", Endpoint = "search", Timings = new() { TotalMs = 900 }, Usage = new() { InputTokens = 120, OutputTokens = 80 + (i % 40) }, Checks = marks,
                ErrorType = i % 60 == 1 ? ErrorTypes.SemanticRefusal : "",
            };
            records.Add(TelemetryRecord.Of(call, ObservationPayload.Empty));
            if (CheckMarks.Of(marks, "groundedness") == CheckMark.Fail)
            {
                records.Add(Say(call, "groundedness", 0.21, "validator", "fail", "2 of 4 claims have no support in the context. At 12–44, 81–120.", Annotation.Own));
            }
            if (i % 4 == 0) { records.Add(Say(call, "user_feedback", i % 20 == 0 ? 0 : 1, "user", "", i % 8 == 0 ? "thanks" : "", $"user-{i % 9}")); }
            if (i % 25 == 0) { records.Add(Say(call, i % 50 == 0 ? "escalated" : "copied", null, "implicit", "", "", $"user-{i % 9}")); }
        }
        await store.AppendAsync([.. records.Select((record, index) => new SequencedRecord(index + 1, record))], CancellationToken.None);
    }

    // Of what is looked at every twentieth has no support, and every second no context at all.
    private static long Marks(int i)
    {
        var marks = 0L;
        foreach (var always in (ImmutableArray<string>)["empty", "length", "repetition", "formatting", "refusal", "language"]) { marks = CheckMarks.With(marks, always, CheckMark.Pass); }
        marks = CheckMarks.With(marks, "repetition", i % 17 == 2 ? CheckMark.Warn : CheckMark.Pass);
        marks = CheckMarks.With(marks, "refusal", i % 60 == 1 ? CheckMark.Fail : CheckMark.Pass);
        marks = CheckMarks.With(marks, "off_topic", i % 11 == 3 ? CheckMark.Warn : CheckMark.Pass);
        return i % 2 == 0 ? marks : CheckMarks.With(marks, "groundedness", i % 20 == 3 ? CheckMark.Fail : i % 20 == 7 ? CheckMark.Warn : CheckMark.Pass);
    }

    private static TelemetryRecord Say(Observation call, string name, double? number, string source, string category, string text, string author) => TelemetryRecord.Of(new Annotation
    {
        Id = Guid.CreateVersion7(call.StartTime), Project = call.Project, Time = call.StartTime, ObservationId = call.Id, Name = name, Source = source, Number = number, Category = category, Text = text, Author = author,
    });
}

[CollectionDefinition(nameof(QualityCollection))]
public sealed class QualityCollection : ICollectionFixture<QualityServer>, ICollectionFixture<Browser>;
