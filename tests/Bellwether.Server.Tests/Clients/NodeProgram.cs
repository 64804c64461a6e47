using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>A program of <c>tests/clients</c>, run to its end with the Node that the SDKs need.</summary>
internal static class NodeProgram
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    /// <summary>Runs it. Fails unless the program ends by itself with code 0.</summary>
    /// <param name="folder">Below <c>tests/clients</c>; empty for that folder itself.</param>
    /// <param name="script">The program.</param>
    /// <param name="environment">What it needs beside the key.</param>
    /// <returns>The JSON of its last line, and what it said on the error stream.</returns>
    public static async Task<(JsonElement Results, string Error)> RunAsync(string folder, string script, IReadOnlyDictionary<string, string> environment)
    {
        var (code, output, error) = await ProgramRun.ToEndAsync(
            Repository.Node, [Path.Combine(Repository.Root, "tests", "clients", folder, script)],
            new Dictionary<string, string>(environment) { ["BELLWETHER_KEY"] = BellwetherProcess.ApiKey }, s_limit);
        Assert.True(code == 0, $"{output}\n{error}");
        return (JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement, error);
    }

    /// <summary>Address of a server as clients have it, without the last slash.</summary>
    public static string Url(BellwetherProcess server) => server.Address.ToString().TrimEnd('/');

    public static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
