using System.Globalization;
using System.Text.Json.Nodes;

namespace Bellwether.Ingest;

/// <summary>An event of either dialect in one shape.</summary>
/// <param name="Source"><c>posthog</c> or <c>mixpanel</c>.</param>
/// <param name="Name">What happened.</param>
/// <param name="Id">By which its sender tells a repetition; empty when it has none.</param>
/// <param name="DistinctId">Whom it is about.</param>
/// <param name="Token">The key that it carries itself; never to be kept.</param>
/// <param name="Time">When it was captured; null when it does not say.</param>
/// <param name="Properties">Without the key.</param>
internal sealed record AnalyticsEvent(string Source, string Name, string Id, string DistinctId, string Token, DateTimeOffset? Time, JsonObject Properties)
{
    private const int LongestName = 200;
    private const string Profile = "$profile";

    /// <summary>Bellwether's own sink says when a call began; whoever captures an event does so when the call is over.</summary>
    public bool TimeIsStart => Source == "mixpanel" && Name is "ai_call" or "ai_step";

    /// <summary>The first of these that is there: <c>$ai_model</c> for <c>model</c>; Mixpanel has no names of its own, so <c>ai_model</c> and <c>model</c> too.</summary>
    public JsonNode? Get(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Properties["$ai_" + name] is { } value)
            {
                return value;
            }
        }
        if (Source == "mixpanel")
        {
            foreach (var name in names)
            {
                if ((Properties["ai_" + name] ?? Properties[name]) is { } value)
                {
                    return value;
                }
            }
        }
        return null;
    }

    public string Text(params ReadOnlySpan<string> names) => JsonFields.Text(Get(names));

    // {"event":"$ai_generation","distinct_id":"u-1","properties":{…},"timestamp":"2026-11-26T12:00:00.000Z","uuid":"0193…"}
    public static (AnalyticsEvent? Event, string Problem) OfPostHog(JsonNode? item)
    {
        if (Checked(item, out var properties) is { } problem)
        {
            return (null, problem);
        }
        var distinct = JsonFields.Scalar(JsonFields.Get(item, "distinct_id")) is { Length: > 0 } outer ? outer
            : JsonFields.Scalar(properties["distinct_id"] ?? properties["$distinct_id"]);
        return (new AnalyticsEvent(
            "posthog", JsonFields.Text(JsonFields.Get(item, "event")), JsonFields.First(JsonFields.Get(item, "uuid"), properties["$insert_id"]), distinct,
            Take(properties, JsonFields.First(JsonFields.Get(item, "api_key"), JsonFields.Get(item, "token"))), JsonFields.Time(JsonFields.Get(item, "timestamp")), properties), "");
    }

    // {"event":"Answered","properties":{"token":"bw-…","distinct_id":"u-1","time":1764158400,"$insert_id":"…","model":"gpt-4o-mini",…}}
    public static (AnalyticsEvent? Event, string Problem) OfMixpanel(JsonNode? item)
    {
        if (Checked(item, out var properties) is { } problem)
        {
            return (null, problem);
        }
        return (new AnalyticsEvent(
            "mixpanel", JsonFields.Text(JsonFields.Get(item, "event")), JsonFields.Scalar(properties["$insert_id"]), JsonFields.Scalar(properties["distinct_id"] ?? properties["$user_id"]),
            Take(properties, ""), SecondsOrMilliseconds(properties["time"]), properties), "");
    }

    /// <summary>What a person or a group is like (<c>{"$token","$distinct_id","$set":{…}}</c>): nothing that is kept.</summary>
    public static (AnalyticsEvent? Event, string Problem) OfProfile(JsonNode? item) => item is JsonObject
        ? (new AnalyticsEvent("mixpanel", Profile, "", "", JsonFields.Text(JsonFields.Get(item, "$token")), null, []), "")
        : (null, "An event must be an object.");

    private static string? Checked(JsonNode? item, out JsonObject properties)
    {
        properties = JsonFields.Get(item, "properties") as JsonObject ?? [];
        return item is not JsonObject ? "An event must be an object."
            : JsonFields.Text(JsonFields.Get(item, "event")).Length is 0 or > LongestName ? string.Create(CultureInfo.InvariantCulture, $"event: must be a text of 1 to {LongestName} characters.")
            : JsonFields.Get(item, "properties") is not (null or JsonObject) ? "properties: must be an object."
            : null;
    }

    // The key goes no further than this.
    private static string Take(JsonObject properties, string said)
    {
        var own = JsonFields.First(properties["token"], properties["api_key"]);
        properties.Remove("token");
        properties.Remove("api_key");
        return own.Length > 0 ? own : said;
    }

    // As milliseconds, 1e11 is a day of 1973; as seconds, one of the year 5138.
    private static DateTimeOffset? SecondsOrMilliseconds(JsonNode? node) =>
        JsonFields.Number(node) is { } seconds and > 0 and < 1e11 ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : JsonFields.Time(node);
}
