using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bellwether.Flags;
using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Ingest;

/// <summary>
/// PostHog's question for flags, <c>{"token","distinct_id","person_properties","flag_keys_to_evaluate"}</c>, answered by the flags that
/// OFREP answers too.
/// </summary>
internal sealed class PostHogFlags(
    FlagBook book, FlagMeters asked, AnalyticsMeters meters, IKeyring keyring, IOptions<OtlpPorts> options, TimeProvider clock, ILogger<PostHogFlags> logger)
    : AnalyticsHttp(meters.PostHog, keyring, options, clock, logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        JsonObject? flags = null;
        var reply = await RunAsync(context, body =>
        {
            (flags, var outcome) = Answer(context, body);
            return Task.FromResult(outcome);
        });
        var answer = flags is null ? PostHogHttp.ErrorOf(reply)
            : new JsonObject { ["flags"] = flags, ["errorsWhileComputingFlags"] = false, ["requestId"] = context.TraceIdentifier };
        await WriteAsync(context, reply.Status, "application/json", Encoding.UTF8.GetString(JsonFields.Bytes(answer)));
    }

    private (JsonObject?, AnalyticsReply) Answer(HttpContext context, ReadOnlyMemory<byte> body)
    {
        using var read = AnalyticsBody.IsJson(body.Span) ? Parse(body) : null;
        if (read is not { RootElement: { ValueKind: JsonValueKind.Object } root })
        {
            return (null, AnalyticsReply.Bad("The body must be a JSON object."));
        }
        var token = HeliconeLog.Text(root, "token") is { Length: > 0 } text ? text : HeliconeLog.Text(root, "api_key");
        if (Request(context, token, new HashSet<string>()).Key is not { } key)
        {
            return (null, AnalyticsReply.NoKey);
        }
        if (HeliconeLog.Text(root, "distinct_id") is not { Length: > 0 } unit)
        {
            return (null, AnalyticsReply.Bad("distinct_id: must be a text that is not empty."));
        }
        using var attributes = Attributes(root, unit);
        var wanted = root.TryGetProperty("flag_keys_to_evaluate", out var keys) && keys.ValueKind == JsonValueKind.Array
            ? keys.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!).ToHashSet(StringComparer.Ordinal) : null;
        var flags = new JsonObject();
        foreach (var flag in book.Of(key.Project).All)
        {
            if (wanted?.Contains(flag.Key) != false)
            {
                var result = FlagEvaluator.Evaluate(flag, new FlagContext(attributes.RootElement, unit));
                asked.Evaluated(result.Reason);
                flags[flag.Key] = View(flag, result);
            }
        }
        return (flags, new AnalyticsReply(StatusCodes.Status200OK, "", ""));
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return LooseJson.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Conditions ask about what PostHog knows of the person; the person's own id has OpenFeature's name.
    private static JsonDocument Attributes(JsonElement root, string unit)
    {
        var known = HeliconeLog.Object(root, "person_properties") is { } properties && LooseJson.TryParse(JsonMarshal.GetRawUtf8Value(properties), out var node) ? node as JsonObject ?? new JsonObject() : new JsonObject();
        known["targetingKey"] = unit;
        return JsonDocument.Parse(JsonFields.Bytes(known));
    }

    // A truth value is whether it is enabled; any other flag has a variant, with the value as its payload.
    private static JsonObject View(Flag flag, FlagResult result)
    {
        var isBoolean = flag.Type == FlagType.Boolean;
        var value = result.Variant!.Value;
        var (code, description) = result.Reason switch
        {
            FlagReason.Disabled => ("flag_disabled", "The flag is disabled"),
            FlagReason.NoRuleHeld => ("no_condition_match", "No rule held"),
            _ => ("condition_match", result.Rule < 0 ? "The flag's split or default" : $"Rule {result.Rule + 1} held"),
        };
        return new JsonObject
        {
            ["key"] = flag.Key,
            ["enabled"] = isBoolean ? value.GetBoolean() : flag.Enabled,
            ["variant"] = isBoolean || !flag.Enabled ? null : result.VariantName,
            ["reason"] = new JsonObject { ["code"] = code, ["condition_index"] = result.Rule < 0 ? null : result.Rule, ["description"] = description },
            ["metadata"] = new JsonObject { ["id"] = IdOf(flag), ["version"] = flag.Version, ["payload"] = isBoolean ? null : value.GetRawText(), ["description"] = flag.Description },
        };
    }

    // Their clients want a number; it comes back in $feature_flag_called.
    private static int IdOf(Flag flag) => BinaryPrimitives.ReadInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{flag.Project.Value}/{flag.Key}"))) & int.MaxValue;
}
