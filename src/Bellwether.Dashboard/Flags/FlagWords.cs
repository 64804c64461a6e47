using System.Globalization;
using Bellwether.Flags;

namespace Bellwether.Dashboard;

/// <summary>What a flag does, in a line.</summary>
internal static class FlagWords
{
    /// <summary><c>2 rules, then on 25 %, off 75 %</c>.</summary>
    public static string Who(Flag flag)
    {
        if (!flag.Enabled) { return $"disabled: {flag.Off.Name} for everybody"; }
        var rest = flag.Split is { } split ? Split(split) : $"{flag.Default.Name} for everybody";
        return flag.Rules.Length switch
        {
            0 => rest,
            1 => $"1 rule, then {rest}",
            var many => $"{Format.Count(many)} rules, then {rest}",
        };
    }

    private static string Split(FlagServe.Split split)
    {
        var arms = string.Join(", ", split.Arms.Select(arm => $"{arm.Variant.Name} {Share(arm.Weight)}"));
        return split.Rollout == Bucketing.Buckets ? arms : $"{arms} of {Share(split.Rollout)}; {split.Outside.Name} for the others";
    }

    private static string Share(int buckets) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * buckets / Bucketing.Buckets:0.##} %");
}
