using System.Buffers;
using System.Text;

namespace Bellwether.Exchange;

/// <summary>
/// JSON strings from hostile senders, without exceptions. A lone surrogate escape is kept as the three bytes that UTF-8 would
/// give it (WTF-8), because the other half may come with the next delta; <see cref="AppendQuoted"/> joins the halves.
/// </summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> NeedsEscape = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(value => (byte)value), (byte)'"', (byte)'\\']);

    /// <summary>Unescapes the inside of a JSON string that a reader found well formed. The result is never longer.</summary>
    public static int Unescape(ReadOnlySpan<byte> inside, Span<byte> into)
    {
        var written = 0;
        while (true)
        {
            var at = inside.IndexOf((byte)'\\');
            var plain = at < 0 ? inside : inside[..at];
            plain.CopyTo(into[written..]);
            written += plain.Length;
            if (at < 0 || at + 1 >= inside.Length)
            {
                return written;
            }
            var kind = inside[at + 1];
            if (kind != (byte)'u')
            {
                into[written++] = kind switch
                {
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    _ => kind,
                };
                inside = inside[(at + 2)..];
                continue;
            }
            if (inside.Length < at + 6 || !LoneSurrogates.TryHex(inside.Slice(at + 2, 4), out var unit))
            {
                return written;
            }
            inside = inside[(at + 6)..];
            if (unit is >= 0xD800 and <= 0xDBFF && inside.Length >= 6 && inside.StartsWith("\\u"u8)
                && LoneSurrogates.TryHex(inside.Slice(2, 4), out var low) && low is >= 0xDC00 and <= 0xDFFF)
            {
                written += new Rune((char)unit, (char)low).EncodeToUtf8(into[written..]);
                inside = inside[6..];
                continue;
            }
            if (unit < 0x80)
            {
                into[written++] = (byte)unit;
            }
            else if (unit < 0x800)
            {
                into[written++] = (byte)(0xC0 | (unit >> 6));
                into[written++] = (byte)(0x80 | (unit & 0x3F));
            }
            else
            {
                into[written++] = (byte)(0xE0 | (unit >> 12));
                into[written++] = (byte)(0x80 | ((unit >> 6) & 0x3F));
                into[written++] = (byte)(0x80 | (unit & 0x3F));
            }
        }
    }

    /// <summary>Appends a text as a JSON string: halves of a pair joined, everything else that is not UTF-8 as U+FFFD.</summary>
    public static void AppendQuoted(TextBuffer into, ReadOnlySpan<byte> text)
    {
        into.Append((byte)'"');
        var valid = System.Text.Unicode.Utf8.IsValid(text);
        Span<byte> utf8 = stackalloc byte[4];
        while (!text.IsEmpty)
        {
            if (valid)
            {
                var plain = text.IndexOfAny(NeedsEscape);
                into.Append(plain < 0 ? text : text[..plain]);
                if (plain < 0)
                {
                    break;
                }
                AppendEscape(into, text[plain]);
                text = text[(plain + 1)..];
                continue;
            }
            if (Rune.DecodeFromUtf8(text, out var rune, out var consumed) == OperationStatus.Done)
            {
                if (consumed == 1 && NeedsEscape.Contains(text[0]))
                {
                    AppendEscape(into, text[0]);
                }
                else
                {
                    into.Append(text[..consumed]);
                }
            }
            else if (TryJoin(text, out rune))
            {
                into.Append(utf8[..rune.EncodeToUtf8(utf8)]);
                consumed = 6;
            }
            else
            {
                // One mark for the three bytes of a lone half, not three.
                consumed = IsHalf(text, 0xA0, 0xBF) ? 3 : consumed;
                into.Append("\uFFFD"u8);
            }
            text = text[consumed..];
        }
        into.Append((byte)'"');
    }

    private static void AppendEscape(TextBuffer into, byte value)
    {
        switch (value)
        {
            case (byte)'"': into.Append("\\\""u8); break;
            case (byte)'\\': into.Append("\\\\"u8); break;
            case (byte)'\n': into.Append("\\n"u8); break;
            case (byte)'\r': into.Append("\\r"u8); break;
            case (byte)'\t': into.Append("\\t"u8); break;
            default:
                into.Append("\\u00"u8);
                into.Append((byte)"0123456789abcdef"[value >> 4]);
                into.Append((byte)"0123456789abcdef"[value & 15]);
                break;
        }
    }

    private static bool IsHalf(ReadOnlySpan<byte> text, byte from, byte to) =>
        text.Length >= 3 && text[0] == 0xED && text[1] >= from && text[1] <= to && text[2] is >= 0x80 and <= 0xBF;

    private static bool TryJoin(ReadOnlySpan<byte> text, out Rune rune)
    {
        rune = default;
        return IsHalf(text, 0xA0, 0xAF) && IsHalf(text[3..], 0xB0, 0xBF)
            && Rune.TryCreate(Unit(text), Unit(text[3..]), out rune);

        static char Unit(ReadOnlySpan<byte> half) => (char)(0xD000 | ((half[1] & 0x3F) << 6) | (half[2] & 0x3F));
    }
}
