using System.Collections.Immutable;

namespace Bellwether.Detection;

internal static class TextSpans
{
    /// <summary>Sorts spans by their start and joins those that overlap or touch.</summary>
    public static ImmutableArray<TextSpan> Merge(Span<TextSpan> spans)
    {
        spans.Sort(static (one, other) => one.Start.CompareTo(other.Start));
        var merged = ImmutableArray.CreateBuilder<TextSpan>(spans.Length);
        foreach (var span in spans)
        {
            if (merged.Count > 0 && span.Start <= merged[^1].End)
            {
                merged[^1] = new TextSpan(merged[^1].Start, Math.Max(merged[^1].End, span.End));
            }
            else
            {
                merged.Add(span);
            }
        }
        return merged.DrainToImmutable();
    }
}
