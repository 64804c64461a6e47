using System.Net;
using System.Net.Sockets;
using Bellwether.Primitives;

namespace Bellwether.Tests;

public sealed class OutboundGuardTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("ff02::1")]
    public void An_address_of_the_own_network_is_not_public(string address) => Assert.False(OutboundGuard.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:1.1.1.1")]
    public void An_address_of_the_internet_is(string address) => Assert.True(OutboundGuard.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("::1")]
    public async Task A_name_or_an_odd_spelling_of_loopback_is_refused_when_connecting(string host)
    {
        using var listener = new TcpListener(IPAddress.IPv6Loopback, 0);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
            await OutboundGuard.ConnectAsync(new DnsEndPoint(host, 9), PrivateTargets.None, CancellationToken.None));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.0/8")]
    [InlineData("127.0.0.1")]
    [InlineData("*")]
    public async Task What_the_operator_lists_is_reached(string entry)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        await using var stream = await OutboundGuard.ConnectAsync(new DnsEndPoint("localhost", port), new PrivateTargets([entry]), CancellationToken.None);

        Assert.True(stream.CanWrite);
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.1.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    public void A_metadata_address_is_reached_only_where_it_is_listed_itself(string text)
    {
        var address = IPAddress.Parse(text);
        Assert.False(OutboundGuard.IsPublic(address));
        Assert.False(new PrivateTargets(["*", "0.0.0.0/0", "::/0", "169.254.0.0/16", "fe80::/10", "fd00::/8", "100.64.0.0/10"]).Includes("looks-harmless.example", address));
        Assert.True(new PrivateTargets(["metadata.example"]).Includes("metadata.example", address));
        Assert.True(new PrivateTargets([(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()]).Includes("looks-harmless.example", address));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("10.1.2.3")]
    [InlineData("192.168.1.10")]
    [InlineData("fd12:3456::1")]
    [InlineData("100.64.0.1")]
    public void Machines_of_the_own_network_stay_reachable_for_whoever_allows_it(string address)
    {
        Assert.False(OutboundGuard.IsMetadata(IPAddress.Parse(address)));
        Assert.True(new PrivateTargets(["*"]).Includes("ollama", IPAddress.Parse(address)));
    }

    [Fact]
    public async Task The_refusal_names_the_setting_that_would_allow_it()
    {
        var error = await Assert.ThrowsAsync<OutboundRefusedException>(async () =>
            await OutboundGuard.ConnectAsync(new DnsEndPoint("localhost", 9), new PrivateTargets(["10.0.0.0/8"]), CancellationToken.None));

        Assert.Contains("Bellwether:Network:PrivateTargets", error.Message);
    }
}
