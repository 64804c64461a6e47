using Microsoft.Extensions.Hosting;

namespace Bellwether.State;

/// <summary>
/// Migrates, then loads every snapshot. In <c>StartingAsync</c>, which the host runs for all services before any
/// <c>StartAsync</c>: background services and the listener find the snapshots ready.
/// </summary>
internal sealed class StateStartup(StateMigrator migrator, IEnumerable<IStatePolicy> policies) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await migrator.RunAsync(cancellationToken);
        foreach (var policy in policies)
        {
            await policy.LoadAsync(cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
