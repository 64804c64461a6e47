using Bellwether.Exchange;
using Bellwether.Identity;
using Bellwether.Telemetry;

namespace Bellwether.Gateway;

/// <summary>Everything that the gateway itself turns down, in one place (wire contract: types and codes are what SDKs switch on).</summary>
internal static class Refusals
{
    public static Refusal Key(KeyCheck check) => check switch
    {
        KeyCheck.Missing => Key("No Bellwether key. Send it as 'Authorization: Bearer …', or with your own provider key as 'x-bellwether-key'."),
        KeyCheck.Revoked => Key("This Bellwether key has been revoked."),
        KeyCheck.Expired => Key("This Bellwether key has expired."),
        KeyCheck.Unknown or KeyCheck.Valid => Key("This is not a key that Bellwether knows."),
        _ => throw new ArgumentOutOfRangeException(nameof(check), check, null),
    };

    private static Refusal Key(string message) => new(401, "invalid_request_error", "invalid_api_key", message, ErrorTypes.Auth);

    public static readonly Refusal NotForGateway =
        new(403, "permission_error", "key_not_for_gateway", "This key may not call models.", ErrorTypes.Auth);

    public static Refusal ModelNotAllowed(string model) => new(403, "permission_error", "model_not_allowed",
        model.Length == 0
            ? "This key is limited to certain models, and this endpoint does not say which model it uses."
            : $"This key may not use the model '{Shown(model)}'.",
        ErrorTypes.Auth) { Param = "model" };

    public static Refusal ModelNotFound(string model) => new(404, "invalid_request_error", "model_not_found",
        model.Length == 0
            ? "Several providers are configured and the request names no model that says which is meant."
            : $"No provider is configured for the model '{Shown(model)}'. Add it to a provider's models or set a route.",
        ErrorTypes.BadRequest) { Param = "model" };

    /// <summary>A rule wants the call elsewhere and cannot have it: better not sent than sent where it must not go.</summary>
    public static Refusal CannotDivert(string provider) => new(503, "api_error", "provider_not_found",
        $"A rule sends this call to the provider '{provider}', which is not configured or does not speak this dialect.", ErrorTypes.Unavailable) { ShouldRetry = false };

    public static Refusal BadRequest(string code, string message, string? param = null) =>
        new(400, "invalid_request_error", code, message, ErrorTypes.BadRequest) { Param = param };

    /// <summary>"/v1/../admin" would leave the provider's base path, since it is forwarded as written.</summary>
    public static readonly Refusal BadPath = BadRequest("invalid_path", "The path holds a dot segment, a backslash or a fragment.");

    public static Refusal TooLarge(long limit) =>
        new(413, "invalid_request_error", "request_too_large", $"The request body is larger than {limit} bytes.", ErrorTypes.BadRequest) { ShouldRetry = false };

    public static Refusal Headers(string message) =>
        new(431, "invalid_request_error", "request_headers_too_large", message, ErrorTypes.BadRequest) { ShouldRetry = false };

    public static readonly Refusal Encoding = new(415, "invalid_request_error", "unsupported_content_encoding",
        "Content-Encoding must be one of gzip, deflate, br or identity.", ErrorTypes.BadRequest);

    public static readonly Refusal TooManyStreams = new(503, "api_error", "too_many_streams",
        "The gateway holds as many open streams as it may. Try again soon.", ErrorTypes.Unavailable) { RetryAfterSeconds = 1, ShouldRetry = true };

    public static readonly Refusal ShuttingDown = new(503, "api_error", "shutting_down",
        "The gateway is shutting down. Try again.", ErrorTypes.Aborted) { RetryAfterSeconds = 1, ShouldRetry = true };

    public static Refusal CannotRecord(IntakeRefusal refusal) => new(503, "api_error", refusal.Code,
        $"The call could not be recorded, so it was not made: {refusal.Message}", ErrorTypes.Unavailable)
    {
        RetryAfterSeconds = Math.Clamp(refusal.RetryAfterSeconds, 1, 60),
        ShouldRetry = true,
    };

    public static Refusal NotRecorded(IntakeRefusal refusal) => new(503, "api_error", refusal.Code,
        $"The provider answered, but the call could not be recorded: {refusal.Message}", ErrorTypes.Unavailable)
    {
        RetryAfterSeconds = Math.Clamp(refusal.RetryAfterSeconds, 1, 60),
    };

    public static Refusal Unreachable(string provider, string code, string what) =>
        new(502, "upstream_error", code, $"The provider '{provider}' {what}.", ErrorTypes.Unavailable);

    public static Refusal TimedOut(string provider, string code, string what) =>
        new(504, "upstream_error", code, $"The provider '{provider}' {what}.", ErrorTypes.Timeout);

    public static readonly Refusal Aborted = new(503, "api_error", "shutting_down",
        "The gateway shut down before the answer was complete.", ErrorTypes.Aborted) { RetryAfterSeconds = 1, ShouldRetry = true };

    // What a caller sent is shown back, but not megabytes of it.
    private static string Shown(string model) => model.Length <= 128 ? model : string.Concat(model.AsSpan(0, 128), "…");
}
