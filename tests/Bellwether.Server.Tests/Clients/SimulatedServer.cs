using Bellwether.Server.Tests;

[assembly: AssemblyFixture(typeof(SimulatedServer))]

namespace Bellwether.Server.Tests;

/// <summary>One server for all client tests, as it is out of the box: no provider configured, so the simulated one answers.</summary>
public sealed class SimulatedServer : IAsyncLifetime
{
    internal BellwetherProcess Process { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Process = await BellwetherProcess.StartAsync();

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
