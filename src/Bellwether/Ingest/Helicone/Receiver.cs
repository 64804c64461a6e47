using System.Globalization;
using System.Text.Json;
using Bellwether.Identity;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Ingest;

/// <summary>How a receiver's request ended. 0 as status stands for "accepted".</summary>
internal sealed record ReceiverAnswer(int Status, string Code, string Message, int? RetryAfterSeconds = null)
{
    public static readonly ReceiverAnswer Accepted = new(StatusCodes.Status200OK, "", "");

    public static readonly ReceiverAnswer NoKey =
        new(StatusCodes.Status401Unauthorized, "invalid_api_key", "The request holds no key that Bellwether knows.");

    public static ReceiverAnswer Bad(string message) => new(StatusCodes.Status400BadRequest, "invalid_request", message);

    public static ReceiverAnswer NotFound(string message) => new(StatusCodes.Status404NotFound, "not_found", message);

    // Never 500, and never without a time to come back: that loses data at the senders.
    public static ReceiverAnswer Of(AppendResult result) => result.Accepted
        ? Accepted
        : new(StatusCodes.Status503ServiceUnavailable, result.Refusal.Code, result.Refusal.Message, Math.Clamp(result.Refusal.RetryAfterSeconds, 1, 30));

    public bool IsAccepted => Status == StatusCodes.Status200OK;

    /// <summary>Readable for Helicone's clients and for OpenAI's.</summary>
    public IResult ToHelicone() => new JsonResult(json =>
    {
        json.WriteBoolean("success", IsAccepted);
        if (!IsAccepted)
        {
            json.WriteString("message", Message);
            json.WriteStartObject("error");
            json.WriteString("code", Code);
            json.WriteString("message", Message);
            json.WriteEndObject();
        }
    }, Status, RetryAfterSeconds);
}

/// <summary>One JSON object as an answer.</summary>
internal sealed class JsonResult(Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK, int? retryAfterSeconds = null) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "application/json";
        if (retryAfterSeconds is { } seconds)
        {
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
        await using var json = new Utf8JsonWriter(httpContext.Response.BodyWriter);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        await json.FlushAsync(httpContext.RequestAborted);
    }
}

/// <summary>The steps that the small receivers share: key, body, JSON object.</summary>
internal static class Receiver
{
    private static readonly string[] s_places = ["Helicone-Auth", "Authorization", "x-portkey-api-key", "x-bellwether-key", "x-api-key"];

    public static async Task<ReceiverAnswer> HandleAsync(HttpContext http, int limit, Func<ApiKey, JsonElement, Task<ReceiverAnswer>> handle)
    {
        if (KeyOf(http) is not { } key)
        {
            return ReceiverAnswer.NoKey;
        }
        var (body, refusal) = await IngestBody.ReadAsync(http.Request, limit, http.RequestAborted);
        if (body is null)
        {
            return new ReceiverAnswer(refusal!.Status, refusal.Reason, refusal.Message);
        }
        using (body)
        {
            try
            {
                using var json = JsonDocument.Parse(body.Memory);
                return json.RootElement.ValueKind == JsonValueKind.Object ? await handle(key, json.RootElement) : ReceiverAnswer.Bad("The body must be a JSON object.");
            }
            catch (JsonException error)
            {
                return ReceiverAnswer.Bad(string.Create(CultureInfo.InvariantCulture, $"The body is not valid JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1})."));
            }
            catch (InvalidOperationException)
            {
                // Text that is not valid UTF-8 is found only when a string is read out of it.
                return ReceiverAnswer.Bad("The body has text that is not valid UTF-8.");
            }
        }
    }

    private static ApiKey? KeyOf(HttpContext http)
    {
        var keyring = http.RequestServices.GetRequiredService<IKeyring>();
        foreach (var place in s_places)
        {
            if (http.Request.Headers[place] is [{ Length: > 0 } text, ..] && keyring.Check(text, out var key) == KeyCheck.Valid)
            {
                return key;
            }
        }
        return null;
    }
}
