using System.Globalization;
using System.Text;

namespace Bellwether.Server.Tests;

/// <summary>
/// Synthetic persons through the gateway with a policy that puts tokens in the place of all that they say: the provider and the disk
/// see tokens, the client gets back what it said, letter by letter. BELLWETHER_CANARIES sets how many persons.
/// </summary>
public sealed class VaultCanaryTests
{
    private const int Together = 10;
    private static readonly int s_persons = int.TryParse(Environment.GetEnvironmentVariable("BELLWETHER_CANARIES"), CultureInfo.InvariantCulture, out var count) ? count : 640;

    [Fact]
    public async Task The_provider_and_the_disk_see_tokens_and_the_client_gets_exactly_its_originals_back()
    {
        await using var parrot = await Parrot.StartAsync();
        var address = parrot.Address.ToString().TrimEnd('/');
        await using var server = await BellwetherProcess.StartAsync(new Dictionary<string, string>
        {
            ["Bellwether__Providers__first__Kind"] = "openai", ["Bellwether__Providers__first__BaseUrl"] = address + "/v1", ["Bellwether__Providers__first__ApiKey"] = "sk-1",
            ["Bellwether__Providers__second__Kind"] = "anthropic", ["Bellwether__Providers__second__BaseUrl"] = address, ["Bellwether__Providers__second__ApiKey"] = "sk-2",
            ["Bellwether__Providers__third__Kind"] = "gemini", ["Bellwether__Providers__third__BaseUrl"] = address, ["Bellwether__Providers__third__ApiKey"] = "sk-3",
        });
        using var sender = new CanarySender(server);
        await sender.JsonAsync("/api/v1/guardrails/policies", new { name = "vault", injection = new { mode = "off" }, harm = new { mode = "off" }, pii = new { upstream = new { ALL = "tokenise" } } });

        var persons = Enumerable.Range(0, s_persons).Select(SyntheticPerson.Of).ToArray();
        var groups = persons.Chunk(Together).ToArray();
        for (var group = 0; group < groups.Length; group++)
        {
            var said = string.Join("\n", groups[group].Select(person => person.Story));
            var (path, body) = Call(group % 8, said, $"The customer is {groups[group][0].Name} ({groups[group][0].Email}).");
            var answer = await sender.JsonAsync(path, body);
            Assert.Equal(said, CanaryAnswers.Text(answer));
        }
        await sender.SettleAsync();

        var search = new CanarySearch(persons.SelectMany(person => person.Canaries));
        Assert.Equal(groups.Length, parrot.Heard.Count);
        Assert.All(parrot.Heard, body => Assert.Null(search.Find(Encoding.UTF8.GetBytes(body))));
        Assert.All(parrot.Heard, body => Assert.Contains("[EMAIL_", body));
        var export = await sender.ExportAsync("jsonl");
        Assert.Contains("[EMAIL_", Encoding.UTF8.GetString(export));
        Assert.Null(search.Find(export));
        server.Terminate();
        await server.WaitForExitAsync(TimeSpan.FromMinutes(1));
        Assert.Null(search.Find(Encoding.UTF8.GetBytes(server.Log)));
        foreach (var file in Directory.EnumerateFiles(server.DataFolder, "*", SearchOption.AllDirectories))
        {
            Assert.True(search.Find(await File.ReadAllBytesAsync(file)) is not { } place, file);
        }
    }

    private static (string Path, object Body) Call(int way, string said, string system)
    {
        var stream = way % 2 == 1;
        return (way / 2) switch
        {
            0 => ("/v1/chat/completions", new { model = "gpt-4o", stream, messages = new[] { new { role = "system", content = system }, new { role = "user", content = said } } }),
            1 => ("/v1/responses", new { model = "gpt-4o", stream, instructions = system, input = said }),
            2 => ("/v1/messages", new { model = "claude-sonnet-4-5", max_tokens = 50, stream, system, messages = new[] { new { role = "user", content = said } } }),
            _ => ($"/v1beta/models/gemini-2.5-flash:{(stream ? "streamGenerateContent?alt=sse" : "generateContent")}", new { systemInstruction = new { parts = new[] { new { text = system } } }, contents = new[] { new { role = "user", parts = new[] { new { text = said } } } } }),
        };
    }
}
