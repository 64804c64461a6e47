namespace Bellwether.Gateway;

/// <summary>
/// Paths under <c>/v1</c> that tracing clients send telemetry to, and no call of a model: routing gets them, and they never leave
/// for a provider, also those that have no receiver here yet (404). A receiver below <c>/v1</c> that is not named here is never reached.
/// </summary>
internal static class IngestPaths
{
    // OpenTelemetry; Phoenix; Helicone's and Portkey's feedback and logs; LangSmith's "platform".
    private static readonly string[] s_tails =
    [
        "/traces", "/metrics", "/logs",
        "/projects", "/span_annotations", "/trace_annotations", "/session_annotations", "/document_annotations", "/datasets", "/experiments", "/experiment_evaluations",
        "/log", "/trace", "/feedback", "/request", "/platform",
    ];

    /// <param name="tail">The path behind <c>/v1</c>.</param>
    public static bool Contains(string tail)
    {
        foreach (var own in s_tails)
        {
            if (tail.StartsWith(own, StringComparison.Ordinal) && (tail.Length == own.Length || tail[own.Length] == '/'))
            {
                return true;
            }
        }
        return false;
    }
}
