using System.Net;
using System.Net.Sockets;

namespace Bellwether.Primitives;

/// <summary>
/// Keeps addresses inside the operator's network from being reached through a URL that someone entered on a page. Checked when the
/// connection is made, on the addresses the name has at that moment: a check of the URL before would be passed by a name whose
/// answer changes.
/// </summary>
public static class OutboundGuard
{
    // From the IANA special-purpose registries: https://www.iana.org/assignments/iana-ipv4-special-registry
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "168.63.129.16/32", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "::1/128", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
            "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    // What machines in a cloud ask for their own credentials, without a password: link-local, and where providers put it elsewhere
    // (AWS and Google over IPv6, Alibaba, Oracle, Azure's host).
    private static readonly IPNetwork[] Metadata =
    [
        .. new[] { "169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128", "fd20:ce::254/128", "100.100.100.200/32", "192.0.0.192/32", "168.63.129.16/32" }.Select(IPNetwork.Parse),
    ];

    // An IPv4 address as an IPv6-only network writes it: RFC 6052.
    private static readonly IPNetwork NatPrefix = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Whether an address is link-local or a cloud's metadata service. No provider of models is there, and an answer from there is a credential.</summary>
    public static bool IsMetadata(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }
        else if (NatPrefix.Contains(address))
        {
            address = new IPAddress(address.GetAddressBytes().AsSpan(12));
        }

        return Array.Exists(Metadata, network => network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address));
    }

    /// <summary>Whether an address is one of the open internet.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        foreach (var network in NotPublic)
        {
            if (network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// For <see cref="SocketsHttpHandler.ConnectCallback"/>: connects to the addresses of the name that are public or that
    /// <paramref name="allowed"/> lists.
    /// </summary>
    public static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, PrivateTargets allowed, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(target.Host, cancellationToken);
        var open = Array.FindAll(addresses, address => IsPublic(address) || allowed.Includes(target.Host, address));
        if (open.Length == 0)
        {
            throw new OutboundRefusedException(target.Host);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(open, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The target lies inside the operator's network and is not on the list of those that may be reached.</summary>
public sealed class OutboundRefusedException(string host)
    : HttpRequestException($"{host} has a private address; an operator allows it with Bellwether:Network:PrivateTargets");

/// <summary>
/// What of the operator's own network may be reached: host names, addresses, networks, or <c>*</c> for all. Metadata services are
/// reached only where the very name or address is listed: whoever allows a network or everything does not mean them.
/// </summary>
public sealed class PrivateTargets(IEnumerable<string> entries)
{
    public static readonly PrivateTargets None = new([]);

    public static readonly PrivateTargets All = new(["*"]);

    private readonly string[] _names = [.. entries.Where(entry => !IPNetwork.TryParse(entry, out _) && !IPAddress.TryParse(entry, out _))];
    private readonly IPNetwork[] _networks = [.. entries.SelectMany(Networks)];

    public bool Includes(string host, IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        var mustBeNamed = OutboundGuard.IsMetadata(address);
        return Array.Exists(_names, name => (name == "*" && !mustBeNamed) || name.Equals(host, StringComparison.OrdinalIgnoreCase))
            || Array.Exists(_networks, network => network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address)
                && (!mustBeNamed || network.PrefixLength == (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)));
    }

    private static IEnumerable<IPNetwork> Networks(string entry)
    {
        if (IPNetwork.TryParse(entry, out var network))
        {
            yield return network;
        }
        else if (IPAddress.TryParse(entry, out var address))
        {
            yield return new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        }
    }
}

/// <summary>Section <c>Bellwether:Network</c>: what the server may reach beyond the open internet.</summary>
public sealed class NetworkOptions
{
    /// <summary>
    /// Host names, addresses or networks (<c>localhost</c>, <c>10.1.2.3</c>, <c>192.168.0.0/16</c>, <c>*</c>) inside your network that
    /// providers entered on the Settings page may have, for example an Ollama of your own. Providers of the configuration need none.
    /// Link-local addresses and metadata services of clouds must each be listed by themselves.
    /// </summary>
    public IList<string> PrivateTargets { get; set; } = [];
}
