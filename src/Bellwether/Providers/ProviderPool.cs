using Bellwether.Primitives;

namespace Bellwether.Providers;

/// <summary>
/// The providers of this moment with their connections. When the directory's snapshot changes, clients are made again but
/// keep their connections wherever host and connect timeout stay the same.
/// </summary>
public sealed class ProviderPool(IProviderDirectory directory, SimulatedProviderHandler simulated) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Authority, TimeSpan ConnectTimeout, PrivateTargets Reach), HttpMessageInvoker> _invokers = [];
    private readonly HttpMessageInvoker _simulated = new(simulated, disposeHandler: false);
    private ProviderChoice? _choice;

    /// <summary>The choice for calls that start now; a call keeps the one that it started with.</summary>
    public ProviderChoice Current
    {
        get
        {
            var snapshot = directory.Current;
            var choice = Volatile.Read(ref _choice);
            return choice is not null && ReferenceEquals(choice.Snapshot, snapshot) ? choice : Rebuild();
        }
    }

    private ProviderChoice Rebuild()
    {
        lock (_lock)
        {
            var snapshot = directory.Current;
            if (_choice is { } existing && ReferenceEquals(existing.Snapshot, snapshot))
            {
                return existing;
            }
            var clients = new List<ProviderClient>(snapshot.Providers.Count);
            foreach (var endpoint in snapshot.Providers)
            {
                clients.Add(new ProviderClient(endpoint, InvokerOf(endpoint)));
            }
            var choice = new ProviderChoice(snapshot, clients, PublicDefault);
            Volatile.Write(ref _choice, choice);
            return choice;
        }
    }

    private ProviderClient PublicDefault(string preset)
    {
        var known = ProviderPresets.Find(preset)!;
        var endpoint = new ProviderEndpoint { Name = known.Name, Kind = known.Kind, BaseUrl = known.BaseUrl!, PriceProvider = known.PriceProvider };
        lock (_lock)
        {
            return new ProviderClient(endpoint, InvokerOf(endpoint));
        }
    }

    /// <summary>A provider that no configuration names, for the origin that a caller was allowed to name. Without a stored key.</summary>
    public ProviderClient ForTarget(Uri origin, ProviderKind kind, PrivateTargets reach)
    {
        var endpoint = new ProviderEndpoint { Name = origin.Authority, Kind = kind, BaseUrl = origin, Reach = reach };
        lock (_lock)
        {
            return new ProviderClient(endpoint, InvokerOf(endpoint));
        }
    }

    private HttpMessageInvoker InvokerOf(ProviderEndpoint endpoint)
    {
        if (endpoint.Kind == ProviderKind.Simulated)
        {
            return _simulated;
        }
        var key = (endpoint.BaseUrl.GetLeftPart(UriPartial.Authority), endpoint.ConnectTimeout, endpoint.Reach);
        if (!_invokers.TryGetValue(key, out var invoker))
        {
            // Kept for the life of the process: an operator has a handful of providers, and a call may still be using one that was removed.
            invoker = new HttpMessageInvoker(ProviderClient.CreateHandler(endpoint.ConnectTimeout, endpoint.Reach));
            _invokers.Add(key, invoker);
        }
        return invoker;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var invoker in _invokers.Values)
            {
                invoker.Dispose();
            }
        }
        _simulated.Dispose();
    }
}
