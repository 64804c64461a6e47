using System.Collections.Immutable;

namespace Bellwether.Dashboard;

/// <summary>A stretch of a text that something was found in; <paramref name="End"/> is exclusive, in UTF-16 units.</summary>
public readonly record struct TextMark(int Start, int End, string Label);

/// <summary>A piece of hostile text to draw.</summary>
/// <param name="Label">What was found in it, the shortest mark where several lie over each other; null for nothing.</param>
/// <param name="Depth">How many marks lie over it.</param>
/// <param name="IsEnd">Whether the mark that names it ends here.</param>
/// <param name="Left">Characters that were left out before it.</param>
internal readonly record struct MarkedRun(string Text, string? Label, int Depth = 0, bool IsEnd = false, int Left = 0)
{
    /// <summary>Cuts a text wherever a mark begins or ends.</summary>
    /// <param name="around">Characters kept on both sides of a mark; the rest is left out, and said to be. Null: everything stays.</param>
    public static ImmutableArray<MarkedRun> Of(string text, IEnumerable<TextMark> marks, int? around)
    {
        TextMark[] sound = [.. marks.Select(mark => mark with { Start = Whole(text, Math.Clamp(mark.Start, 0, text.Length)), End = Whole(text, Math.Clamp(mark.End, 0, text.Length)) }).Where(mark => mark.Start < mark.End)];
        int[] cuts = [.. sound.SelectMany(mark => new[] { mark.Start, mark.End }).Append(0).Append(text.Length).Distinct().Order()];
        var runs = ImmutableArray.CreateBuilder<MarkedRun>();
        foreach (var (start, end) in cuts.Zip(cuts.Skip(1)))
        {
            var over = sound.Where(mark => mark.Start <= start && mark.End >= end).ToArray();
            if (over.Length > 0)
            {
                var inner = over.MinBy(mark => mark.End - mark.Start);
                runs.Add(new(text[start..end], inner.Label, over.Length, inner.End == end));
            }
            else
            {
                AddPlain(runs, text, start, end, around);
            }
        }
        return runs.DrainToImmutable();
    }

    private static void AddPlain(ImmutableArray<MarkedRun>.Builder runs, string text, int start, int end, int? around)
    {
        // Without any mark the text's beginning stands for it.
        var (before, after) = (start > 0, end < text.Length);
        var head = Whole(text, Math.Min(end, start + (before ? around ?? end : after ? 0 : 2 * (around ?? end))));
        var tail = Whole(text, Math.Max(head, after ? end - (around ?? end) : end));
        if (around is null || tail - head < 40)
        {
            runs.Add(new(text[start..end], null));
            return;
        }
        if (head > start) { runs.Add(new(text[start..head], null)); }
        runs.Add(new(text[tail..end], null, Left: tail - head));
    }

    // Never between the halves of a surrogate pair.
    private static int Whole(string text, int at) => at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) && char.IsHighSurrogate(text[at - 1]) ? at - 1 : at;
}
