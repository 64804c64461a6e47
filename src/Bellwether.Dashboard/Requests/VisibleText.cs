using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Bellwether.Dashboard;

/// <summary>A stretch of hostile text: shown as it is, or, with a <see cref="Mark"/>, as a small label in its place.</summary>
/// <param name="Text">The original characters.</param>
/// <param name="Mark">What to show instead (<c>RLO</c>, <c>U+200B</c>, <c>ESC</c>); null for text that hides nothing.</param>
/// <param name="Title">What the mark means, in words.</param>
public readonly record struct TextRun(string Text, string? Mark = null, string? Title = null);

/// <summary>
/// Makes visible what a prompt may hide: controls (ANSI escapes), bidirectional overrides, zero-width characters, tag
/// characters and other code points that have no glyph. What is left out of the marks is ordinary text.
/// </summary>
internal static class VisibleText
{
    /// <summary>Splits text into runs. Runs of the same hidden kind become one mark with a count, so that a flood stays small.</summary>
    public static ImmutableArray<TextRun> Split(string text)
    {
        if (FirstHidden(text) < 0)
        {
            return [new(text)];
        }

        var runs = ImmutableArray.CreateBuilder<TextRun>();
        var plainFrom = 0;
        var at = 0;
        while (at < text.Length)
        {
            if (!IsHidden(text, at, out var rune, out var width))
            {
                at += width;
                continue;
            }
            if (at > plainFrom)
            {
                runs.Add(new(text[plainFrom..at]));
            }
            var end = IsTag(rune) ? EndOfTags(text, at) : EndOfRepeats(text, at, rune, width);
            runs.Add(IsTag(rune) ? TagRun(text[at..end]) : Marked(text[at..end], rune, (end - at) / width));
            at = plainFrom = end;
        }
        if (plainFrom < text.Length)
        {
            runs.Add(new(text[plainFrom..]));
        }
        return runs.DrainToImmutable();
    }

    /// <summary>How many hidden characters there are, for a notice; stops counting at <paramref name="atMost"/>.</summary>
    public static int CountHidden(string text, int atMost)
    {
        var count = 0;
        for (var at = 0; at < text.Length && count < atMost;)
        {
            count += IsHidden(text, at, out _, out var width) ? 1 : 0;
            at += width;
        }
        return count;
    }

