using Bellwether.Identity;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Logging;

namespace Bellwether.Dashboard;

/// <summary>
/// Ends an open page with its session. A circuit is let in once, with the cookie of its first request; who signs out in another tab,
/// is disabled or gets another role would keep looking until the page is loaded again.
/// </summary>
/// <param name="actors">Null where the host knows no accounts.</param>
internal sealed class SessionWatch(ILoggerFactory loggers, Actors? actors) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    // A look into memory.
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(3);

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        var user = authenticationState.User;
        // Only a person's session has a stamp, and only that can end before the page does.
        return Task.FromResult(actors is null || !user.HasClaim(claim => claim.Type == Claims.Stamp) || actors.Of(user) != Actor.Nobody);
    }
}
