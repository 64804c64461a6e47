using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bellwether.Gateway;

/// <summary>Takes the gateway's paths out of the pipeline before routing sees them.</summary>
internal sealed class GatewayMiddleware(RequestDelegate next, CallHandler calls)
{
    public Task InvokeAsync(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (target.Length == 0 || target[0] != '/')
        {
            // Absolute form, and hosts that have no raw target.
            target = context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent();
        }
        var mark = target.IndexOf('?');
        var path = mark < 0 ? target : target[..mark];
        var anthropic = context.Request.Headers.ContainsKey("anthropic-version");
        var ours = RouteTable.TryMatch(context.Request.Method, path, anthropic, out var route);
        if ((!ours || route.IsOpaque) && PathRules.Plain(path) is { } plain
            && RouteTable.TryMatch(context.Request.Method, plain, anthropic, out var meant) && !meant.IsOpaque)
        {
            // "/v1/chat/%63ompletions" is chat to the provider, so it is measured and guarded as chat; it goes out under its plain name.
            (ours, route) = (true, meant);
        }
        if (!ours)
        {
            return next(context);
        }
        return calls.HandleAsync(context, route, path, mark < 0 ? "" : target[mark..]);
    }
}

/// <summary>Paths are forwarded as they were written, so what could be read in two ways is turned down.</summary>
internal static class PathRules
{
    /// <summary>The path as a lenient server reads it: unescaped, without empty segments. Null when that is how it was written.</summary>
    public static string? Plain(string path)
    {
        if (path.IndexOf('%') < 0 && !path.Contains("//", StringComparison.Ordinal) && !path.EndsWith('/'))
        {
            return null;
        }
        return "/" + string.Join('/', QueryText.Unescape(path).Split('/', StringSplitOptions.RemoveEmptyEntries));
    }

    public static bool IsSafe(ReadOnlySpan<char> path)
    {
        if (path.IndexOfAny('\\', '#') >= 0)
        {
            return false;
        }
        if (path.IndexOf('%') < 0 && !path.Contains("/.", StringComparison.Ordinal))
        {
            return true;
        }
        foreach (var range in path.Split('/'))
        {
            var segment = path[range];
            if (segment.Length > 6)
            {
                continue;
            }
            // "%2e%2E" is "..".
            var text = segment.ToString().Replace("%2e", ".", StringComparison.OrdinalIgnoreCase);
            if (text is "." or "..")
            {
                return false;
            }
        }
        return !path.Contains("%5c", StringComparison.OrdinalIgnoreCase);
    }
}
