using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>
/// Every client meets every fault once, in front of a real server: what it sends again arrives whole and once, what it gives up is gone, and
/// what it sends next arrives. Which is which is the clients' doing; it is why Bellwether answers trouble with 503 and <c>Retry-After</c>.
/// </summary>
public sealed class FaultTests(FaultClients clients) : IClassFixture<FaultClients>
{
    /// <summary>Sent again by the client.</summary>
    private const string Again = "sent again";

    /// <summary>Lost; whoever waits for the client gets an error.</summary>
    private const string Told = "lost, told";

    /// <summary>Lost; at most a line on the console says so.</summary>
    private const string Lost = "lost";

    private static readonly TimeSpan s_commitLimit = TimeSpan.FromSeconds(30);

    public static readonly int[] Statuses = [429, 503, 500, 413, 404];

    /// <summary>What becomes of a first request that is answered with 429, 503, 500, 413 and 404. The same table is in docs/sdk-matrix.md.</summary>
    public static readonly (string Client, string[] Outcomes)[] Table =
    [
        ("OTLP/HTTP protobuf", [Again, Again, Told, Told, Told]),
        ("OTLP/HTTP JSON", [Again, Again, Told, Told, Told]),
        ("OTLP/HTTP logs", [Again, Again, Lost, Lost, Lost]),
        ("OTLP/gRPC, HTTP status", [Told, Told, Told, Told, Told]),
        ("OTLP/gRPC, gRPC status", [Told, Told, Told, Told, Told]),
        ("phoenix-otel", [Again, Again, Told, Told, Told]),
        ("Langfuse OTel", [Again, Again, Told, Told, Told]),
        ("AI SDK 6", [Again, Again, Told, Told, Told]),
        ("AI SDK 7", [Again, Again, Told, Told, Told]),
        ("LangSmith 0.12, zstd", [Again, Again, Again, Lost, Lost]),
        ("LangSmith 0.12, uncompressed", [Again, Again, Again, Lost, Again]),
        ("LangSmith 0.10, gzip", [Again, Again, Again, Lost, Again]),
        ("Langfuse 3", [Again, Again, Again, Again, Again]),
        ("Langfuse 3, answer not JSON", [Lost, Lost, Lost, Lost, Lost]),
        ("phoenix-client", [Told, Told, Told, Told, Told]),
        ("Helicone's logger", [Lost, Lost, Lost, Lost, Lost]),
        ("PostHog", [Again, Again, Again, Told, Told]),
        ("Mixpanel", [Told, Told, Told, Told, Told]),
    ];

    public static TheoryData<string, int, string> Cases()
    {
        var cases = new TheoryData<string, int, string>();
        foreach (var (client, outcomes) in Table)
        {
            foreach (var (status, outcome) in Statuses.Zip(outcomes))
            {
                cases.Add(client, status, outcome);
            }
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_meets_a_fault_is_sent_again_or_lost_as_the_table_says_and_the_next_arrives(string client, int status, string outcome)
    {
        var result = clients[client, status];
        var (first, next) = (result.GetProperty("first"), result.GetProperty("next"));
        // In this order: when the later one is there and the earlier one is not, the earlier one does not come any more.
        await AssertWholeAsync(next);
        Assert.True(Text(next, "told") is null, result.GetRawText());
        var posts = first.GetProperty("posts").GetInt32();
        if (outcome == Again)
        {
            Assert.True(posts >= 2 && Text(first, "told") is null, result.GetRawText());
            await AssertWholeAsync(first);
            return;
        }
        Assert.True(posts == 1 && Text(first, "told") is null == (outcome == Lost), result.GetRawText());
        Assert.Empty(await ItemsAsync(first));
    }

    [Fact]
    public void Every_client_that_was_run_is_in_the_table() =>
        Assert.Equal(clients.Names.Order(StringComparer.Ordinal), Table.Select(row => row.Client).Order(StringComparer.Ordinal));

    private async Task AssertWholeAsync(JsonElement sent)
    {
        var (items, tokens) = (sent.GetProperty("items").GetInt32(), sent.GetProperty("tokens").GetInt64());
        for (var clock = Stopwatch.StartNew(); ;)
        {
            var found = await ItemsAsync(sent);
            var counted = found.Sum(item => item.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object ? usage.GetProperty("input_tokens").GetInt64() : 0);
            if ((found.Count == items && counted == tokens) || clock.Elapsed > s_commitLimit)
            {
                Assert.Equal(
                    string.Create(CultureInfo.InvariantCulture, $"{items} with {tokens} tokens"),
                    string.Create(CultureInfo.InvariantCulture, $"{found.Count} with {counted} tokens"));
                return;
            }
            await Task.Delay(100);
        }
    }

    private async Task<IReadOnlyList<JsonElement>> ItemsAsync(JsonElement sent) =>
        [.. (await clients.Server.GetAsync($"/api/v1/{Text(sent, "ask")}")).GetProperty("items").EnumerateArray()];

    private static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();
}
