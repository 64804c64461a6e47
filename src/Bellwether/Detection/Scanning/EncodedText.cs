using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Bellwether.Detection;

/// <summary>A stretch of decoded text and the stretch of the original that it was decoded from.</summary>
internal readonly record struct DecodedPiece(int Start, TextSpan Original)
{
    /// <summary>The original of a span of the decoded text; when nothing was decoded, the span moved by <paramref name="offset"/>.</summary>
    public static TextSpan ToOriginal(TextSpan span, int offset, ReadOnlySpan<DecodedPiece> pieces)
    {
        if (pieces.IsEmpty)
        {
            return new TextSpan(span.Start + offset, span.End + offset);
        }
        var first = pieces[0].Original;
        var last = first;
        foreach (var piece in pieces)
        {
            first = piece.Start <= span.Start ? piece.Original : first;
            last = piece.Start < span.End ? piece.Original : last;
        }
        return new TextSpan(first.Start, last.End);
    }
}

/// <summary>Finds and decodes base64, hexadecimal, percent-encoded and tag-character text inside a text.</summary>
internal static class EncodedText
{
    /// <summary>More than this many pieces in one text are not looked at.</summary>
    public const int MostPieces = 64;

    private const int LeastLength = 16, MostBytes = 64 * 1024;
    // Eight bytes of which two are escapes are the shortest that is decoded.
    private const int LeastRun = (LeastLength / 2) + 4;
    // All tag characters begin with it.
    private const char TagSurrogate = '\uDB40';

    private static readonly bool[] s_base64 = [.. Enumerable.Range(0, 128).Select(static code => char.IsAsciiLetterOrDigit((char)code) || (char)code is '+' or '/' or '-' or '_' or '%')];
    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789abcdefABCDEF");

    /// <returns>How much of <paramref name="into"/> was written, and how many pieces.</returns>
    public static (int Length, int Pieces) Decode(ReadOnlySpan<char> text, Span<char> into, Span<DecodedPiece> pieces)
    {
        int length = 0, count = 0, position = 0;
        var hasTags = text.Contains(TagSurrogate);
        while (position < text.Length && count < MostPieces)
        {
            position = hasTags ? position : NextRun(text, position);
            if (position == text.Length)
            {
                break;
            }
            if (char.IsHighSurrogate(text[position]))
            {
                position += DecodeTags(text, position, into, ref length, pieces, ref count);
                continue;
            }
            var run = RunAt(text, position, out var escapes);
            if (run == 0)
            {
                position++;
                continue;
            }
            if (run >= LeastLength || escapes)
            {
                var rest = text[position..];
                var written = DecodeRun(rest[..run], into[length..]);
                if (written > 0)
                {
                    // The padding of base64 belongs to the place and not to the content.
                    run += rest[run..].StartsWith("==") ? 2 : rest[run..].StartsWith('=') ? 1 : 0;
                    pieces[count++] = new DecodedPiece(length, new TextSpan(position, position + run));
                    length += written;
                    into[length++] = '\n';
                }
            }
            position += run;
        }
        return (length, count);
    }

    // Where the next run begins that is long enough. Each look begins where such a run would end, so that most of a text of short runs is never looked at.
    private static int NextRun(ReadOnlySpan<char> text, int position)
    {
        var signs = s_base64;
        while (text.Length - position >= LeastRun)
        {
            var at = position + LeastRun - 1;
            while (at >= position && text[at] < signs.Length && signs[text[at]])
            {
                at--;
            }
            if (at < position)
            {
                return position;
            }
            position = at + 1;
        }
        return text.Length;
    }

    // Most runs are short words: a search costs more to begin than to do, and where they are long the work is done in decoding them.
    private static int RunAt(ReadOnlySpan<char> text, int position, out bool escapes)
    {
        var signs = s_base64;
        var end = position;
        escapes = false;
        for (; end < text.Length && text[end] < signs.Length && signs[text[end]]; end++)
        {
            escapes |= text[end] == '%';
        }
        return end - position;
    }

    private static int DecodeRun(ReadOnlySpan<char> run, Span<char> into)
    {
        run = run[..Math.Min(run.Length, MostBytes)];
        var bytes = ArrayPool<byte>.Shared.Rent(run.Length);
        try
        {
            return run.Contains('%') ? ToText(Unescape(run, bytes), bytes, into)
                : !run.ContainsAnyExcept(s_hex) && run.Length % 2 == 0 && Convert.FromHexString(run, bytes, out _, out var hex) == OperationStatus.Done ? ToText(hex, bytes, into)
                : ToText(FromBase64(run, bytes), bytes, into);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }

    private static int FromBase64(ReadOnlySpan<char> run, Span<byte> bytes) =>
        // Both alphabets, and without padding: whole groups of four are enough to read.
        Base64Url.DecodeFromChars(run[..(run.Length & ~3)], bytes, out _, out var written) == OperationStatus.Done ? written
            : Convert.TryFromBase64Chars(run[..(run.Length & ~3)], bytes, out written) ? written : 0;

    private static int Unescape(ReadOnlySpan<char> run, Span<byte> bytes)
    {
        int count = 0, escapes = 0;
        for (var index = 0; index < run.Length; index++)
        {
            if (run[index] == '%' && index + 2 < run.Length && char.IsAsciiHexDigit(run[index + 1]) && char.IsAsciiHexDigit(run[index + 2]))
            {
                bytes[count++] = (byte)((HexValue(run[index + 1]) << 4) | HexValue(run[index + 2]));
                index += 2;
                escapes++;
            }
            else
            {
                bytes[count++] = (byte)run[index];
            }
        }
        return escapes < 2 ? 0 : count;
    }

    private static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;

    // Bytes are text only when they are UTF-8 that a person could read; hashes and keys are not.
    private static int ToText(int count, ReadOnlySpan<byte> bytes, Span<char> into)
    {
        if (count < LeastLength / 2 || Encoding.UTF8.GetMaxCharCount(0) > into.Length || count > into.Length - 1
            || System.Text.Unicode.Utf8.ToUtf16(bytes[..count], into[..(into.Length - 1)], out _, out var written, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            return 0;
        }
        var letters = 0;
        foreach (var unit in into[..written])
        {
            letters += CharTable.Classes[unit] is CharClass.Letter or CharClass.Ideograph or CharClass.Space ? 1 : 0;
        }
        return letters * 10 >= written * 7 ? written : 0;
    }

    // The tag characters in a row, as the ASCII that they mirror.
    private static int DecodeTags(ReadOnlySpan<char> text, int position, Span<char> into, ref int length, Span<DecodedPiece> pieces, ref int count)
    {
        var start = position;
        var from = length;
        while (position + 1 < text.Length && char.IsSurrogatePair(text[position], text[position + 1])
            && char.ConvertToUtf32(text[position], text[position + 1]) is var codePoint && SupplementaryLetters.IsTag(codePoint))
        {
            into[length++] = codePoint is > 0xE0020 and < 0xE007F ? (char)(codePoint - 0xE0000) : ' ';
            position += 2;
        }
        if (length - from < LeastLength / 2)
        {
            length = from;
            return Math.Max(1, position - start);
        }
        pieces[count++] = new DecodedPiece(from, new TextSpan(start, position));
        into[length++] = '\n';
        return position - start;
    }
}
