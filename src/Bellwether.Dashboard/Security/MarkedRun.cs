using System.Collections.Immutable;

namespace Bellwether.Dashboard;

/// <summary>A stretch of a text that something was found in; <paramref name="End"/> is exclusive, in UTF-16 units.</summary>
public readonly record struct TextMark(int Start, int End, string Label);

/// <summary>A piece of hostile text to draw.</summary>
/// <param name="Label">What was found in it; null for nothing.</param>
/// <param name="Left">Characters that were left out before it.</param>
internal readonly record struct MarkedRun(string Text, string? Label, int Left = 0)
{
    /// <summary>Cuts a text at the marks. Where marks overlap, the one that begins first is drawn and the rest of the other behind it.</summary>
    /// <param name="around">Characters kept on both sides of a mark; the rest is left out, and said to be. Null: everything stays.</param>
    public static ImmutableArray<MarkedRun> Of(string text, IEnumerable<TextMark> marks, int? around)
    {
        var runs = ImmutableArray.CreateBuilder<MarkedRun>();
        var at = 0;
        foreach (var mark in marks.OrderBy(mark => mark.Start).ThenByDescending(mark => mark.End))
        {
            var (start, end) = (Whole(text, Math.Max(at, Math.Min(mark.Start, text.Length))), Whole(text, Math.Min(mark.End, text.Length)));
            if (end <= start) { continue; }
            Plain(at, start, after: at > 0, before: true);
            runs.Add(new(text[start..end], mark.Label));
            at = end;
        }
        Plain(at, text.Length, after: at > 0, before: false);
        return runs.DrainToImmutable();

        void Plain(int from, int to, bool after, bool before)
        {
            if (to <= from) { return; }
            if (around is not { } keep || to - from <= keep * ((after ? 1 : 0) + (before ? 1 : 0)) + 40)
            {
                runs.Add(new(text[from..to], null));
                return;
            }
            var head = after ? Whole(text, from + keep) : from;
            var tail = before ? Whole(text, to - keep) : to;
            if (!before && !after) { (head, tail) = (Whole(text, Math.Min(to, from + (2 * keep))), to); }
            if (head > from) { runs.Add(new(text[from..head], null)); }
            runs.Add(new(before ? text[tail..to] : "", null, tail - head));
        }
    }

    // Never between the halves of a surrogate pair.
    private static int Whole(string text, int at) => at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) && char.IsHighSurrogate(text[at - 1]) ? at - 1 : at;
}
