using System.Collections.Frozen;

namespace Bellwether.Providers;

/// <summary>
/// Which provider a call goes to, over one snapshot. In this order: <c>sim-*</c> models to the simulated provider; a route; a
/// model list or the longest prefix; the only provider of the surface's kind; the only provider there is; with none at all the
/// simulated one. A caller that brings its own credential and finds no provider of its kind reaches that kind's public address.
/// </summary>
public sealed class ProviderChoice
{
    private readonly IReadOnlyList<ProviderClient> _clients;
    private readonly FrozenDictionary<string, ProviderClient> _byName;
    private readonly ModelTable _routes = new();
    private readonly ModelTable _models = new();
    private readonly ProviderClient _simulated;
    private readonly FrozenDictionary<ProviderKind, ProviderClient> _public;

    internal ProviderChoice(ProviderSnapshot snapshot, IReadOnlyList<ProviderClient> clients, Func<string, ProviderClient> publicDefault)
    {
        Snapshot = snapshot;
        _clients = clients;
        _byName = clients.ToFrozenDictionary(client => client.Endpoint.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var (model, provider) in snapshot.Routes)
        {
            if (_byName.TryGetValue(provider, out var client))
            {
                _routes.Add(model, client);
            }
        }
        foreach (var client in clients)
        {
            foreach (var model in client.Endpoint.Models)
            {
                _models.Add(model, client);
            }
        }
        _routes.Seal();
        _models.Seal();
        _simulated = clients.FirstOrDefault(client => client.Endpoint.Kind == ProviderKind.Simulated) ?? publicDefault("simulated");
        _public = new Dictionary<ProviderKind, ProviderClient>
        {
            [ProviderKind.OpenAi] = publicDefault("openai"),
            [ProviderKind.Anthropic] = publicDefault("anthropic"),
            [ProviderKind.Gemini] = publicDefault("gemini"),
        }.ToFrozenDictionary();
    }

    public ProviderSnapshot Snapshot { get; }

    /// <summary>The configured provider of this name, or null; the simulated one is there without being configured.</summary>
    public ProviderClient? ByName(string name) => _byName.GetValueOrDefault(name) ?? (_simulated.Endpoint.Name == name ? _simulated : null);

    /// <param name="model">The model asked for; empty when the request names none.</param>
    /// <param name="kind">The kind whose dialect the surface is.</param>
    /// <param name="alternative">A second kind that speaks it as well.</param>
    /// <param name="ownCredential">The caller brought its own provider credential.</param>
    /// <returns>Null when several could be meant and nothing says which.</returns>
    public ProviderClient? Find(string model, ProviderKind kind, ProviderKind alternative, bool ownCredential)
    {
        if (model.Length > 0)
        {
            if (model.StartsWith("sim-", StringComparison.OrdinalIgnoreCase))
            {
                return _simulated;
            }
            if ((_routes.Find(model, kind, alternative) ?? _models.Find(model, kind, alternative)) is { } named)
            {
                return named;
            }
        }
        if (OnlyOne(kind, anyWhenNoModel: model.Length == 0, out var seen) is { } own)
        {
            return own;
        }
        if (!seen && alternative != kind && OnlyOne(alternative, anyWhenNoModel: model.Length == 0, out seen) is { } other)
        {
            return other;
        }
        if (seen)
        {
            return null;
        }
        // A caller's own key goes only where that caller means it to go: to its kind of provider, never to the one of another.
        if (ownCredential && _public.TryGetValue(kind, out var known))
        {
            return known;
        }
        return _clients.Count switch { 0 => _simulated, 1 => _clients[0], _ => null };
    }

    private ProviderClient? OnlyOne(ProviderKind kind, bool anyWhenNoModel, out bool seen)
    {
        ProviderClient? found = null;
        seen = false;
        foreach (var client in _clients)
        {
            if (client.Endpoint.Kind != kind)
            {
                continue;
            }
            if (!seen)
            {
                found = client;
            }
            else if (!anyWhenNoModel)
            {
                // Files, models and the like name no model: they go to the first of the kind.
                found = null;
            }
            seen = true;
        }
        return found;
    }

    /// <summary>Models by exact name, then by longest prefix; among equals the surface's own kind first, then the order of configuration.</summary>
    private sealed class ModelTable
    {
        private readonly Dictionary<string, List<ProviderClient>> _exact = new(StringComparer.Ordinal);
        private readonly List<(string Prefix, ProviderClient Client)> _prefixes = [];

        public void Add(string pattern, ProviderClient client)
        {
            if (pattern.EndsWith('*'))
            {
                _prefixes.Add((pattern[..^1], client));
                return;
            }
            if (!_exact.TryGetValue(pattern, out var clients))
            {
                _exact.Add(pattern, clients = []);
            }
            clients.Add(client);
        }

        public void Seal()
        {
            // A stable sort keeps the order of configuration among prefixes of one length.
            var sorted = _prefixes.OrderByDescending(entry => entry.Prefix.Length).ToList();
            _prefixes.Clear();
            _prefixes.AddRange(sorted);
        }

        public ProviderClient? Find(string model, ProviderKind kind, ProviderKind alternative)
        {
            ProviderClient? first = null;
            if (_exact.TryGetValue(model, out var clients))
            {
                foreach (var client in clients)
                {
                    if (client.Endpoint.Kind == kind || client.Endpoint.Kind == alternative)
                    {
                        return client;
                    }
                    first ??= client;
                }
                return first;
            }
            var length = -1;
            foreach (var (prefix, client) in _prefixes)
            {
                if (prefix.Length < length)
                {
                    break;
                }
                if (!model.StartsWith(prefix, StringComparison.Ordinal))
                {
                    continue;
                }
                if (client.Endpoint.Kind == kind || client.Endpoint.Kind == alternative)
                {
                    return client;
                }
                first ??= client;
                length = prefix.Length;
            }
            return first;
        }
    }
}
