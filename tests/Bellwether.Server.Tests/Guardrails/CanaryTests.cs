using System.Data;
using System.Globalization;
using System.Text;
using DuckDB.NET.Data;

namespace Bellwether.Server.Tests;

/// <summary>
/// Synthetic persons tell their data through the gateway and every dialect of ingest, with the policy that there is without a
/// setting. Afterwards no byte of the data folder, the log, /metrics, a sink or an export holds any of it.
/// BELLWETHER_CANARIES sets how many persons; BELLWETHER_CANARY_WAYS how many ways each goes (1, or 0 for every one).
/// </summary>
public sealed class CanaryTests : IDisposable
{
    private const int Together = 20;
    private static readonly int s_persons = Setting("BELLWETHER_CANARIES", 2_000);
    private static readonly int s_waysOfEach = Setting("BELLWETHER_CANARY_WAYS", 1);
    private static readonly (string Name, Func<CanarySender, SyntheticPerson[], int, Task> SendAsync)[] s_ways = [.. CanaryCalls.All, .. CanaryIngest.All];
    private readonly string _sink = Directory.CreateTempSubdirectory("bellwether-sink").FullName;

    public void Dispose() => Directory.Delete(_sink, recursive: true);

    [Fact]
    public async Task Nothing_that_a_person_says_of_itself_is_on_the_disk_in_the_log_in_metrics_or_in_an_export()
    {
        await using var parrot = await Parrot.StartAsync(piece: 17);
        await using var receiver = await Receiver.StartAsync();
        await using var server = await BellwetherProcess.StartAsync(Settings(parrot, receiver));
        using var sender = new CanarySender(server);
        var persons = Enumerable.Range(0, s_persons).Select(SyntheticPerson.Of).ToArray();
        await SendAsync(sender, persons);
        await sender.SettleAsync();

        // Who asks with the address finds what is stored under its hash.
        var user = (await sender.ReadAsync($"/api/v1/observations?from=now-2d&user={Uri.EscapeDataString(persons[Together].Email)}")).GetProperty("items");
        Assert.StartsWith("[EMAIL:", user[0].GetProperty("user").GetString(), StringComparison.Ordinal);

        var search = new CanarySearch(persons.SelectMany(person => person.Canaries));
        var found = new List<string>();
        foreach (var (where, bytes) in await ReadBackAsync(sender))
        {
            Look(bytes, where);
        }
        foreach (var taken in receiver.Taken)
        {
            Look(taken.Body, "the sink's receiver");
        }
        server.Terminate();
        await server.WaitForExitAsync(TimeSpan.FromMinutes(1));
        Look(Encoding.UTF8.GetBytes(server.Log), "the log");
        var files = 0;
        foreach (var file in Directory.EnumerateFiles(server.DataFolder, "*", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(_sink, "*", SearchOption.AllDirectories)))
        {
            files++;
            Look(await File.ReadAllBytesAsync(file), Path.GetFileName(file));
        }
        Assert.True(found.Count == 0, string.Join("\n----\n", found));
        Assert.True(files > 5, "The data folder is somewhere else.");
        Assert.NotEmpty(receiver.Taken);
        Assert.Empty(server.Errors);

        void Look(ReadOnlySpan<byte> bytes, string where)
        {
            if (search.Find(bytes) is { } place) { found.Add($"{where}: …{place}…"); }
        }
    }

    [Fact]
    public async Task The_search_would_find_them_whichever_way_they_came_when_the_operator_keeps_everything()
    {
        await using var parrot = await Parrot.StartAsync(piece: 17);
        await using var receiver = await Receiver.StartAsync();
        await using var server = await BellwetherProcess.StartAsync(new Dictionary<string, string>(Settings(parrot, receiver)) { ["Bellwether__Guardrails__Storage__ALL"] = "keep" });
        using var sender = new CanarySender(server);
        // Each way has persons of its own; what is refused is not kept, and says so.
        var groups = Enumerable.Range(0, s_ways.Length * 2).Select(SyntheticPerson.Of).Chunk(2).ToArray();
        for (var way = 0; way < s_ways.Length; way++)
        {
            await s_ways[way].SendAsync(sender, groups[way], way * 100);
        }
        await sender.SettleAsync();
        var kept = await ReadBackAsync(sender);
        for (var way = 0; way < s_ways.Length; way++)
        {
            if (s_ways[way].Name == CanaryCalls.Refused) { continue; }
            // Of a text that is written as JSON several times over, and of an error's message, which is cut, not every form is looked for.
            foreach (var canary in new[] { groups[way][0].Email, groups[way][1].Email })
            {
                var search = new CanarySearch([canary]);
                Assert.True(kept.Any(place => search.Find(place.Bytes) is not null), $"{s_ways[way].Name}: {canary}");
            }
        }
    }

