using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.Extensions.Options;

namespace Bellwether.Identity;

/// <summary>
/// Sessions that their owner ended by signing out. The browser forgets its cookie at once, but a page that is open in another tab
/// has been let in already, and a copy of the cookie is still sealed: this is how both are refused. Kept in memory for as long as the
/// cookie would have been good; after a restart only "sign out everywhere" refuses a copy.
/// </summary>
public sealed class EndedSessions(TimeProvider clock, IOptions<IdentityOptions> options)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _ended = new(StringComparer.Ordinal);

    public void End(ClaimsPrincipal principal)
    {
        if (principal.FindFirst(Claims.Session)?.Value is not { Length: > 0 } session) { return; }
        var now = clock.GetUtcNow();
        foreach (var (old, until) in _ended)
        {
            if (until <= now) { _ended.TryRemove(old, out _); }
        }
        _ended[session] = now + options.Value.SessionLifetime;
    }

    public bool Contains(ClaimsPrincipal principal) => principal.FindFirst(Claims.Session)?.Value is { } session && _ended.ContainsKey(session);
}
