using System.Text;

namespace Bellwether.Providers;

/// <summary>Errors that take the place of an answer, worded and shaped as the real providers do.</summary>
internal static class SimulatedErrors
{
    private sealed record Kind(int Status, string OpenAiType, string? OpenAiCode, string AnthropicType, string GeminiStatus, string Message);

    public static SimulatedReply? TryAnswer(SimulatedRoute route, SimulatedPrompt prompt, SimulatedFault fault, ref SimulatedDice dice)
    {
        var stem = dice.Id("", 24);
        var at = prompt.Behaviour.Latency;
        if (prompt.Model.Length == 0 && route.Operation != SimulatedOperation.Moderations)
        {
            return Reply(route.Dialect, new(400, "invalid_request_error", null, "invalid_request_error", "INVALID_ARGUMENT", "you must provide a model parameter"), stem, at, null);
        }
        if (fault == SimulatedFault.HtmlBadGateway)
        {
            var page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
            return SimulatedReply.Whole(502, "text/html", Encoding.ASCII.GetBytes(page), at);
        }
        return Describe(fault, prompt.Model) is { } kind
            ? Reply(route.Dialect, kind, stem, at, fault is SimulatedFault.RateLimitedRetryAfter or SimulatedFault.Unavailable ? "1" : null)
            : null;
    }

    public static SimulatedReply BadJson(SimulatedRoute route) => Reply(
        route.Dialect,
        new(400, "invalid_request_error", null, "invalid_request_error", "INVALID_ARGUMENT", "We could not parse the JSON body of your request."),
        "BadJson", TimeSpan.Zero, null);

    public static SimulatedReply UnknownUrl(SimulatedRoute route, SimulatedRequest request) => Reply(
        route.Dialect,
        new(404, "invalid_request_error", "unknown_url", "not_found_error", "NOT_FOUND", $"Unknown request URL: {request.Method} {request.Path}."),
        "UnknownUrl", TimeSpan.Zero, null);

    /// <summary>The event that a stream which fails half way sends.</summary>
    public static byte[] StreamEvent(SimulatedDialect dialect) => dialect == SimulatedDialect.Anthropic
        ? SimulatedJson.Event("error", json =>
        {
            json.WriteString("type", "error");
            json.WriteStartObject("error");
            json.WriteString("type", "overloaded_error");
            json.WriteString("message", "Overloaded");
            json.WriteEndObject();
        })
        : SimulatedJson.Event(null, json =>
        {
            json.WriteStartObject("error");
            json.WriteString("message", "The server had an error while processing your request. Sorry about that!");
            json.WriteString("type", "server_error");
            json.WriteNull("param");
            json.WriteString("code", "server_error");
            json.WriteEndObject();
        });

    private static Kind? Describe(SimulatedFault fault, string model) => fault switch
    {
        SimulatedFault.RateLimited or SimulatedFault.RateLimitedRetryAfter => new(429, "requests", "rate_limit_exceeded", "rate_limit_error", "RESOURCE_EXHAUSTED", $"Rate limit reached for {model} on requests per min (RPM): Limit 500, Used 500, Requested 1."),
        SimulatedFault.Quota => new(429, "insufficient_quota", "insufficient_quota", "rate_limit_error", "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing details."),
        SimulatedFault.ServerError => new(500, "server_error", null, "api_error", "INTERNAL", "The server had an error while processing your request. Sorry about that!"),
        SimulatedFault.Unavailable => new(503, "server_error", null, "api_error", "UNAVAILABLE", "The engine is currently overloaded, please try again later."),
        SimulatedFault.Overloaded => new(529, "server_error", "overloaded", "overloaded_error", "UNAVAILABLE", "Overloaded"),
        SimulatedFault.Unauthorized => new(401, "invalid_request_error", "invalid_api_key", "authentication_error", "UNAUTHENTICATED", "Incorrect API key provided."),
        SimulatedFault.BadRequest => new(400, "invalid_request_error", "invalid_value", "invalid_request_error", "INVALID_ARGUMENT", "Invalid value for 'temperature': expected a number between 0 and 2."),
        SimulatedFault.NotFound => new(404, "invalid_request_error", "model_not_found", "not_found_error", "NOT_FOUND", $"The model `{model}` does not exist or you do not have access to it."),
        SimulatedFault.ContextLength => new(400, "invalid_request_error", "context_length_exceeded", "invalid_request_error", "INVALID_ARGUMENT", "This model's maximum context length is 128000 tokens. However, your messages resulted in 131072 tokens. Please reduce the length of the messages."),
        SimulatedFault.ContentFilter => new(400, "invalid_request_error", "content_filter", "invalid_request_error", "INVALID_ARGUMENT", "The response was filtered due to the prompt triggering the content management policy."),
        SimulatedFault.None or SimulatedFault.Flaky or SimulatedFault.Reset or SimulatedFault.Cut or SimulatedFault.Malformed
            or SimulatedFault.StreamError or SimulatedFault.Hang or SimulatedFault.HtmlBadGateway => null,
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };

    private static SimulatedReply Reply(SimulatedDialect dialect, Kind kind, string stem, TimeSpan at, string? retryAfter)
    {
        var headers = dialect switch
        {
            SimulatedDialect.OpenAi => SimulatedHeaders.OpenAi(stem),
            SimulatedDialect.Anthropic => SimulatedHeaders.Anthropic(stem),
            SimulatedDialect.Gemini => [],
            _ => throw new ArgumentOutOfRangeException(nameof(dialect), dialect, null),
        };
        var body = SimulatedJson.Body(json =>
        {
            if (dialect == SimulatedDialect.Anthropic)
            {
                json.WriteString("type", "error");
            }
            json.WriteStartObject("error");
            switch (dialect)
            {
                case SimulatedDialect.OpenAi:
                    json.WriteString("message", kind.Message);
                    json.WriteString("type", kind.OpenAiType);
                    json.WriteNull("param");
                    json.WriteString("code", kind.OpenAiCode);
                    break;
                case SimulatedDialect.Anthropic:
                    json.WriteString("type", kind.AnthropicType);
                    json.WriteString("message", kind.Message);
                    break;
                case SimulatedDialect.Gemini:
                    json.WriteNumber("code", kind.Status);
                    json.WriteString("message", kind.Message);
                    json.WriteString("status", kind.GeminiStatus);
                    break;
            }
            json.WriteEndObject();
            if (dialect == SimulatedDialect.Anthropic)
            {
                json.WriteString("request_id", "req_01" + stem);
            }
        });
        return SimulatedReply.Whole(kind.Status, "application/json", body, at, retryAfter is null ? headers : [.. headers, new("retry-after", retryAfter)]);
    }
}
