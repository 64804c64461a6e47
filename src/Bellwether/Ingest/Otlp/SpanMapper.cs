using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Who sent a request, and by which of our addresses.</summary>
internal sealed record OtlpSender(ApiKey Key, string Surface, DateTimeOffset Now);

/// <summary>Makes an observation of a span.</summary>
internal static class SpanMapper
{
    private const int MostProperties = 50;
    private const int MostText = 256;
    private static readonly DateTimeOffset s_earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TelemetryRecord Map(OtlpSender sender, in SpanRecord span, SpanAttributes attributes, IReadOnlyList<AttributeValue> resource, string scope)
    {
        var body = attributes.Body;
        var notes = new List<KeyValuePair<string, string>>();
        var (kind, operation) = SpanKinds.Of(attributes);
        var traceId = SpanRecord.Hex(body, span.TraceId);
        var spanId = SpanRecord.Hex(body, span.SpanId);
        var start = Start(span, sender.Now, notes);
        var isCall = kind is ObservationKind.Llm or ObservationKind.Embedding;
        var requestModel = Field(attributes, SpanField.RequestModel);
        var model = Field(attributes, SpanField.ResponseModel) is { Length: > 0 } answered ? answered : requestModel;
        var provider = ProviderNames.Normalise(attributes.Text(SpanField.Provider));
        var usage = isCall ? SpanUsage.Read(attributes) : Usage.None;
        var failed = span.Failed || attributes.Text(SpanField.Level) == "ERROR";
        var errorType = Field(attributes, SpanField.ErrorType) is { Length: > 0 } named ? named : span.ExceptionType;
        var message = First(SpanRecord.Text(body, span.StatusMessage, 1000), span.ExceptionMessage, failed ? attributes.Text(SpanField.ErrorMessage) : "");
        var status = (int)Math.Min(999, attributes.Count(SpanField.HttpStatus) ?? 0);
        var classified = failed ? SpanErrors.Classify(errorType, message, status) : "";
        var payload = SpanTexts.Read(attributes, kind, requestModel.Length > 0 ? requestModel : model);
        var properties = Properties(attributes, resource);
        var observation = new Observation
        {
            Id = Id(sender.Key.Project, span, traceId, spanId),
            Project = sender.Key.Project,
            KeyId = sender.Key.Id,
            StartTime = start,
            Kind = kind,
            State = !failed ? (span.End == 0 ? ObservationState.Running : ObservationState.Ok)
                : classified == ErrorTypes.Timeout ? ObservationState.Timeout : ObservationState.ProviderError,
            TraceId = traceId,
            SpanId = spanId,
            ParentId = span.ParentId.Length == 8 && span.ParentId.In(body).ContainsAnyExcept((byte)0) ? SpanRecord.Hex(body, span.ParentId) : "",
            Name = Name(body, span, attributes, kind),
            Operation = operation,
            Surface = sender.Surface,
            Provider = provider,
            PriceProvider = ProviderNames.PriceId(provider),
            RequestModel = requestModel.Length > 0 ? requestModel : model,
            Model = model,
            Endpoint = Field(attributes, SpanField.Endpoint),
            User = Field(attributes, SpanField.User),
            Session = Field(attributes, SpanField.Session),
            ResponseId = Field(attributes, SpanField.ResponseId),
            Stream = attributes.Text(SpanField.Stream) == "true" || attributes.Text(SpanField.VercelOperation).EndsWith(".doStream", StringComparison.Ordinal),
            ServiceTier = Field(attributes, SpanField.ServiceTier),
            FinishReason = ProviderNames.FinishReason(attributes.Text(SpanField.FinishReason)),
            PromptName = Field(attributes, SpanField.PromptName),
            PromptVersion = Field(attributes, SpanField.PromptVersion),
            Parameters = Parameters(attributes),
            HttpStatus = status,
            ErrorType = classified,
            ErrorCode = failed ? Cut(errorType.Length > 0 ? errorType : "error") : "",
            ErrorMessage = failed ? message.Length <= 1000 ? message : message[..1000] : "",
            Timings = Timings(span, attributes, usage, start),
            Usage = usage,
            Cost = isCall ? SpanUsage.Cost(attributes) : null,
            Properties = properties,
            RequestBytes = payload.Input.Length,
            ResponseBytes = payload.Output.Length,
        };
        return TelemetryRecord.Of(observation, payload with { Attributes = attributes.Unmapped(resource, scope, notes) }, mayReplace: true);
    }

    /// <summary>The same for every version of a span. A project's spans never meet another's.</summary>
    public static Guid Id(ProjectId project, in SpanRecord span, string traceId, string spanId) =>
        ObservationIds.Of("span", IsPlausible(span.Start) ? Time(span.Start) : s_earliest, project.Value, traceId, spanId);

