using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bellwether.Ingest;

/// <summary>Reads the loosely typed fields of LangSmith's JSON: what has another type than expected is absent.</summary>
internal static class JsonFields
{
    public static string Text(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.TryGetValue<string>(out var text) ? text : "";

    public static string First(params ReadOnlySpan<JsonNode?> nodes)
    {
        foreach (var node in nodes)
        {
            if (Text(node) is { Length: > 0 } text)
            {
                return text;
            }
        }
        return "";
    }

    /// <summary>A text as it is, a number or truth value as JSON writes it.</summary>
    public static string Scalar(JsonNode? node) => node switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Text(node),
        JsonValue value => value.ToJsonString(),
        _ => "",
    };

    public static Guid? Id(JsonNode? node) => Guid.TryParse(Text(node), CultureInfo.InvariantCulture, out var id) ? id : null;

    public static double? Number(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number) ? number : null;

    /// <summary>A count of tokens; a negative or absurd one is unknown.</summary>
    public static long? Count(JsonNode? node) => Number(node) is { } number and >= 0 and < 1e15 ? (long)number : null;

    /// <summary>The member of an object; null for anything that is no object.</summary>
    public static JsonNode? Get(JsonNode? node, string name) => node is JsonObject fields && fields.TryGetPropertyValue(name, out var value) ? value : null;

    /// <summary>ISO with or without zone (then UTC), with any number of fraction digits, or epoch milliseconds: JS mixes both in one run.</summary>
    public static DateTimeOffset? Time(JsonNode? node)
    {
        if (Number(node) is { } ms)
        {
            // Beyond these a DateTimeOffset does not exist; seconds are not sent by any client.
            return ms is > 0 and < 253_402_300_799_000 ? DateTimeOffset.UnixEpoch.AddTicks((long)(ms * TimeSpan.TicksPerMillisecond)) : null;
        }
        return DateTimeOffset.TryParse(Text(node), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            && time.Year >= 1970 ? time : null;
    }

    /// <summary>The first characters of a text, never half of one.</summary>
    public static string Short(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }
        return text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
    }

    public static byte[] Bytes(JsonNode node) => ChatWriter.Json(json => node.WriteTo(json));

    /// <summary>
    /// Lays a patch over what is known. Null, absent and empty say nothing; <c>extra</c>, its <c>metadata</c> and attachments are
    /// merged member by member.
    /// </summary>
    public static void Overlay(JsonObject known, JsonObject patch)
    {
        foreach (var (name, value) in patch.ToArray())
        {
            if (value is null || (value is JsonObject { Count: 0 } or JsonArray { Count: 0 } && known[name] is not null))
            {
                continue;
            }
            if (name is "extra" or "metadata" or "attachments" && value is JsonObject inner && known[name] is JsonObject before)
            {
                Overlay(before, inner);
                continue;
            }
            patch.Remove(name);
            known[name] = value;
        }
    }
}