    private static async Task SendAsync(CanarySender sender, SyntheticPerson[] persons)
    {
        var groups = persons.Chunk(Together).ToArray();
        for (var group = 0; group < groups.Length; group++)
        {
            if (s_waysOfEach > 0 || groups[group].Length < Together)
            {
                await s_ways[group % s_ways.Length].SendAsync(sender, groups[group], group * Together);
                continue;
            }
            for (var way = 0; way < s_ways.Length; way++)
            {
                await s_ways[way].SendAsync(sender, groups[group], (way * persons.Length) + (group * Together));
            }
        }
        // Each way is gone at least once.
        for (var way = groups.Length; way < s_ways.Length; way++)
        {
            await s_ways[way].SendAsync(sender, groups[^1], 1_000_000 + (way * Together));
        }
    }

    // Everything as the API tells it: what is compressed on the disk is read here.
    private static async Task<List<(string Where, byte[] Bytes)>> ReadBackAsync(CanarySender sender)
    {
        var read = new List<(string, byte[])>
        {
            ("/metrics", await sender.GetAsync("/metrics")),
            ("the JSONL export", await sender.ExportAsync("jsonl")),
            ("the Parquet export", Rows(await sender.ExportAsync("parquet"))),
            ("security events as CSV", await sender.GetAsync("/api/v1/security/events/export?from=now-1d&format=csv")),
            ("security events as JSONL", await sender.GetAsync("/api/v1/security/events/export?from=now-1d&format=jsonl")),
            ("audit", await sender.GetAsync("/api/v1/audit")),
        };
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await sender.ReadAsync("/api/v1/feedback?from=now-2d&limit=1000" + (cursor.Length > 0 ? $"&cursor={Uri.EscapeDataString(cursor)}" : ""));
            read.Add(("feedback", Encoding.UTF8.GetBytes(page.GetRawText())));
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        foreach (var dataset in (await sender.ReadAsync("/v1/datasets?limit=100")).GetProperty("data").EnumerateArray().Select(item => item.GetProperty("id").GetString()).ToArray())
        {
            read.Add(("a dataset", await sender.GetAsync($"/v1/datasets/{dataset}/examples")));
            foreach (var experiment in (await sender.ReadAsync($"/v1/datasets/{dataset}/experiments")).GetProperty("data").EnumerateArray().Select(item => item.GetProperty("id").GetString()).ToArray())
            {
                read.Add(("an experiment", await sender.GetAsync($"/v1/experiments/{experiment}/json")));
            }
        }
        return read;
    }

    private static byte[] Rows(byte[] parquet)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, parquet);
            using var duck = new DuckDBConnection("DataSource=:memory:");
            duck.Open();
            using var command = duck.CreateCommand();
            command.CommandText = $"SELECT * FROM read_parquet('{file}')";
            using var rows = command.ExecuteReader();
            var all = new StringBuilder();
            while (rows.Read())
            {
                for (var column = 0; column < rows.FieldCount; column++)
                {
                    all.Append(CultureInfo.InvariantCulture, $"{rows.GetValue(column)}\n");
                }
            }
            return [.. Encoding.UTF8.GetBytes(all.ToString()), .. parquet];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private Dictionary<string, string> Settings(Parrot parrot, Receiver receiver)
    {
        var address = parrot.Address.ToString().TrimEnd('/');
        var sinks = receiver.Address.ToString().TrimEnd('/');
        return new()
        {
            ["Bellwether__Providers__first__Kind"] = "openai", ["Bellwether__Providers__first__BaseUrl"] = address + "/v1", ["Bellwether__Providers__first__ApiKey"] = "sk-1",
            ["Bellwether__Providers__second__Kind"] = "anthropic", ["Bellwether__Providers__second__BaseUrl"] = address, ["Bellwether__Providers__second__ApiKey"] = "sk-2",
            ["Bellwether__Providers__third__Kind"] = "gemini", ["Bellwether__Providers__third__BaseUrl"] = address, ["Bellwether__Providers__third__ApiKey"] = "sk-3",
            ["Bellwether__Sinks__lines__Kind"] = "jsonl", ["Bellwether__Sinks__lines__Folder"] = _sink, ["Bellwether__Sinks__lines__IncludeTexts"] = "true",
            ["Bellwether__Sinks__otlp__Kind"] = "otlp", ["Bellwether__Sinks__otlp__Url"] = sinks, ["Bellwether__Sinks__otlp__IncludeTexts"] = "true",
            ["Bellwether__Sinks__posthog__Kind"] = "posthog", ["Bellwether__Sinks__posthog__Url"] = sinks, ["Bellwether__Sinks__posthog__ApiKey"] = "phc_1", ["Bellwether__Sinks__posthog__IncludeTexts"] = "true",
        };
    }

    private static int Setting(string name, int fallback) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : fallback;
}