    public static DateTimeOffset Time(ulong nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks((long)(nanoseconds / 100));

    // From 2000 to 2100: everything else is a clock that was never set, or another unit.
    private static bool IsPlausible(ulong nanoseconds) => nanoseconds is > 946_684_800_000_000_000 and < 4_102_444_800_000_000_000;

    private static DateTimeOffset Start(in SpanRecord span, DateTimeOffset now, List<KeyValuePair<string, string>> notes)
    {
        if (IsPlausible(span.Start) && Time(span.Start) < now.AddDays(1))
        {
            return Time(span.Start);
        }
        notes.Add(new("bellwether.clock", "start time not plausible: " + span.Start.ToString(CultureInfo.InvariantCulture)));
        return now;
    }

    private static Timings Timings(in SpanRecord span, SpanAttributes attributes, Usage usage, DateTimeOffset start)
    {
        if (span.End <= span.Start || !IsPlausible(span.Start) || !IsPlausible(span.End))
        {
            return default;
        }
        var total = (span.End - span.Start) / 1e6;
        var ttft = attributes.Number(SpanField.TtftSeconds) * 1000 ?? attributes.Number(SpanField.TtftMs);
        if (ttft is null && span.FirstChunk > span.Start)
        {
            ttft = (span.FirstChunk - span.Start) / 1e6;
        }
        if (ttft is null && DateTimeOffset.TryParse(attributes.Text(SpanField.CompletionStart).Trim('"'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var first))
        {
            ttft = (first - start).TotalMilliseconds;
        }
        if (ttft is < 0 || ttft > total + 1)
        {
            ttft = null;
        }
        var generating = total - (ttft ?? 0);
        return new Timings
        {
            TotalMs = total,
            UpstreamMs = total,
            TtftMs = ttft,
            TokensPerSecond = usage.OutputTokens is > 0 and var tokens && generating > 0 ? tokens / (generating / 1000) : null,
        };
    }

    private static string Name(ReadOnlySpan<byte> body, in SpanRecord span, SpanAttributes attributes, ObservationKind kind)
    {
        var name = SpanRecord.Text(body, span.Name, MostText);
        if (kind == ObservationKind.Tool && Field(attributes, SpanField.ToolName) is { Length: > 0 } tool)
        {
            return tool;
        }
        return name.Length > 0 ? name : Field(attributes, SpanField.AgentName);
    }

    private static ImmutableArray<KeyValuePair<string, string>> Properties(SpanAttributes attributes, IReadOnlyList<AttributeValue> resource)
    {
        var properties = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        void Put(string name, string value)
        {
            if (properties.Count < MostProperties && value.Length > 0 && name.Length is > 0 and <= 128 && names.Add(name))
            {
                properties.Add(new(name, value.Length <= 1024 ? value : value[..1024]));
            }
        }
        if (attributes.Has(SpanField.Tags))
        {
            Put("tags", Tags(attributes.Text(SpanField.Tags)));
        }
        foreach (var (name, value) in attributes.Properties())
        {
            Put(name, value);
        }
        if (attributes.Has(SpanField.Metadata))
        {
            Metadata(attributes.Bytes(SpanField.Metadata), Put);
        }
        Put("release", attributes.Text(SpanField.Release));
        Put("agent", Field(attributes, SpanField.AgentName));
        foreach (var value in resource)
        {
            if (value.Key.In(attributes.Body).SequenceEqual("service.name"u8))
            {
                Put("service.name", value.Text(attributes.Body));
            }
        }
        return properties.DrainToImmutable();
    }

    // ["a","b"], whether it came as an array or as the text of one.
    private static string Tags(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? string.Join(',', document.RootElement.EnumerateArray().Select(tag => tag.ToString()))
                : text;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return text;
        }
    }

    private static void Metadata(byte[] text, Action<string, string> put)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in document.RootElement.EnumerateObject())
                {
                    put(member.Name, member.Value.ToString());
                }
                return;
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Not JSON: one text.
        }
        put("metadata", System.Text.Encoding.UTF8.GetString(text));
    }

    private static string Parameters(SpanAttributes attributes)
    {
        if (attributes.Text(SpanField.ParameterSet) is { Length: > 1 and <= 4096 } set && set[0] == '{')
        {
            try
            {
                JsonDocument.Parse(set).Dispose();
                return set;
            }
            catch (JsonException)
            {
                return "";
            }
        }
        var parts = new List<string>();
        foreach (var (field, name) in (ReadOnlySpan<(SpanField, string)>)[(SpanField.Temperature, "temperature"), (SpanField.TopP, "top_p"), (SpanField.MaxTokens, "max_tokens"), (SpanField.Seed, "seed")])
        {
            if (attributes.Number(field) is { } number)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"\"{name}\":{number}"));
            }
        }
        return parts.Count == 0 ? "" : "{" + string.Join(',', parts) + "}";
    }

    private static string Field(SpanAttributes attributes, SpanField field) => Cut(attributes.Text(field));

    private static string Cut(string text) => text.Length <= MostText ? text : text[..MostText];

    private static string First(params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            if (text.Length > 0)
            {
                return text;
            }
        }
        return "";
    }
}
