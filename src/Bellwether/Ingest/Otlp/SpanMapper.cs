using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Makes an observation of a span.</summary>
internal static class SpanMapper
{
    private const int MostProperties = 50;
    private const int MostText = 256;

    public static TelemetryRecord Map(OtlpSender sender, in SpanRecord span, SpanAttributes attributes, IReadOnlyList<AttributeValue> resource, string scope)
    {
        var body = attributes.Body;
        var notes = new List<KeyValuePair<string, string>>();
        var (kind, operation) = SpanKinds.Of(attributes);
        var traceId = SpanRecord.Hex(body, span.TraceId);
        var spanId = SpanRecord.Hex(body, span.SpanId);
        var start = Start(sender, span, notes);
        var isCall = kind is ObservationKind.Llm or ObservationKind.Embedding;
        var requestModel = Field(attributes, SpanField.RequestModel);
        var model = Field(attributes, SpanField.ResponseModel) is { Length: > 0 } answered ? answered : requestModel;
        var provider = ProviderNames.Normalise(attributes.Text(SpanField.Provider));
        var usage = isCall ? SpanUsage.Read(attributes) : Usage.None;
        var failed = span.Failed || attributes.Text(SpanField.Level) == "ERROR";
        var errorType = Field(attributes, SpanField.ErrorType) is { Length: > 0 } said ? said : span.ExceptionType;
        var message = First(SpanRecord.Text(body, span.StatusMessage, 1000), span.ExceptionMessage, failed ? attributes.Text(SpanField.ErrorMessage) : "");
        var status = (int)Math.Min(999, attributes.Count(SpanField.HttpStatus) ?? 0);
        var classified = failed ? SpanErrors.Classify(errorType, message, status) : "";
        var payload = SpanTexts.Read(attributes, kind, requestModel.Length > 0 ? requestModel : model);
        var (project, service) = Project(sender, attributes, resource);
        var parentId = span.ParentId.Length == 8 && span.ParentId.In(body).ContainsAnyExcept((byte)0) ? SpanRecord.Hex(body, span.ParentId) : "";
        // Langfuse's traces have names of their own, by which its users know their chains.
        var traceName = Field(attributes, SpanField.TraceName);
        var properties = Properties(attributes, project, service);
        if (traceName.Length > 0)
        {
            notes.Add(new("langfuse.trace.name", traceName));
        }
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
            ParentId = parentId,
            Name = Name(body, span, attributes, kind),
            Operation = operation,
            Surface = sender.Surface,
            Provider = provider,
            PriceProvider = ProviderNames.PriceId(provider),
            RequestModel = requestModel.Length > 0 ? requestModel : model,
            Model = model,
            Endpoint = First(Field(attributes, SpanField.Endpoint), traceName, Cut(project)),
            User = Field(attributes, SpanField.User),
            Session = Field(attributes, SpanField.Session),
            ResponseId = isCall ? First(Field(attributes, SpanField.ResponseId), ResponseId(attributes)) : Field(attributes, SpanField.ResponseId),
            // Only a stream has a first chunk; @ai-sdk/otel says no more than that.
            Stream = attributes.Text(SpanField.Stream) == "true" || attributes.Has(SpanField.TtftSeconds) || attributes.Text(SpanField.VercelOperation).EndsWith(".doStream", StringComparison.Ordinal),
            ServiceTier = Field(attributes, SpanField.ServiceTier),
            FinishReason = ProviderNames.FinishReason(attributes.Text(SpanField.FinishReason) is { Length: > 0 } reason ? reason : isCall ? SpanTexts.FinishReason(attributes) : ""),
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

    /// <summary>The same for every version of a span, also when its start is not believed. A project's spans never meet another's.</summary>
    private static Guid Id(ProjectId project, in SpanRecord span, string traceId, string spanId) =>
        ObservationIds.Of("span", SpanClock.IsTime(span.Start) ? SpanClock.Time(span.Start) : DateTimeOffset.UnixEpoch, project.Value, traceId, spanId);

    private static DateTimeOffset Start(OtlpSender sender, in SpanRecord span, List<KeyValuePair<string, string>> notes)
    {
        if (!SpanClock.IsBelieved(sender, span.Start))
        {
            notes.Add(new("bellwether.clock", "start time not believed: " + span.Start.ToString(CultureInfo.InvariantCulture)));
        }
        return SpanClock.Believed(sender, span.Start);
    }

    private static Timings Timings(in SpanRecord span, SpanAttributes attributes, Usage usage, DateTimeOffset start)
    {
        if (span.End <= span.Start || !SpanClock.IsTime(span.Start) || !SpanClock.IsTime(span.End))
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

    // OpenInference names no response id; the provider's own answer, which it keeps whole, begins with it: {"id":"chatcmpl-…","object":….
    private static string ResponseId(SpanAttributes attributes)
    {
        var answer = attributes.Raw(SpanField.Output);
        var reader = new Utf8JsonReader(answer[..Math.Min(answer.Length, 512)], isFinalBlock: false, default);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return "";
            }
            while (reader.Read())
            {
                if (reader is { CurrentDepth: 1, TokenType: JsonTokenType.PropertyName } && reader.ValueTextEquals("id"u8))
                {
                    return reader.Read() && reader.TokenType == JsonTokenType.String ? Cut(reader.GetString()!) : "";
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // No JSON: an answer of another kind.
        }
        return "";
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

    private static ImmutableArray<KeyValuePair<string, string>> Properties(SpanAttributes attributes, string project, string service)
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
        if (attributes.Has(SpanField.LangSmithKind))
        {
            // As runs have them, by which they are found: the SDK joins the list with ", ".
            foreach (var tag in attributes.Text(SpanField.Tags).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                Put(RunFacts.TagPrefix + tag, "true");
            }
            var runType = attributes.Text(SpanField.LangSmithKind);
            Put(RunFacts.TypeProperty, runType is "prompt" or "parser" ? runType : "");
        }
        else if (attributes.Has(SpanField.Tags))
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
        Put("environment", attributes.Text(SpanField.EnvironmentName));
        // What the kind of step does not say, and what is no error.
        var type = attributes.Text(SpanField.LangfuseType);
        Put(LangfuseView.TypeProperty, type is "event" or "chain" or "evaluator" or "guardrail" ? type : "");
        var level = attributes.Text(SpanField.Level);
        Put("level", level is "DEFAULT" or "ERROR" ? "" : level);
        Put("agent", Field(attributes, SpanField.AgentName));
        Put("project", project == service ? "" : project);
        Put("service.name", service);
        return properties.DrainToImmutable();
    }

    // What the sender calls its project: Phoenix's resource attribute, a header, LangSmith's, and last the service.
    private static (string Project, string Service) Project(OtlpSender sender, SpanAttributes attributes, IReadOnlyList<AttributeValue> resource)
    {
        var (project, service) = ("", "");
        foreach (var value in resource)
        {
            var key = value.Key.In(attributes.Body);
            if (key.SequenceEqual("openinference.project.name"u8))
            {
                project = value.Text(attributes.Body);
            }
            // What SDKs say that were told no name: unknown_service:node.
            else if (key.SequenceEqual("service.name"u8) && !value.Bytes.In(attributes.Body).StartsWith("unknown_service"u8))
            {
                service = value.Text(attributes.Body);
            }
        }
        return (First(project, sender.ProjectName, attributes.Text(SpanField.ProjectName), service), service);
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
            using var document = LooseJson.Parse(text);
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
                using var parsed = LooseJson.Parse(System.Text.Encoding.UTF8.GetBytes(set));
                return parsed.RootElement.GetRawText();
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