    /// <summary>For attributes and single-line cells, where no element can stand: every hidden character becomes <c>�</c>, a line break becomes a space.</summary>
    public static string Flatten(string text, int atMost = 512)
    {
        var cut = text.Length > atMost;
        if (cut)
        {
            text = text[..(char.IsHighSurrogate(text[atMost - 1]) ? atMost - 1 : atMost)];
        }
        if (FirstHidden(text) < 0 && !text.AsSpan().ContainsAny('\n', '\r', '\t'))
        {
            return cut ? text + "…" : text;
        }
        var flat = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var hidden = IsHidden(text, at, out _, out var width);
            if (text[at] is '\n' or '\r' or '\t')
            {
                flat.Append(' ');
            }
            else if (hidden)
            {
                flat.Append('\uFFFD');
            }
            else
            {
                flat.Append(text, at, width);
            }
            at += width;
        }
        return cut ? flat.Append('…').ToString() : flat.ToString();
    }

    private static int FirstHidden(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (IsHidden(text, at, out _, out var width))
            {
                return at;
            }
            at += width;
        }
        return -1;
    }

    private static bool IsHidden(string text, int at, out Rune rune, out int width)
    {
        var first = text[at];
        width = 1;
        if (first is >= ' ' and < '\u007F' or '\n' or '\t')
        {
            rune = new Rune(first);
            return false;
        }
        if (first == '\r')
        {
            rune = new Rune(first);
            return at + 1 >= text.Length || text[at + 1] != '\n';
        }
        if (!Rune.TryGetRuneAt(text, at, out rune))
        {
            rune = Rune.ReplacementChar;   // half of a surrogate pair: the browser would draw nothing certain
            return true;
        }
        width = rune.Utf16SequenceLength;
        return rune.Value switch
        {
            // Joiners shape emoji and several scripts; between ASCII letters they only hide.
            0x200C or 0x200D => !(IsShaping(text, at - 1) && IsShaping(text, at + 1)),
            0xFE0E or 0xFE0F => !IsShaping(text, at - 1) && !(at > 0 && (char.IsAsciiDigit(text[at - 1]) || text[at - 1] is '#' or '*')),
            // Blank fillers, Mongolian and other variation selectors: glyphless, used to smuggle text.
            0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800 or 0x034F => true,
            (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0D) or (>= 0xE0100 and <= 0xE01EF) => true,
            _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse,
        };
    }

    private static bool IsShaping(string text, int at) => at >= 0 && at < text.Length && text[at] > '\u007F';

    private static bool IsTag(Rune rune) => rune.Value is >= 0xE0000 and <= 0xE007F;

    private static int EndOfTags(string text, int at)
    {
        while (at < text.Length && Rune.TryGetRuneAt(text, at, out var rune) && IsTag(rune))
        {
            at += rune.Utf16SequenceLength;
        }
        return at;
    }

    private static int EndOfRepeats(string text, int at, Rune rune, int width)
    {
        at += width;
        while (at < text.Length && IsHidden(text, at, out var next, out var nextWidth) && next == rune && nextWidth == width)
        {
            at += width;
        }
        return at;
    }

    // U+E0020…U+E007E are invisible copies of ASCII: a model reads them, a person does not. Show what they spell.
    private static TextRun TagRun(string tags)
    {
        var spelled = new StringBuilder();
        foreach (var rune in tags.EnumerateRunes())
        {
            if (rune.Value is >= 0xE0020 and <= 0xE007E)
            {
                spelled.Append((char)(rune.Value - 0xE0000));
            }
        }
        var count = tags.Length / 2;
        var text = spelled.Length > 200 ? spelled.ToString(0, 200) + "…" : spelled.ToString();
        return new(tags, text.Length == 0 ? $"TAG×{count}" : $"hidden tags: {text}", $"{count} invisible tag characters (U+E0000 to U+E007F)");
    }

    private static TextRun Marked(string text, Rune rune, int count)
    {
        var (mark, name) = Describe(rune);
        return new(text, count > 1 ? $"{mark}×{count}" : mark, count > 1 ? $"{count} × {name}" : name);
    }

    private static (string Mark, string Name) Describe(Rune rune) => rune.Value switch
    {
        0x00 => ("NUL", "null character"),
        0x07 => ("BEL", "bell"),
        0x08 => ("BS", "backspace"),
        0x0D => ("CR", "carriage return without a line feed"),
        0x1B => ("ESC", "escape: begins a terminal control sequence"),
        0x7F => ("DEL", "delete"),
        0x9B => ("CSI", "control sequence introducer of terminals"),
        0xAD => ("SHY", "soft hyphen"),
        0x061C => ("ALM", "Arabic letter mark"),
        0x200B => ("ZWSP", "zero-width space"),
        0x200C => ("ZWNJ", "zero-width non-joiner"),
        0x200D => ("ZWJ", "zero-width joiner"),
        0x200E => ("LRM", "left-to-right mark"),
        0x200F => ("RLM", "right-to-left mark"),
        0x2028 => ("LS", "line separator"),
        0x2029 => ("PS", "paragraph separator"),
        0x202A => ("LRE", "left-to-right embedding"),
        0x202B => ("RLE", "right-to-left embedding"),
        0x202C => ("PDF", "pop directional formatting"),
        0x202D => ("LRO", "left-to-right override: changes the order in which text is shown"),
        0x202E => ("RLO", "right-to-left override: changes the order in which text is shown"),
        0x2060 => ("WJ", "word joiner"),
        0x2066 => ("LRI", "left-to-right isolate"),
        0x2067 => ("RLI", "right-to-left isolate"),
        0x2068 => ("FSI", "first strong isolate"),
        0x2069 => ("PDI", "pop directional isolate"),
        0xFEFF => ("BOM", "byte-order mark, or zero-width no-break space"),
        0xFFFD => ("�", "broken character"),
        _ => ($"U+{rune.Value:X4}", $"character without a glyph, U+{rune.Value:X4}"),
    };
}
