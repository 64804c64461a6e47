using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>An observation as Langfuse's API answers it.</summary>
internal static class LangfuseStepJson
{
    // Members of the second version by the group that brings them.
    private static readonly Dictionary<string, string[]> s_groups = new(StringComparer.Ordinal)
    {
        ["core"] = ["id", "traceId", "startTime", "endTime", "projectId", "parentObservationId", "type", "isRootObservation"],
        ["basic"] = ["name", "level", "statusMessage", "version", "environment", "bookmarked", "public", "userId", "sessionId"],
        ["time"] = ["completionStartTime", "createdAt", "updatedAt"],
        ["io"] = ["input", "output"],
        ["metadata"] = ["metadata"],
        ["model"] = ["model", "internalModelId", "modelParameters", "modelId", "inputPrice", "outputPrice", "totalPrice"],
        ["usage"] = ["usageDetails", "costDetails", "totalCost", "usagePricingTierName"],
        ["prompt"] = ["promptId", "promptName", "promptVersion"],
        ["metrics"] = ["latency", "timeToFirstToken"],
        ["trace_context"] = ["traceName", "tags", "release"],
    };

    public static string[] Groups => [.. s_groups.Keys];

    /// <summary>Whether only the payload knows something of a group.</summary>
    public static bool NeedsPayload(string group) => group is "io" or "metadata" or "trace_context";

    /// <param name="step">The observation.</param>
    /// <param name="payload">Its texts; null where they are not asked for.</param>
    public static JsonObject Write(Observation step, ObservationPayload? payload)
    {
        var said = LangfuseView.Said(payload);
        var end = RunFacts.End(step);
        var first = step.Timings.TtftMs is { } ttft ? step.StartTime.AddMilliseconds(ttft) : (DateTimeOffset?)null;
        var usage = step.Usage;
        var parent = LangfuseView.ParentId(step);
        return new JsonObject
        {
            ["id"] = LangfuseView.Id(step),
            ["traceId"] = LangfuseView.TraceId(step, said),
            ["projectId"] = step.Project.Value,
            ["type"] = LangfuseView.Type(step),
            ["name"] = LangfuseView.Known(step.Name),
            ["startTime"] = LangfuseView.Time(step.StartTime),
            ["endTime"] = end is { } ended ? LangfuseView.Time(ended) : null,
            ["completionStartTime"] = first is { } answered ? LangfuseView.Time(answered) : null,
            ["model"] = LangfuseView.Known(step.Model),
            ["modelParameters"] = PageTexts.Json(System.Text.Encoding.UTF8.GetBytes(step.Parameters)),
            ["input"] = payload is null ? null : PageTexts.Json(payload.Input),
            ["output"] = payload is null ? null : PageTexts.Json(payload.Output),
            ["version"] = LangfuseView.Property(step, "version"),
            ["metadata"] = LangfuseView.Metadata(step, said),
            ["level"] = LangfuseView.Level(step),
            ["statusMessage"] = LangfuseView.Known(step.ErrorMessage) ?? LangfuseView.Known(JsonFields.Text(said["statusMessage"])),
            ["parentObservationId"] = parent,
            ["isRootObservation"] = parent is null,
            ["environment"] = LangfuseView.Environment(step),
            ["userId"] = LangfuseView.Known(step.User),
            ["sessionId"] = LangfuseView.Known(step.Session),
            ["usage"] = new JsonObject
            {
                ["input"] = usage.InputTokens ?? 0, ["output"] = usage.OutputTokens ?? 0, ["total"] = usage.TotalTokens, ["unit"] = "TOKENS",
                ["inputCost"] = step.Cost?.InputUsd, ["outputCost"] = step.Cost?.OutputUsd, ["totalCost"] = step.Cost?.TotalUsd,
            },
            ["usageDetails"] = UsageDetails(usage),
            ["costDetails"] = step.Cost is { } cost ? new JsonObject { ["input"] = cost.InputUsd, ["output"] = cost.OutputUsd, ["total"] = cost.TotalUsd } : new JsonObject(),
            ["totalCost"] = step.Cost?.TotalUsd,
            ["calculatedInputCost"] = step.Cost?.InputUsd,
            ["calculatedOutputCost"] = step.Cost?.OutputUsd,
            ["calculatedTotalCost"] = step.Cost?.TotalUsd,
            ["promptId"] = null,
            ["promptName"] = LangfuseView.Known(step.PromptName),
            ["promptVersion"] = int.TryParse(step.PromptVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null,
            ["modelId"] = null,
            ["internalModelId"] = null,
            ["inputPrice"] = null,
            ["outputPrice"] = null,
            ["totalPrice"] = null,
            ["usagePricingTierName"] = null,
            ["latency"] = end is null ? null : step.Timings.TotalMs / 1_000,
            ["timeToFirstToken"] = step.Timings.TtftMs / 1_000,
            ["createdAt"] = LangfuseView.Time(step.StartTime),
            ["updatedAt"] = LangfuseView.Time(end ?? step.StartTime),
            ["bookmarked"] = false,
            ["public"] = false,
            ["traceName"] = LangfuseView.Known(JsonFields.Text(said["langfuse.trace.name"])) ?? (step.Surface == "langfuse" ? LangfuseView.Known(step.Endpoint) : null),
            ["tags"] = LangfuseView.Tags(step),
            ["release"] = LangfuseView.Property(step, "release"),
        };
    }

    /// <summary>The second version: what is asked for, and texts as texts.</summary>
    public static JsonObject WriteV2(Observation step, ObservationPayload? payload, IReadOnlyCollection<string> groups)
    {
        var all = Write(step, payload);
        foreach (var name in (string[])["input", "output"])
        {
            all[name] = all[name] is { } value ? JsonFields.Text(value) is { Length: > 0 } text ? text : value.ToJsonString() : null;
        }
        var kept = groups.SelectMany(group => s_groups[group]).ToHashSet(StringComparer.Ordinal);
        foreach (var name in all.Select(member => member.Key).Where(name => !kept.Contains(name)).ToArray())
        {
            all.Remove(name);
        }
        return all;
    }

    // As Langfuse's own SDK names them; cached and reasoned tokens are in the totals.
    private static JsonObject UsageDetails(Usage usage)
    {
        var details = new JsonObject();
        if (!usage.IsKnown)
        {
            return details;
        }
        (details["input"], details["output"], details["total"]) = (usage.InputTokens ?? 0, usage.OutputTokens ?? 0, usage.TotalTokens);
        foreach (var (name, count) in (ReadOnlySpan<(string, long)>)[
            ("input_cached_tokens", usage.CacheReadTokens), ("input_cache_creation", usage.CacheWriteTokens), ("output_reasoning_tokens", usage.ReasoningTokens),
            ("input_audio_tokens", usage.InputAudioTokens), ("output_audio_tokens", usage.OutputAudioTokens)])
        {
            if (count > 0)
            {
                details[name] = count;
            }
        }
        return details;
    }
}
