using System.Net;
using System.Net.Sockets;

namespace Bellwether.Server.Tests;

public sealed class OtlpPortsTests
{
    private static readonly Dictionary<string, string> s_nothingSet = new() { ["Bellwether__Otlp__GrpcPort"] = "", ["Bellwether__Otlp__HttpPort"] = "" };

    [Fact]
    public async Task The_usual_ports_are_open_unless_another_process_has_them()
    {
        await using var first = await BellwetherProcess.StartAsync(s_nothingSet);
        // Whoever had a port when the first one came, somebody has it now.
        await using var second = await BellwetherProcess.StartAsync(s_nothingSet);
        foreach (var (port, setting, protocol) in new[] { (4317, "GrpcPort", "gRPC"), (4318, "HttpPort", "HTTP") })
        {
            Assert.True(first.Log.Contains($"OTLP      {protocol} on port {port}", StringComparison.Ordinal) != Says(first, port, setting), first.Log);
            Assert.True(Says(second, port, setting), second.Log);
            Assert.DoesNotContain($"on port {port}", second.Log, StringComparison.Ordinal);
        }
        if (!Says(first, 4318, "HttpPort"))
        {
            using var client = new HttpClient();
            using var answer = await client.PostAsync("http://127.0.0.1:4318/v1/traces", new ByteArrayContent([]), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_port_that_was_set_must_be_free()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var folder = Directory.CreateTempSubdirectory("bellwether-test").FullName;
        try
        {
            var (code, output, error) = await ProgramRun.ToEndAsync("dotnet", ["exec", Repository.Server, "--urls", "http://127.0.0.1:0"], new Dictionary<string, string>
            {
                ["Bellwether__DataDirectory"] = folder,
                ["Bellwether__Otlp__GrpcPort"] = "0",
                ["Bellwether__Otlp__HttpPort"] = $"{port}",
            });
            Assert.Equal(1, code);
            Assert.Contains($"127.0.0.1:{port}", error, StringComparison.Ordinal);
            Assert.DoesNotContain("is running", output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Says(BellwetherProcess server, int port, string setting) =>
        server.Log.Contains($"Port {port} is taken, so no OpenTelemetry is received there; Bellwether:Otlp:{setting} names another one", StringComparison.Ordinal);
}
