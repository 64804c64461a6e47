using System.Text;
using System.Text.Json;
using Bellwether.Identity;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary>
/// A call that was made elsewhere, as Helicone's loggers tell of it:
/// <c>{"providerRequest":{"url","json","meta"},"providerResponse":{"status","headers","json","textBody"},"timing":{"startTime":{"seconds","milliseconds"},"endTime":{…}}}</c>.
/// </summary>
internal static class HeliconeLog
{
    // Their loggers write this for a call that was cancelled.
    private const int Cancelled = -3;

    /// <returns>Null with the field at fault.</returns>
    public static TelemetryRecord? Read(ApiKey key, IHeaderDictionary headers, JsonElement body, DateTimeOffset now, out string problem)
    {
        problem = "providerRequest must be an object.";
        if (Object(body, "providerRequest") is not { } request)
        {
            return null;
        }
        problem = "providerResponse must be an object.";
        if (Object(body, "providerResponse") is not { } response)
        {
            return null;
        }
        problem = "";
        var timing = Object(body, "timing") ?? default;
        var start = Instant(timing, "startTime") ?? now;
        var end = Instant(timing, "endTime") ?? start;
        var asked = Object(request, "json") ?? default;
        var answer = HeliconeAnswer.Of(response);
        var status = Number(response, "status") is { } code ? (int)Math.Clamp(code, Cancelled, 999) : 200;
        var requestId = Header(headers, "Helicone-Request-Id", 128);
        var totalMs = Math.Max(0, (end - start).TotalMilliseconds);
        var kind = KindOf(asked);
        var model = Text(asked, "model");
        var overridden = Header(headers, "Helicone-Model-Override", 256);
        var omitsRequest = IsTrue(headers, "Helicone-Omit-Request");
        var observation = new Observation
        {
            Id = Guid.TryParse(requestId, out var id) ? id : Guid.CreateVersion7(start),
            Project = key.Project,
            StartTime = start,
            Kind = kind,
            State = status == Cancelled ? ObservationState.ClientDisconnect : status is >= 200 and < 400 ? ObservationState.Ok : ObservationState.ProviderError,
            ErrorType = status == Cancelled ? ErrorTypes.ClientDisconnect : status switch
            {
                >= 200 and < 400 => "",
                429 => ErrorTypes.RateLimited,
                401 or 403 => ErrorTypes.Auth,
                >= 400 and < 500 => ErrorTypes.BadRequest,
                _ => ErrorTypes.Unavailable,
            },
            Name = kind == ObservationKind.Llm ? "helicone log" : Text(asked, "toolName") is { Length: > 0 } tool ? tool : Text(asked, "_type"),
            Operation = kind == ObservationKind.Llm ? "chat" : "other",
            Surface = "helicone",
            Provider = Cut(Text(body, "provider"), 128),
            RequestModel = Cut(model, 256),
            Model = overridden.Length > 0 ? overridden : Cut(answer.Model.Length > 0 ? answer.Model : model, 256),
            Endpoint = "helicone log",
            User = Header(headers, "Helicone-User-Id", 256) is { Length: > 0 } user ? user : omitsRequest ? "" : Cut(Text(asked, "user"), 256),
            Session = Header(headers, "Helicone-Session-Id", 256),
            PromptName = Header(headers, "Helicone-Prompt-Id", 256),
            PromptVersion = Header(headers, "Helicone-Prompt-Version", 128),
            KeyId = key.Id,
            RequestId = requestId,
            ResponseId = Cut(answer.Id, 256),
            FinishReason = Cut(answer.FinishReason, 64),
            Stream = answer.Assembled is not null,
            HttpStatus = Math.Max(0, status),
            Timings = new Timings
            {
                TotalMs = totalMs,
                UpstreamMs = totalMs,
                TtftMs = Number(timing, "timeToFirstToken") is { } first and >= 0 ? first : null,
            },
            Usage = answer.Usage,
            Properties = [.. Properties(headers).Take(32)],
        };
        var payload = new ObservationPayload
        {
            Input = omitsRequest || asked.ValueKind != JsonValueKind.Object ? default : Encoding.UTF8.GetBytes(asked.GetRawText()),
            Output = IsTrue(headers, "Helicone-Omit-Response") ? default : answer.Assembled ?? answer.Raw,
            OutputAssembled = answer.Assembled is not null,
        };
        return TelemetryRecord.Of(observation, payload, mayReplace: true);
    }

    /// <summary><c>Helicone-Property-Team: blue</c>, and the places in a session.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Properties(IHeaderDictionary headers)
    {
        foreach (var (name, values) in headers)
        {
            var property = name.StartsWith("Helicone-Property-", StringComparison.OrdinalIgnoreCase) ? name["Helicone-Property-".Length..]
                : name.ToLowerInvariant() is "helicone-session-path" or "helicone-session-name" ? name["helicone-".Length..]
                : "";
            if (property.Length > 0)
            {
                yield return new(Cut(property.ToLowerInvariant(), 64), Cut(values.ToString(), 512));
            }
        }
    }

    private static ObservationKind KindOf(JsonElement asked) => Text(asked, "_type") switch
    {
        "tool" => ObservationKind.Tool,
        "vector_db" => ObservationKind.Retrieval,
        "data" => ObservationKind.Chain,
        _ => ObservationKind.Llm,
    };

    // {"seconds":1700000000,"milliseconds":123}
    private static DateTimeOffset? Instant(JsonElement timing, string name)
    {
        if (Object(timing, name) is not { } instant || Number(instant, "seconds") is not { } seconds || seconds is < 0 or > 253_402_300_799)
        {
            return null;
        }
        return DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1_000 + Math.Clamp(Number(instant, "milliseconds") ?? 0, 0, 999)));
    }

    internal static JsonElement? Object(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    internal static string Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    internal static double? Number(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    internal static string Cut(string value, int length) =>
        value.Length <= length ? value : value[..(char.IsHighSurrogate(value[length - 1]) ? length - 1 : length)];

    private static string Header(IHeaderDictionary headers, string name, int longest) => Cut(headers[name].ToString(), longest);

    private static bool IsTrue(IHeaderDictionary headers, string name) => headers[name].ToString().Trim().Equals("true", StringComparison.OrdinalIgnoreCase);
}
