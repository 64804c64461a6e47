using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Xunit;

namespace Bellwether.Storage.Tests;

/// <content>The store against the reference, whatever happened before.</content>
public abstract partial class TelemetryStoreConformance
{
    /// <summary>New rows, late rows, versions that move, erasures, re-pricing, restarts and replays in any order, against a list and LINQ.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Whatever_happens_in_whatever_order_rows_and_rollups_say_the_same_as_the_reference(int seed)
    {
        await using var subject = await CreateAsync();
        var reference = new ReferenceStore();
        var random = new Random(seed);
        var journal = new List<SequencedRecord>();
        var story = new List<string>();
        for (var step = 0; step < 14; step++)
        {
            switch (random.Next(8))
            {
                case 0:
                    story.Add("settle");
                    await subject.SettleAsync();
                    break;
                case 1:
                    story.Add("erase");
                    ImmutableArray<Filter> where = random.Next(2) == 0 ? [Filter.Eq("user", $"user-{random.Next(25)}")] : [Filter.Eq("model", "gpt-4o"), Filter.Eq("state", "timeout")];
                    var window = new TimeRange(s_noon.AddHours(-random.Next(80)), s_noon.AddDays(2));
                    Assert.Equal(reference.Erase(Samples.Project, window, where), await subject.Store.EraseAsync(new EraseRequest(Samples.Project, window, where), Token));
                    break;
                case 2:
                    story.Add("reopen and replay");
                    Assert.Equal(journal.Count, await subject.ReopenAsync());
                    foreach (var batch in journal.Skip(random.Next(journal.Count + 1)).Chunk(random.Next(1, 90)))
                    {
                        await subject.Store.AppendAsync([.. batch], Token);
                    }
                    break;
                case 3:
                    story.Add("re-price");
                    var from = s_noon.AddHours(-random.Next(80));
                    var request = new RepriceRequest(Samples.Project, new TimeRange(from, from.AddHours(30)), [new Filter("model", FilterOp.Ne, ["gpt-4o"])]);
                    var usd = random.Next(1, 9) * 0.001m;
                    Cost? Price(PricedCall call) => call.Model == "gpt-4o-mini" ? null : new Cost(usd, 0, $"v{usd}");
                    Assert.Equal(reference.Reprice(request, Price), await subject.Store.RepriceAsync(request, Price, Token));
                    break;
                default:
                    var made = Versions(random, journal, random.Next(1, 80));
                    story.Add($"append {made.Length}");
                    await subject.Store.AppendAsync(made, Token);
                    journal.AddRange(made);
                    reference.Append(made);
                    break;
            }
        }
        await AssertAgreesAsync(subject, reference, $"seed {seed}: {string.Join(", ", story)}");
    }

    // Half of them new, half versions of earlier ones, which may be of the same batch, start elsewhere or be running again.
    private static ImmutableArray<SequencedRecord> Versions(Random random, List<SequencedRecord> journal, int count)
    {
        var records = ImmutableArray.CreateBuilder<SequencedRecord>(count);
        for (var i = 0; i < count; i++)
        {
            var start = s_noon.AddDays(-3) + (TimeSpan.FromHours(78) * random.NextDouble());
            var made = Samples.Random(random, start) with { Project = random.Next(8) == 0 ? new ProjectId("other") : Samples.Project };
            var earlier = journal.Count + records.Count;
            if (earlier > 0 && random.Next(2) == 0)
            {
                var at = random.Next(earlier);
                var former = (at < journal.Count ? journal[at] : records[at - journal.Count]).Record.Observation!;
                made = made with { Id = former.Id, Project = former.Project, StartTime = random.Next(2) == 0 ? former.StartTime : start };
            }
            if (random.Next(4) == 0)
            {
                made = made with { State = ObservationState.Running, ErrorType = "" };
            }
            records.Add(new SequencedRecord(journal.Count + i + 1, TelemetryRecord.Of(made, random.Next(5) == 0 ? ObservationPayload.Empty : Samples.Payload(random), mayReplace: true)));
        }
        return records.MoveToImmutable();
    }

    /// <summary>Every measure by hour, by day, by model and in sum, pages and search; from the rows and again from the rollups.</summary>
    private static async Task AssertAgreesAsync(IStoreUnderTest subject, ReferenceStore reference, string when)
    {
        var all = new TelemetryQuery(Samples.Project, s_month, s_inRollups);
        TelemetryQuery[] queries =
        [
            all, all with { Step = TimeSpan.FromHours(1) }, all with { Step = TimeSpan.FromMinutes(5) }, all with { Step = TimeSpan.FromDays(1), By = [new Dimension("state")] },
            all with { By = [new Dimension("model")] }, all with { By = [new Dimension("user")] }, all with { Where = [Filter.Eq("state", "running")] }, all with { Text = "refund" }, all with { Measures = [Measure.FirstSeen, Measure.Count], Step = TimeSpan.FromDays(1) },
        ];
        for (var round = 0; round < 2; round++)
        {
            foreach (var query in queries)
            {
                try
                {
                    AssertSameRows(query, [.. reference.Query(query)], (await subject.Store.QueryAsync(query, Token)).Rows);
                }
                catch (Exception error)
                {
                    throw new InvalidOperationException($"{when}, {(round == 0 ? "as it came" : "settled")}: {error.Message}", error);
                }
            }
            foreach (var where in new[] { Filter.Eq("user", "user-3"), Filter.Eq("model", "gpt-4o"), new Filter("state", FilterOp.In, ["running", "timeout"]) })
            {
                var newest = reference.Newest(Samples.Project, s_month, [where], null).Select(observation => observation.Id);
                Assert.Equal(newest, (await Page(subject.Store, s_month, where: where)).Items.Select(observation => observation.Id));
            }
            foreach (var text in new[] { null, "order" })
            {
                Assert.Equal(reference.Newest(Samples.Project, s_month, [], text).Select(observation => observation.Id), (await All(subject.Store, s_month, 170, text)).Select(observation => observation.Id));
            }
            await subject.SettleAsync();
        }
    }
}
