using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Telemetry;

/// <summary>
/// <c>/healthz</c>: the process answers. <c>/readyz</c>: it can serve now. <c>/startupz</c>: it has been able to once, so that a
/// slow replay of the journal is not taken for a hang. Each says ok or not and nothing else.
/// </summary>
internal static class HealthApi
{
    // Load balancers and uptime checks ask with HEAD.
    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/healthz", s_methods, () => Answer(true)).AllowAnonymous().ExcludeFromDescription();
        routes.MapMethods("/readyz", s_methods, (Readiness readiness) => Answer(readiness.IsReady)).AllowAnonymous().ExcludeFromDescription();
        routes.MapMethods("/startupz", s_methods, (Readiness readiness) => Answer(readiness.HasStarted)).AllowAnonymous().ExcludeFromDescription();
    }

    private static IResult Answer(bool ok) =>
        Results.Text(ok ? "ok" : "unavailable", statusCode: ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
}
