using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Bellwether.Server.Tests;

public sealed class EarlyStopTests
{
    [Fact]
    public async Task A_server_that_is_told_to_stop_while_it_starts_ends_as_any_other()
    {
        var folder = Directory.CreateTempSubdirectory("bellwether-test").FullName;
        try
        {
            var start = new ProcessStartInfo("dotnet", ["exec", Repository.Server, "--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["Bellwether__DataDirectory"] = folder;
            start.Environment["Bellwether__Otlp__GrpcPort"] = "0";
            start.Environment["Bellwether__Otlp__HttpPort"] = "0";
            using var server = Process.Start(start)!;
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var error = server.StandardError.ReadToEndAsync(limit.Token);
            var output = new StringBuilder();
            // From its first migration on it listens to signals, and some hundred milliseconds pass until it is bound.
            while (await server.StandardOutput.ReadLineAsync(limit.Token) is { } line && !output.AppendLine(line).ToString().Contains("Applied migration", StringComparison.Ordinal)) { }
            using (var kill = Process.Start("kill", ["-TERM", server.Id.ToString(CultureInfo.InvariantCulture)]))
            {
                await kill.WaitForExitAsync(limit.Token);
            }
            await server.StandardOutput.ReadToEndAsync(limit.Token);
            await server.WaitForExitAsync(limit.Token);
            Assert.Equal((0, ""), (server.ExitCode, await error));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
