using System.Net;
using System.Net.Sockets;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Ingest;

/// <summary>
/// Opens the ports of OpenTelemetry beside the main one, on the host of the first address. A port that somebody set must be free, or
/// the start fails as for any other; one that nobody set is left to who has it, since a collector on the same machine is no mistake.
/// </summary>
internal sealed class OtlpListeners(IOptions<OtlpPorts> ports, IConfiguration configuration, ILogger<OtlpListeners> logger) : IStartupFilter
{
    /// <summary>For gRPC; 0 when it is not open.</summary>
    public int GrpcPort { get; private set; }

    /// <summary>For HTTP; 0 when it is not open.</summary>
    public int HttpPort { get; private set; }

    // Runs right before the server binds, so that a port which is free now hardly is another's then.
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        if (app.ServerFeatures.Get<IServerAddressesFeature>() is { Addresses: { Count: > 0, IsReadOnly: false } addresses })
        {
            HttpPort = Open(addresses, ports.Value.HttpPort, nameof(OtlpPorts.HttpPort));
            GrpcPort = Open(addresses, ports.Value.GrpcPort, nameof(OtlpPorts.GrpcPort));
        }
        next(app);
    };

    private int Open(ICollection<string> addresses, int port, string name)
    {
        if (port == 0)
        {
            return 0;
        }
        var setting = $"Bellwether:Otlp:{name}";
        var host = BindingAddress.Parse(addresses.First()).Host;
        if (configuration[setting] is null && (addresses.Any(address => BindingAddress.Parse(address).Port == port) || !IsFree(host, port)))
        {
            Log.OtlpPortTaken(logger, port, setting);
            return 0;
        }
        addresses.Add($"http://{host}:{port}");
        return port;
    }

    private static bool IsFree(string host, int port)
    {
        IPAddress[] interfaces = IPAddress.TryParse(host, out var one) ? [one]
            : host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
            : [IPAddress.Any, IPAddress.IPv6Any];
        foreach (var address in interfaces)
        {
            try
            {
                using var listener = new TcpListener(address, port);
                listener.Start();
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                return false;
            }
            catch (SocketException)
            {
                // A machine without IPv6, say: the server finds that by itself.
            }
        }
        return true;
    }
}
