using System.Net;
using System.Text;

namespace Bellwether.Server.Tests;

/// <summary>The server as a .NET tool: packed, installed from the package, used, and ended.</summary>
public sealed class ToolTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("bellwether-tool").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_package_installs_as_a_tool_that_answers_a_call_and_shows_it()
    {
        var (packages, tools) = (Path.Combine(_folder, "packages"), Path.Combine(_folder, "tools"));
        await DotnetAsync("pack", Path.Combine(Repository.Root, "src", "Bellwether.Server"), "-c", Repository.Configuration, "--no-build", "-o", packages, "-v", "q");
        var package = Assert.Single(Directory.GetFiles(packages, "*.nupkg"));
        await DotnetAsync("tool", "install", "Bellwether.Server", "--tool-path", tools, "--source", packages);
        TestContext.Current.SendDiagnosticMessage($"{Path.GetFileName(package)}: {new FileInfo(package).Length / 1_000_000} MB");

        await using var server = await BellwetherProcess.StartProgramAsync(Path.Combine(tools, "bellwether-server"));
        using var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", BellwetherProcess.ApiKey);
        using var content = new StringContent("""{"model":"sim-fast","user":"tool","messages":[{"role":"user","content":"hi"}]}""", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/v1/chat/completions", content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("ok", (await server.TheObservationAsync("user=tool")).GetProperty("state").GetString());

        // The pages' assets come along: without them the dashboard is a blank page.
        foreach (var asset in (string[])["/_framework/blazor.web.js", "/_content/MudBlazor/MudBlazor.min.css"])
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(asset)).StatusCode);
        }

        server.Terminate();
        Assert.Equal(0, await server.WaitForExitAsync(TimeSpan.FromSeconds(60)));
        Assert.Empty(server.Errors);
    }

    private static async Task DotnetAsync(params string[] arguments)
    {
        var (code, output, error) = await ProgramRun.ToEndAsync("dotnet", arguments, limit: s_limit);
        Assert.True(code == 0, $"dotnet {string.Join(' ', arguments)} exited with {code}.\n{output}{error}");
    }
}
