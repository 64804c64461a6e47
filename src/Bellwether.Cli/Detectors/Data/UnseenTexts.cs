using Bellwether.Detection;

namespace Bellwether.Cli.Detectors;

/// <summary>
/// Texts of our own that no model has read, written before the templates of <c>own:short</c> and all behind it. One author wrote both, and
/// settings were chosen with these in view, which flatters; dev flatters in another way.
/// </summary>
internal static class UnseenTexts
{
    public static IEnumerable<LabelledText> All => [.. UnseenHarmless.All, .. UnseenAttacks.All];

    /// <param name="lines">One text a line; <c>\n</c> stands for a break.</param>
    public static IEnumerable<LabelledText> Read(string category, bool positive, TextChannel channel, string lines) =>
        lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => new LabelledText(line.Replace("\\n", "\n", StringComparison.Ordinal), positive, category, "unseen", channel));
}
