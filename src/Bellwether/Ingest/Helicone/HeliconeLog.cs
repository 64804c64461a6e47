using System.Text;
using System.Text.Json;
using Bellwether.Exchange;
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
    private const int MostMeta = 200;

    /// <param name="sender">Who sent it.</param>
    /// <param name="headers">Helicone's headers about the call; what they do not say may be in the request's <c>meta</c>.</param>
    /// <param name="body">What was sent.</param>
    /// <param name="corrected">A start was said and not believed.</param>
    /// <param name="problem">The field at fault when null is returned.</param>
    public static TelemetryRecord? Read(OtlpSender sender, IHeaderDictionary headers, JsonElement body, out bool corrected, out string problem)
    {
        corrected = false;
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
        headers = WithMeta(headers, request);
        var asked = Object(request, "json") ?? default;
        var input = asked.ValueKind == JsonValueKind.Object ? Encoding.UTF8.GetBytes(asked.GetRawText()) : [];
        var step = StepOf(Text(asked, "_type"));
        var dialect = Dialect.Opaque;
        var answer = step is null ? HeliconeAnswer.Read(response, out dialect) : AnswerFacts.None;
        var facts = new RequestFacts();
        if (step is null)
        {
            RequestScanner.Scan(input, dialect, out facts);
        }
        var (id, requestId) = IdOf(headers, sender);
        var omitsRequest = IsTrue(headers, "Helicone-Omit-Request");
        var omitsResponse = IsTrue(headers, "Helicone-Omit-Response");
        var session = Header(headers, "Helicone-Session-Id", 256);
        var place = (session.Length > 0 ? SessionTree.Place(sender.Key.Project, session, Header(headers, "Helicone-Session-Path", 512)) : null) ?? new(id.ToString("N"), "", "");
        var (start, timings) = TimesOf(Object(body, "timing") ?? default, sender, out corrected);
        var (status, state, error) = EndOf(response, answer);
        var requested = JsonFields.Short(facts.Model.Length > 0 ? facts.Model : Text(asked, "model"), 256);
        var overridden = Header(headers, "Helicone-Model-Override", 256);
        var model = overridden.Length > 0 ? overridden : answer.Model.Length > 0 ? answer.Model : requested;
        var provider = step is null ? Provider(body, request, dialect, model) : "";
        var observation = new Observation
        {
            Id = id,
            Project = sender.Key.Project,
            StartTime = start,
            Kind = step ?? (dialect == Dialect.OpenAiEmbeddings ? ObservationKind.Embedding : ObservationKind.Llm),
            State = state,
            ErrorType = error,
            ErrorCode = JsonFields.Short(answer.ErrorCode, 128),
            ErrorMessage = omitsRequest || omitsResponse ? "" : answer.ErrorMessage,
            TraceId = place.TraceId,
            SpanId = place.SpanId,
            ParentId = place.ParentId,
            Name = step is null ? "helicone log" : JsonFields.Short(Text(asked, "toolName") is { Length: > 0 } tool ? tool : Text(asked, "_type"), 256),
            Operation = step is not null ? "other" : dialect == Dialect.OpenAiEmbeddings ? "embeddings" : "chat",
            Surface = sender.Surface,
            Provider = provider,
            PriceProvider = ProviderNames.PriceId(provider),
            RequestModel = requested,
            Model = model,
            Endpoint = "helicone log",
            User = Header(headers, "Helicone-User-Id", 256) is { Length: > 0 } user ? user : omitsRequest ? "" : facts.User,
            Session = session,
            PromptName = Header(headers, "Helicone-Prompt-Id", 256),
            PromptVersion = Header(headers, "Helicone-Prompt-Version", 128),
            Parameters = omitsRequest ? "" : facts.Parameters,
            SystemFingerprint = omitsRequest ? "" : facts.SystemFingerprint,
            MessageCount = facts.MessageCount,
            ToolCallCount = answer.ToolCallCount,
            KeyId = sender.Key.Id,
            RequestId = requestId,
            ResponseId = answer.ResponseId,
            FinishReason = answer.FinishReason,
            ServiceTier = answer.ServiceTier,
            Stream = answer.OutputAssembled,
            HttpStatus = Math.Max(0, status),
            Timings = timings,
            Usage = answer.Usage,
            Properties = [.. Properties(headers).Take(32)],
        };
        var output = step is null || !response.TryGetProperty("json", out var said) ? answer.Output : Encoding.UTF8.GetBytes(said.GetRawText());
        return TelemetryRecord.Of(observation, new ObservationPayload
        {
            Input = omitsRequest ? default : Cut(input),
            InputTruncated = !omitsRequest && input.Length > SpanTexts.MostBytes,
            Output = omitsResponse ? default : Cut(output),
            OutputAssembled = !omitsResponse && answer.OutputAssembled,
            OutputTruncated = !omitsResponse && (answer.OutputTruncated || output.Length > SpanTexts.MostBytes),
        }, mayReplace: true);
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
                yield return new(JsonFields.Short(property.ToLowerInvariant(), 64), JsonFields.Short(values.ToString(), 512));
            }
        }
    }

    // "meta":{"Helicone-User-Id":"u-1","Helicone-Omit-Request":"true"}: the headers that the call would have had on its way through a proxy.
    private static IHeaderDictionary WithMeta(IHeaderDictionary headers, JsonElement request)
    {
        if (Object(request, "meta") is not { } meta)
        {
            return headers;
        }
        var all = new HeaderDictionary();
        foreach (var (name, values) in headers)
        {
            all[name] = values;
        }
        foreach (var member in meta.EnumerateObject().Take(MostMeta))
        {
            if (member.Name.StartsWith("Helicone-", StringComparison.OrdinalIgnoreCase) && member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
            {
                all.TryAdd(member.Name, member.Value.ToString());
            }
        }
        return all;
    }

    internal static JsonElement? Object(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    internal static string Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    internal static double? Number(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    // What is said, then where the call went, then the form of the answer and the model: loggers say "custom" of whatever they do not know, and
    // https://custom-model-nopath.com for its address.
    private static string Provider(JsonElement body, JsonElement request, Dialect dialect, string model)
    {
        var said = ProviderNames.Normalise(Text(body, "provider"));
        return said.Length > 0 && said != "custom" ? said
            : ProviderNames.OfAddress(Text(request, "url")) is { Length: > 0 } called ? called
            : dialect == Dialect.AnthropicMessages ? "anthropic"
            : dialect == Dialect.GeminiGenerate ? "google"
            : ProviderNames.OfModel(model) is { Length: > 0 } maker ? maker
            : said;
    }

    private static ObservationKind? StepOf(string type) => type switch
    {
        "tool" => ObservationKind.Tool,
        "vector_db" => ObservationKind.Retrieval,
        "data" => ObservationKind.Chain,
        _ => null,
    };

    // A log of the same request id, where that is a UUID, is the same log again.
    private static (Guid Id, string RequestId) IdOf(IHeaderDictionary headers, OtlpSender sender)
    {
        var given = Header(headers, "Helicone-Request-Id", 128);
        var id = Guid.TryParse(given, out var known) && known != Guid.Empty ? known : Guid.CreateVersion7(sender.Now);
        return (id, given.Length > 0 ? given : id.ToString());
    }

    private static (DateTimeOffset Start, Timings Timings) TimesOf(JsonElement timing, OtlpSender sender, out bool corrected)
    {
        var said = Instant(timing, "startTime");
        corrected = said is { } time && !RunClock.IsBelieved(time, sender);
        var start = said is null || corrected ? sender.Now : said.Value;
        var totalMs = Instant(timing, "endTime") is { } end && said is { } from ? Math.Max(0, (end - from).TotalMilliseconds) : 0;
        return (start, new Timings { TotalMs = totalMs, UpstreamMs = totalMs, TtftMs = Number(timing, "timeToFirstToken") is { } first and >= 0 ? first : null });
    }

    private static (int Status, ObservationState State, string ErrorType) EndOf(JsonElement response, AnswerFacts answer)
    {
        var status = Number(response, "status") is { } code ? (int)Math.Clamp(code, Cancelled, 999) : 200;
        return status switch
        {
            Cancelled => (status, ObservationState.ClientDisconnect, ErrorTypes.ClientDisconnect),
            >= 200 and < 400 when answer.IsError => (status, ObservationState.ProviderError, ErrorTypes.Unavailable),
            >= 200 and < 400 => (status, ObservationState.Ok, ""),
            429 => (status, ObservationState.ProviderError, ErrorTypes.RateLimited),
            401 or 403 => (status, ObservationState.ProviderError, ErrorTypes.Auth),
            >= 400 and < 500 => (status, ObservationState.ProviderError, ErrorTypes.BadRequest),
            _ => (status, ObservationState.ProviderError, ErrorTypes.Unavailable),
        };
    }

    // {"seconds":1700000000,"milliseconds":123}
    private static DateTimeOffset? Instant(JsonElement timing, string name) =>
        Object(timing, name) is { } instant && Number(instant, "seconds") is { } seconds and >= 0 and <= 253_402_300_799
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)(Math.Floor(seconds) * 1_000 + Math.Clamp(Number(instant, "milliseconds") ?? 0, 0, 999)))
            : null;

    private static ReadOnlyMemory<byte> Cut(ReadOnlyMemory<byte> text) => text.Length <= SpanTexts.MostBytes ? text : text[..SpanTexts.MostBytes];

    private static string Header(IHeaderDictionary headers, string name, int longest) => JsonFields.Short(headers[name].ToString(), longest);

    private static bool IsTrue(IHeaderDictionary headers, string name) => headers[name].ToString().Trim().Equals("true", StringComparison.OrdinalIgnoreCase);
}
