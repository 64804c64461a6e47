using System.Globalization;
using Bellwether.Identity;
using Bellwether.Ingest;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;

namespace Bellwether.Onboarding;

/// <summary>
/// Tells the person who started the server where it is and how to make a first call. It goes to standard output and not to
/// the log: it holds the one-time link and, at the first start, a key, both shown this once.
/// </summary>
internal sealed class StartNotice(IServer server, FirstStart first, DataFolder data, OtlpListeners otlp) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var address = Address();
        var text = new System.Text.StringBuilder()
            .AppendLine()
            .AppendLine("  Bellwether is running")
            .AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"  Address   {address}")
            .AppendLine(CultureInfo.InvariantCulture, $"  Data      {data.Path}");
        if (first.SignInPath is { } link)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  Sign in   {address}{link.Reveal()}").AppendLine("            (once, for the first administrator)");
        }
        if (first.SnippetKey is { } key)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  Key       {key.Reveal()}").AppendLine("            (shown this once; make more under Settings, Keys)");
        }
        if (first.SnippetKey is not null || first.SignInPath is not null)
        {
            var shown = first.SnippetKey?.Reveal() ?? "$BELLWETHER_KEY";
            text.AppendLine().AppendLine("  Make a first call:").AppendLine();
            foreach (var (name, lines) in new[]
            {
                ("curl", Snippets.Curl(address, shown)),
                ("Python", Snippets.Python(address, shown)),
                ("JavaScript", Snippets.JavaScript(address, shown)),
                ("C#", Snippets.CSharp(address, shown)),
            })
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  # {name}");
                foreach (var line in lines.Split('\n'))
                {
                    text.AppendLine(CultureInfo.InvariantCulture, $"  {line.TrimEnd('\r')}");
                }
                text.AppendLine();
            }
        }
        foreach (var (name, port) in new[] { ("gRPC", otlp.GrpcPort), ("HTTP", otlp.HttpPort) })
        {
            if (port != 0)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  OTLP      {name} on port {port}");
            }
        }
        Console.Out.WriteLine(text);
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // A server that listens on all interfaces is reached by name from this machine.
    private string Address() => (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost:5080")
        .Replace("0.0.0.0", "localhost", StringComparison.Ordinal)
        .Replace("[::]", "localhost", StringComparison.Ordinal)
        .Replace("//+", "//localhost", StringComparison.Ordinal)
        .Replace("//*", "//localhost", StringComparison.Ordinal);
}
