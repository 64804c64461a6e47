using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary>
/// Clients put the same request below many bases: the root, <c>/api</c>, <c>/api/v1</c>, for some paths <c>/v1/platform</c>. Our own
/// pages and API have some of these paths too. What is LangSmith's is moved below <c>/langsmith</c>, where its endpoints are.
/// </summary>
internal static class LangSmithPaths
{
    public const string Mount = "/langsmith";

    // First segments of everything but the receiving of runs.
    private static readonly HashSet<string> s_known =
        ["sessions", "datasets", "examples", "feedback", "feedback-configs", "annotation-queues", "repos", "commits", "likes", "settings", "platform", "public"];

    // Paths below /api/v1 that are ours, or may come to be: there only x-api-key, which our API does not know, says whose a request is.
    private static readonly HashSet<string> s_ours = ["feedback", "datasets", "sessions", "settings"];

    /// <returns>The path of LangSmith's endpoint; null when the request is not known to be for it.</returns>
    public static string? Find(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        if (path.StartsWith(Mount + "/", StringComparison.Ordinal))
        {
            return Mount + Stripped(path[Mount.Length..], out _);
        }
        var rest = Stripped(path, out var prefix);
        var first = First(rest, out var second);
        // SDKs must not take our page, or a refusal in another shape, for an answer.
        if (prefix == "/api/v2" || (first == "v2" && second == "sql"))
        {
            return Mount + path;
        }
        if (!s_known.Contains(first) && !(first == "runs" && !IsReceived(request.Method, second)))
        {
            return null;
        }
        var keyed = request.Headers.ContainsKey("x-api-key") && request.Headers.Authorization.Count == 0;
        var isTheirs = prefix switch
        {
            // A person's browser has neither of the two headers but a cookie, and pages are at the root.
            "" => keyed || request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
                || (!HttpMethods.IsGet(request.Method) && request.Headers.Cookie.Count == 0),
            "/api/v1" => keyed || !s_ours.Contains(first),
            // Langfuse's.
            "/api" when first == "public" => false,
            _ => true,
        };
        return isTheirs ? Mount + rest : null;
    }

    // What sends runs has an endpoint below every base, and needs no credential to be told from a page.
    private static bool IsReceived(string method, string second) =>
        HttpMethods.IsPatch(method) || (HttpMethods.IsPost(method) && second is "" or "batch" or "multipart");

    // /api/v1/sessions, /api/sessions, /v1/platform/datasets/…
    private static string Stripped(string path, out string prefix)
    {
        foreach (var candidate in (string[])["/api/v2", "/api/v1", "/api"])
        {
            if (path.StartsWith(candidate + "/", StringComparison.Ordinal))
            {
                prefix = candidate;
                return candidate == "/api/v2" ? path : path[candidate.Length..];
            }
        }
        const string Platform = "/v1/platform/";
        prefix = path.StartsWith(Platform, StringComparison.Ordinal) ? "/v1" : "";
        return path[prefix.Length..];
    }

    private static string First(string path, out string second)
    {
        var segments = path.Split('/', 4);
        second = segments.Length > 2 ? segments[2] : "";
        return segments.Length > 1 ? segments[1] : "";
    }
}
