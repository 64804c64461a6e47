using Bellwether.Feedback;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Bellwether.Tests.Ingest;
using Bellwether.Tests.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace Bellwether.Tests.Feedback;

public sealed class FeedbackIntakeTests
{
    [Fact]
    public async Task A_vote_by_the_id_of_a_call_is_the_one_by_its_request_id_and_reads_no_texts_for_it()
    {
        await using var store = new MemoryStore();
        await store.AppendAsync([new SequencedRecord(1, Records.Observation(1, payloadBytes: 1_000_000))], TestContext.Current.CancellationToken);
        var intake = new KeepingIntake();
        var feedback = new FeedbackIntake(intake, new TelemetryReader(store, intake, CaptureFilters.None, []), new FakeTimeProvider(Records.Time));

        var said = new UserFeedback { Project = ProjectId.Default, Target = FeedbackTarget.Observation(Records.Id(1)), Number = 1, Author = "ann" };
        var (result, ids) = await feedback.AcceptAsync([said], TestContext.Current.CancellationToken);

        Assert.True(result.Accepted);
        Assert.Equal(FeedbackIntake.IdOf(said with { Target = FeedbackTarget.Request("req-1") }), Assert.Single(ids));
        Assert.Equal(0, store.DetailsRead);
    }
}
