using System.Text;

namespace Bellwether.Server.Tests;

/// <summary>Recipe R5: whatever the provider does, the caller gets the provider's bytes, and there is exactly one observation with the right state.</summary>
public sealed class ZooTests(ZooServer server) : IClassFixture<ZooServer>
{
    public static TheoryData<string> Names => [.. ZooAnimals.All.Select(animal => animal.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_caller_gets_the_providers_bytes_and_one_observation_says_how_it_ended(string name)
    {
        var animal = ZooAnimals.All.First(candidate => candidate.Name == name);
        using var request = server.Ask(name, animal.Stream, name);
        using var response = await server.Client.SendAsync(request, default);
        var (bytes, broke) = await ZooServer.ReadAsync(response);

        if (animal.Status is 0 or 307)
        {
            var sent = (animal.End == ZooEnd.Whole ? animal.Pieces : ZooUpstream.Half(animal.Pieces)).SelectMany(piece => piece).ToArray();
            Assert.Equal(animal.Breaks, broke);
            if (animal.State == "timeout")
            {
                // We ended it, so an error event of ours follows.
                Assert.Equal(sent, bytes[..sent.Length]);
                Assert.Contains("\"error\"", Encoding.UTF8.GetString(bytes[sent.Length..]), StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(sent.Length, bytes.Length);
                Assert.True(sent.AsSpan().SequenceEqual(bytes), "The bytes differ.");
            }
            Assert.Equal(int.Parse(animal.Head.Split("HTTP/1.1 ")[^1][..3], System.Globalization.CultureInfo.InvariantCulture), (int)response.StatusCode);
        }
        else
        {
            Assert.Equal(animal.Status, (int)response.StatusCode);
            Assert.Contains("\"error\"", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        }

        var stored = await server.Process.TheObservationAsync($"user={name}");
        if (animal.State.Length > 0)
        {
            Assert.Equal(animal.State, stored.GetProperty("state").GetString());
        }
        if (animal.ErrorType is { } type)
        {
            Assert.Equal(type, stored.GetProperty("error").GetProperty("type").GetString());
        }
        Assert.Empty(server.Process.Errors);
    }

    [Fact]
    public async Task Headers_of_a_refusal_reach_the_caller_unchanged()
    {
        using var request = server.Ask("rate-limited", stream: false, "zoo-headers");
        using var response = await server.Client.SendAsync(request, default);
        Assert.Equal("7", Assert.Single(response.Headers.GetValues("retry-after")));
    }

    [Fact]
    public async Task A_caller_with_a_provider_key_of_its_own_has_that_key_passed_on_and_ours_kept_back()
    {
        using var request = server.Ask("plain", stream: false, "zoo-own-key");
        request.Headers.Authorization = new("Bearer", "sk-callers-own");
        request.Headers.Add("Helicone-Auth", "Bearer " + BellwetherProcess.ApiKey);
        using var response = await server.Client.SendAsync(request, default);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Contains("Bearer sk-callers-own", server.Zoo.LastHead, StringComparison.Ordinal);
        Assert.DoesNotContain(BellwetherProcess.ApiKey, server.Zoo.LastHead, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-zoo", server.Zoo.LastHead, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_are_estimated_and_marked_when_the_stream_carries_no_usage()
    {
        using var request = server.Ask("stream", stream: true, "zoo-estimate");
        using var response = await server.Client.SendAsync(request, default);
        await ZooServer.ReadAsync(response);
        var usage = (await server.Process.TheObservationAsync("user=zoo-estimate")).GetProperty("usage");
        Assert.True(usage.GetProperty("estimated").GetBoolean());
        Assert.True(usage.GetProperty("output_tokens").GetInt64() > 0);
    }

    [Fact]
    public async Task An_answer_of_a_gigabyte_passes_without_being_held()
    {
        const int Megabytes = 1_024;
        const long MostGrowth = 100_000_000;
        var piece = new byte[1024 * 1024];
        piece.AsSpan().Fill((byte)' ');
        server.Zoo.Add(new ZooAnimal("endless", "HTTP/1.1 200 OK\r\nContent-Type: application/json", Enumerable.Repeat(piece, Megabytes)));
        server.Process.ForgetPeakMemory();
        var before = server.Process.Memory;
        using var request = server.Ask("endless", stream: false, "zoo-endless");
        using var response = await server.Client.SendAsync(request, default);
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[256 * 1024];
        var total = 0L;
        while (await body.ReadAsync(buffer) is > 0 and var count)
        {
            total += count;
            Assert.False(buffer.AsSpan(0, count).ContainsAnyExcept((byte)' '), "The bytes differ.");
        }
        Assert.Equal(Megabytes * 1024L * 1024L, total);
        var stored = await server.Process.TheObservationAsync("user=zoo-endless");
        Assert.Equal("ok", stored.GetProperty("state").GetString());
        Assert.Equal(total, stored.GetProperty("response_bytes").GetInt64());
        var growth = server.Process.PeakMemory - before;
        TestContext.Current.SendDiagnosticMessage($"1 GB: memory {before / 1_000_000} MB, at its peak {growth / 1_000_000} MB more");
        Assert.True(growth < MostGrowth, $"Memory grew by {growth / 1_000_000} MB.");
    }
}
