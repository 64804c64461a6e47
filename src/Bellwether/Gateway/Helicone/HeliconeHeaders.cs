using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Exchange;

namespace Bellwether.Gateway;

/// <summary>
/// Helicone's request headers, all of them (https://docs.helicone.ai/helicone-headers/header-directory). What has no meaning here
/// is kept as a property of its full name, so that it can be searched for; what holds a secret is not kept at all.
/// </summary>
internal static class HeliconeHeaders
{
    /// <summary>Takes a header whose name starts with <c>helicone-</c>.</summary>
    public static void Read(CallerWishes wishes, ModelCall call, string name, string value, ref ImmutableArray<KeyValuePair<string, string>>.Builder? properties)
    {
        wishes.Helicone = true;
        var cache = wishes.Cache;
        switch (name["helicone-".Length..].ToLowerInvariant())
        {
            case "auth" or "jwt" or "org-id" or "posthog-key" or "lytix-key" or "manual-access-key":
                return;
            case "session-path":
                wishes.SessionPath = CallerHeaders.Cut(value, 512);
                Add("session-path", ref properties);
                return;
            case "session-name":
                Add("session-name", ref properties);
                return;
            case "prompt-id" or "prompt-name":
                // The id is what versions belong to; a name beside it is only for people.
                if (call.PromptName.Length == 0 || name.EndsWith("-id", StringComparison.OrdinalIgnoreCase))
                {
                    call.PromptName = CallerHeaders.Cut(value, 256);
                }
                return;
            case "prompt-version":
                call.PromptVersion = CallerHeaders.Cut(value, 128);
                return;
            case "model-override":
                wishes.ModelOverride = CallerHeaders.Cut(value, 256);
                return;
            case "omit-request":
                wishes.OmitRequest = IsTrue(value);
                return;
            case "omit-response":
                wishes.OmitResponse = IsTrue(value);
                return;
            case "stream-usage":
                wishes.StreamUsage = IsTrue(value);
                return;
            case "target-url" or "openai-api-base":
                wishes.TargetUrl = value;
                wishes.TargetHeader = name;
                return;
            case "fallbacks":
                wishes.Fallbacks = Fallback.Parse(value, out var problem);
                if (problem is not null)
                {
                    wishes.Refuse(name, problem);
                }
                return;
            case "ratelimit-policy":
                call.Quota = QuotaPolicy.Parse(value);
                if (call.Quota is null)
                {
                    // Helicone lets calls pass when the policy cannot be read; that it was not applied stays visible.
                    Add("helicone-ratelimit-policy-invalid", ref properties);
                }
                return;
            case "cache-enabled":
                cache.Enabled = IsTrue(value);
                break;
            case "cache-read":
                cache.Read = IsTrue(value);
                break;
            case "cache-save":
                cache.Save = IsTrue(value);
                break;
            case "cache-control":
                cache.Control = value;
                break;
            case "cache-seed":
                cache.Seed = CallerHeaders.Cut(value, 256);
                break;
            case "cache-ignore-keys":
                cache.IgnoreKeys = CallerHeaders.Cut(value, 2_048);
                break;
            case "cache-bucket-max-size":
                cache.Bucket = (int)Number(wishes, name, value, 1, CacheWish.MostAnswers);
                break;
            case "retry-enabled":
                wishes.Retries = (wishes.Retries ?? new()) with { Enabled = IsTrue(value) };
                return;
            case "retry-num":
                wishes.Retries = (wishes.Retries ?? new()) with { Count = (int)Number(wishes, name, value, 0, 10) };
                return;
            case "retry-factor":
                wishes.Retries = (wishes.Retries ?? new()) with { Factor = Number(wishes, name, value, 1, 10) };
                return;
            case "retry-min-timeout":
                wishes.Retries = (wishes.Retries ?? new()) with { Shortest = TimeSpan.FromMilliseconds(Number(wishes, name, value, 0, 60_000)) };
                return;
            case "retry-max-timeout":
                wishes.Retries = (wishes.Retries ?? new()) with { Longest = TimeSpan.FromMilliseconds(Number(wishes, name, value, 0, 60_000)) };
                return;
        }
        Add(name, ref properties);

        void Add(string property, ref ImmutableArray<KeyValuePair<string, string>>.Builder? builder) => CallerHeaders.Add(ref builder, property, value);
    }

    /// <summary>What can be said only once all headers were seen.</summary>
    public static void Finish(CallerWishes wishes, ModelCall call, string cacheControl)
    {
        if (wishes.Cache.Asked)
        {
            call.Cache = wishes.Cache.ToWish(cacheControl);
        }
        if (wishes.SessionPath.Length > 0 && call.Session.Length > 0 && call.ParentId.Length == 0
            && SessionTree.Place(call.Project, call.Session, wishes.SessionPath) is { } place)
        {
            (call.TraceId, call.SpanId, call.ParentId) = place;
        }
    }

    // Helicone's booleans are this one word.
    private static bool IsTrue(string value) => value.Trim().Equals("true", StringComparison.OrdinalIgnoreCase);

    private static double Number(CallerWishes wishes, string name, string value, int least, int most)
    {
        if (double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }
        wishes.Refuse(name, string.Create(CultureInfo.InvariantCulture, $"must be a number from {least} to {most}"));
        return least;
    }
}
