using System.Collections.Immutable;
using System.Data.Common;
using System.Text;
using System.Text.Json;
using Bellwether.Primitives;
using Bellwether.Storage.Sql;
using Bellwether.Telemetry;
using DuckDB.NET.Data;

namespace Bellwether.Storage.DuckDb;

/// <summary>An observation as a row: one place that writes it and reads it, in the order of <see cref="Schema.Observation"/>.</summary>
internal static class ObservationRow
{
    public static readonly string Columns = """
        id, project, start_ticks, kind, state, trace_id, parent_id, name, operation, surface, provider, price_provider, request_model, model, endpoint,
        user_id, session_id, key_id, request_id, provider_request_id, response_id, stream, service_tier, finish_reason, system_fingerprint, parameters,
        retry_count, http_status, error_type, error_code, error_message, total_ms, queue_ms, upstream_ms, post_ms, ttft_ms, gap_p50_ms, gap_p95_ms, tokens_per_second,
        input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, reasoning_tokens, input_audio_tokens, output_audio_tokens,
        cache_audio_read_tokens, input_image_tokens, output_image_tokens, tool_requests, estimated, cost_in, cost_out, price_version,
        request_bytes, response_bytes, message_count, tool_call_count, properties, span_id, prompt_name, prompt_version, checks
        """;

    private static readonly string[] s_kinds = [.. Enum.GetValues<ObservationKind>().Select(kind => kind.ToString().ToLowerInvariant())];

    public static string KindName(ObservationKind kind) => s_kinds[(int)kind];

    public static void Append(DuckDBAppender appender, Observation observation)
    {
        var timings = observation.Timings;
        var usage = observation.Usage;
        var cost = observation.Cost;
        var row = appender.CreateRow();
        row.AppendValue((Guid?)observation.Id).AppendText(observation.Project.Value).AppendValue((long?)UnixTicks.Of(observation.StartTime))
            .AppendValue(s_kinds[(int)observation.Kind]).AppendValue(ObservationStates.Name(observation.State))
            .AppendText(observation.TraceId).AppendText(observation.ParentId).AppendText(observation.Name)
            .AppendText(observation.Operation).AppendText(observation.Surface).AppendText(observation.Provider).AppendText(observation.PriceProvider)
            .AppendText(observation.RequestModel).AppendText(observation.Model).AppendText(observation.Endpoint)
            .AppendText(observation.User).AppendText(observation.Session).AppendText(observation.KeyId).AppendText(observation.RequestId)
            .AppendText(observation.ProviderRequestId).AppendText(observation.ResponseId).AppendValue((bool?)observation.Stream)
            .AppendText(observation.ServiceTier).AppendText(observation.FinishReason).AppendText(observation.SystemFingerprint).AppendText(observation.Parameters)
            .AppendValue((int?)observation.RetryCount).AppendValue((int?)observation.HttpStatus)
            .AppendText(observation.ErrorType).AppendText(observation.ErrorCode).AppendText(observation.ErrorMessage);
        row.AppendValue((double?)Finite(timings.TotalMs)).AppendValue((double?)Finite(timings.QueueMs)).AppendValue((double?)Finite(timings.UpstreamMs))
            .AppendValue((double?)Finite(timings.PostMs)).AppendValue(Finite(timings.TtftMs)).AppendValue(Finite(timings.GapP50Ms))
            .AppendValue(Finite(timings.GapP95Ms)).AppendValue(Finite(timings.TokensPerSecond));
        row.AppendValue(usage.InputTokens).AppendValue(usage.OutputTokens).AppendValue((long?)usage.CacheReadTokens).AppendValue((long?)usage.CacheWriteTokens)
            .AppendValue((long?)usage.CacheWrite1hTokens).AppendValue((long?)usage.ReasoningTokens).AppendValue((long?)usage.InputAudioTokens)
            .AppendValue((long?)usage.OutputAudioTokens).AppendValue((long?)usage.CacheAudioReadTokens).AppendValue((long?)usage.InputImageTokens)
            .AppendValue((long?)usage.OutputImageTokens).AppendValue((long?)usage.ToolRequests).AppendValue((bool?)usage.Estimated);
        row.AppendValue(Bounded(cost?.InputUsd)).AppendValue(Bounded(cost?.OutputUsd)).AppendText(cost?.PriceVersion)
            .AppendValue((int?)observation.RequestBytes).AppendValue((long?)observation.ResponseBytes)
            .AppendValue((int?)observation.MessageCount).AppendValue((int?)observation.ToolCallCount).AppendValue(Json(observation.Properties));
        // A run that is still going has no latency yet.
        row.AppendValue((bool?)observation.IsError)
            .AppendValue(observation.State == ObservationState.Running ? null : (short?)LogBuckets.Of(timings.TotalMs))
            .AppendValue(timings.TtftMs is { } ttft ? (short?)LogBuckets.Of(ttft) : null)
            .AppendValue(CostBucket(cost))
            .AppendText(observation.SpanId).AppendText(observation.PromptName).AppendText(observation.PromptVersion)
            .AppendValue((long?)observation.Checks);
        row.EndRow();
    }

