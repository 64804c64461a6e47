using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Xunit;

namespace Bellwether.Storage.Tests;

/// <content>Distinct users, of which rollups keep more than a number.</content>
public abstract partial class TelemetryStoreConformance
{
    private static readonly TimeSpan?[] s_userSteps =
    [
        null, .. new[] { 1, 5, 6, 24, 48 }.Select(hours => (TimeSpan?)TimeSpan.FromHours(hours)), TimeSpan.FromMinutes(10),
    ];

    /// <summary>As the rows came, in the rollups, with hours of them taken out again, erased, and built anew.</summary>
    [Fact]
    public async Task A_user_counts_once_in_a_step_of_any_length_whatever_part_of_it_is_in_the_rollups()
    {
        await using var subject = await CreateAsync();
        var reference = new ReferenceStore();
        var records = Samples.WithSteps(Samples.Spread(seed: 81, 700, s_noon.AddDays(-6), TimeSpan.FromDays(6.4)));
        await AppendAsync(records);
        await AssertUsersAsync(subject.Store, reference, "as they came");
        await subject.SettleAsync();
        await AssertUsersAsync(subject.Store, reference, "in the rollups");
        // Late rows, in the middle of days that were complete and at the ends of one.
        await AppendAsync(Samples.Spread(82, 20, s_noon.AddDays(-4).AddHours(-3), TimeSpan.FromHours(5), 701));
        await AppendAsync([.. Samples.Spread(83, 3, s_noon.AddDays(-2).AddHours(-11.9), TimeSpan.FromMinutes(9), 721), .. Samples.Spread(84, 3, s_noon.AddDays(-2).AddHours(11.6), TimeSpan.FromMinutes(9), 724)]);
        await AssertUsersAsync(subject.Store, reference, "late rows came");
        await subject.SettleAsync();
        await AssertUsersAsync(subject.Store, reference, "late rows are in the rollups");
        var erased = new EraseRequest(Samples.Project, new TimeRange(s_noon.AddDays(-5), s_noon.AddDays(-1)), [Filter.Eq("user", "user-7")]);
        Assert.Equal(reference.Erase(erased.Project, erased.Window, erased.Where), await subject.Store.EraseAsync(erased, Token));
        await AssertUsersAsync(subject.Store, reference, "erased");
        await subject.SettleAsync();
        await subject.ReopenAsync();
        await AssertUsersAsync(subject.Store, reference, "erased and in the rollups");

        async Task AppendAsync(ImmutableArray<SequencedRecord> batch)
        {
            await subject.Store.AppendAsync(batch, Token);
            reference.Append(batch);
        }
    }

    [Fact]
    public async Task The_calls_of_a_user_are_found_in_every_hour_that_has_one()
    {
        await using var subject = await CreateAsync();
        var reference = new ReferenceStore();
        var batch = Samples.Spread(seed: 85, 900, s_noon.AddDays(-15), TimeSpan.FromDays(15));
        await subject.Store.AppendAsync(batch, Token);
        reference.Append(batch);
        await subject.SettleAsync();
        var late = Samples.Spread(86, 10, s_noon.AddDays(-9), TimeSpan.FromDays(2), 901);
        await subject.Store.AppendAsync(late, Token);
        reference.Append(late);
        for (var round = 0; round < 2; round++)
        {
            foreach (var user in new[] { "user-0", "user-24", "nobody" })
            {
                // A page at a time, so that cursors fall between and into the hours.
                var read = new List<Guid>();
                string? cursor = null;
                do
                {
                    var page = await Page(subject.Store, s_month, limit: 13, cursor, where: Filter.Eq("user", user));
                    read.AddRange(page.Items.Select(call => call.Id));
                    cursor = page.Next;
                }
                while (cursor is not null);
                Assert.Equal(reference.Newest(Samples.Project, s_month, [Filter.Eq("user", user)], null).Select(call => call.Id), read);
            }
            await subject.SettleAsync();
        }
    }

    private static async Task AssertUsersAsync(ITelemetryStore store, ReferenceStore reference, string when)
    {
        TimeRange[] windows =
        [
            s_month, new(s_noon.AddDays(-5).AddMinutes(37), s_noon.AddDays(-1).AddHours(3.3)), new(s_noon.AddMinutes(-50), s_noon.AddMinutes(-20)),
        ];
        foreach (var query in from window in windows from step in s_userSteps select new TelemetryQuery(Samples.Project, window, [Measure.Users]) { Step = step })
        {
            try
            {
                AssertSameRows(query, [.. reference.Query(query)], (await store.QueryAsync(query, Token)).Rows);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"{when}: {query.Window}, {query.Step}: {error.Message}", error);
            }
        }
    }
}