    public static short? CostBucket(Cost? cost) => cost is null ? null : LogBuckets.Of((double)cost.TotalUsd);

    public static Observation Read(DbDataReader reader)
    {
        var at = new Cells(reader);
        return new Observation
        {
            Id = at.Guid(), Project = new ProjectId(at.Text()), StartTime = UnixTicks.ToTime(at.Long()),
            Kind = (ObservationKind)Math.Max(0, Array.IndexOf(s_kinds, at.Text())),
            State = ObservationStates.TryParse(at.Text(), out var state) ? state : ObservationState.Ok,
            TraceId = at.Text(), ParentId = at.Text(), Name = at.Text(), Operation = at.Text(), Surface = at.Text(), Provider = at.Text(),
            PriceProvider = at.Text(), RequestModel = at.Text(), Model = at.Text(), Endpoint = at.Text(), User = at.Text(), Session = at.Text(),
            KeyId = at.Text(), RequestId = at.Text(), ProviderRequestId = at.Text(), ResponseId = at.Text(), Stream = at.Bool(),
            ServiceTier = at.Text(), FinishReason = at.Text(), SystemFingerprint = at.Text(), Parameters = at.Text(),
            RetryCount = at.Int(), HttpStatus = at.Int(), ErrorType = at.Text(), ErrorCode = at.Text(), ErrorMessage = at.Text(),
            Timings = new Timings
            {
                TotalMs = at.Double(), QueueMs = at.Double(), UpstreamMs = at.Double(), PostMs = at.Double(),
                TtftMs = at.OptionalDouble(), GapP50Ms = at.OptionalDouble(), GapP95Ms = at.OptionalDouble(), TokensPerSecond = at.OptionalDouble(),
            },
            Usage = new Usage
            {
                InputTokens = at.OptionalLong(), OutputTokens = at.OptionalLong(), CacheReadTokens = at.Long(), CacheWriteTokens = at.Long(),
                CacheWrite1hTokens = at.Long(), ReasoningTokens = at.Long(), InputAudioTokens = at.Long(), OutputAudioTokens = at.Long(),
                CacheAudioReadTokens = at.Long(), InputImageTokens = at.Long(), OutputImageTokens = at.Long(), ToolRequests = at.Long(), Estimated = at.Bool(),
            },
            Cost = ReadCost(ref at),
            RequestBytes = at.Int(), ResponseBytes = at.Long(), MessageCount = at.Int(), ToolCallCount = at.Int(), Properties = Pairs(at.Text()),
            SpanId = at.Text(), PromptName = at.Text(), PromptVersion = at.Text(), Checks = at.Long(),
        };
    }

    private static Cost? ReadCost(ref Cells at)
    {
        var (input, output, version) = (at.OptionalDecimal(), at.OptionalDecimal(), at.OptionalText());
        return version is null ? null : new Cost(input ?? 0, output ?? 0, version);
    }

    private static double Finite(double value) => double.IsFinite(value) ? value : 0;

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;

    /// <summary>An amount as the column keeps it: DECIMAL(18,12), in which two amounts at their bound can be added up.</summary>
    public static decimal? Bounded(decimal? usd) => usd is { } amount ? decimal.Round(Cost.Bounded(amount), 12) : null;

    private static string Json(ImmutableArray<KeyValuePair<string, string>> properties)
    {
        if (properties.IsDefaultOrEmpty)
        {
            return "";
        }
        using var stream = new MemoryStream(128);
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in properties)
            {
                writer.WriteString(name, value);
            }
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static ImmutableArray<KeyValuePair<string, string>> Pairs(string json)
    {
        if (json.Length == 0)
        {
            return [];
        }
        var pairs = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                pairs.Add(new(name, reader.GetString()!));
            }
        }
        return pairs.DrainToImmutable();
    }

    /// <summary>Reads a row's cells from left to right.</summary>
    private ref struct Cells(DbDataReader reader)
    {
        private int _next;

        public Guid Guid() => reader.GetGuid(_next++);
        public string Text() => reader.GetString(_next++);
        public bool Bool() => reader.GetBoolean(_next++);
        public int Int() => reader.GetInt32(_next++);
        public long Long() => reader.GetInt64(_next++);
        public double Double() => reader.GetDouble(_next++);

        public string? OptionalText() => reader.IsDBNull(_next++) ? null : reader.GetString(_next - 1);
        public long? OptionalLong() => reader.IsDBNull(_next++) ? null : reader.GetInt64(_next - 1);
        public double? OptionalDouble() => reader.IsDBNull(_next++) ? null : reader.GetDouble(_next - 1);
        public decimal? OptionalDecimal() => reader.IsDBNull(_next++) ? null : reader.GetDecimal(_next - 1);
    }
}
