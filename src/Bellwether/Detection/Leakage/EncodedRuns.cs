using System.Buffers;
using System.Text;

namespace Bellwether.Detection;

/// <summary>How a stretch of an answer is encoded.</summary>
internal enum Encoded { Base64, Hex, Percent }

/// <summary>
/// Finds stretches of base64, hex (<c>596f75</c>, <c>59 6f 75</c>, <c>\x59\x6f</c>) and percent-encoding long enough to carry a sentence, and
/// decodes them. What does not decode to text is passed over.
/// </summary>
internal static class EncodedRuns
{
    /// <summary>Characters of base64 or hex from which on a stretch is looked into.</summary>
    public const int Shortest = 24;
    private const int MostRuns = 64;
    private static readonly SearchValues<char> s_base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_");
    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Calls back with each stretch and what it says, in order. Each character is decoded at most four times.</summary>
    public static void Decode(ReadOnlySpan<char> text, Action<TextSpan, Encoded, string> found)
    {
        var runs = 0;
        for (var at = 0; at < text.Length && runs < MostRuns;)
        {
            // A stretch that is long enough has a sign in every such step: most words are passed over without being looked at.
            var probe = at + Shortest - 1;
            if (probe >= text.Length) { break; }
            if (!s_base64.Contains(text[probe]))
            {
                at = probe + 1;
                continue;
            }
            var start = at + text[at..probe].LastIndexOfAnyExcept(s_base64) + 1;
            var end = EndOf(text, start);
            at = Math.Max(end, start + 1);
            if (end - start < Shortest) { continue; }
            var run = text[start..end];
            var decoded = IsHex(run) ? Hex(run) : Base64(run);
            if (decoded is not null)
            {
                runs++;
                found(new(start, end), IsHex(run) ? Encoded.Hex : Encoded.Base64, decoded);
            }
        }
        SpacedHex.Decode(text, found);
        Percent(text, found);
    }

    // Base64 is often wrapped at 64 or 76 columns: a line break after a long line does not end it.
    private static int EndOf(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        for (var line = start; ;)
        {
            var stop = text[line..].IndexOfAnyExcept(s_base64);
            end = stop < 0 ? text.Length : line + stop;
            if (end == text.Length || end - line < 60 || text[end] is not ('\r' or '\n')) { return end; }
            line = end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1);
            if (line >= text.Length || !s_base64.Contains(text[line])) { return end; }
        }
    }

    private static bool IsHex(ReadOnlySpan<char> run) => !run.ContainsAnyExcept(s_hexDigits);

    private static string? Hex(ReadOnlySpan<char> run) => AsText(Convert.FromHexString(run[..(run.Length & ~1)]));

    private static string? Base64(ReadOnlySpan<char> run)
    {
        var chars = ArrayPool<char>.Shared.Rent(run.Length + 4);
        var bytes = ArrayPool<byte>.Shared.Rent(run.Length + 4);
        try
        {
            var length = 0;
            foreach (var c in run)
            {
                if (c is not ('\r' or '\n')) { chars[length++] = c switch { '-' => '+', '_' => '/', _ => c }; }
            }
            // Glued to a word before it, the groups of four begin elsewhere.
            for (var skip = 0; skip < 4 && length - skip >= Shortest - 4; skip++)
            {
                // The padding is cut off with the run, and a last group of one says nothing.
                var whole = length - skip;
                if ((whole & 3) == 1) { whole--; }
                while ((whole & 3) != 0) { chars[skip + whole++] = '='; }
                if (Convert.TryFromBase64Chars(chars.AsSpan(skip, whole), bytes, out var count) && AsText(bytes.AsSpan(0, count)) is { } text) { return text; }
            }
            return null;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    // %59%6F%75: an address with a few %20 is read as it is, and one that is encoded throughout as a whole.
    private static void Percent(ReadOnlySpan<char> text, Action<TextSpan, Encoded, string> found)
    {
        if (text.Count('%') < 3) { return; }
        var first = text.IndexOf('%');
        var last = text.LastIndexOf('%');
        var part = text[first..Math.Min(text.Length, last + 3)];
        var bytes = ArrayPool<byte>.Shared.Rent(part.Length * 3);
        try
        {
            var count = 0;
            for (var i = 0; i < part.Length; i++)
            {
                if (part[i] == '%' && i + 2 < part.Length && s_hexDigits.Contains(part[i + 1]) && s_hexDigits.Contains(part[i + 2])
                    && Convert.FromHexString(part.Slice(i + 1, 2), bytes.AsSpan(count), out _, out var written) == OperationStatus.Done)
                {
                    count += written;
                    i += 2;
                }
                else if (part[i] < 128) { bytes[count++] = (byte)part[i]; }
                else { count += Encoding.UTF8.GetBytes(part.Slice(i, 1), bytes.AsSpan(count)); }
            }
            found(new(first, first + part.Length), Encoded.Percent, Encoding.UTF8.GetString(bytes, 0, count));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    // A cut-off end may break its last character; a stretch that is mostly control characters or no UTF-8 is a key or an image.
    public static string? AsText(ReadOnlySpan<byte> bytes)
    {
        var odd = 0;
        foreach (var b in bytes)
        {
            if (b is < 32 and not ((byte)'\n' or (byte)'\r' or (byte)'\t')) { odd++; }
        }
        return odd * 20 > bytes.Length ? null : Utf8(bytes);
    }

    // As Encoding.UTF8 reads it, a replacement for each broken stretch, but only until there are too many of them: nearly every run of letters is
    // base64 of something, and that is hardly ever text.
    private static string? Utf8(ReadOnlySpan<byte> bytes)
    {
        var chars = ArrayPool<char>.Shared.Rent(bytes.Length + 1);
        try
        {
            var (read, length, broken) = (0, 0, 0);
            while (read < bytes.Length)
            {
                var status = System.Text.Unicode.Utf8.ToUtf16(bytes[read..], chars.AsSpan(length), out var taken, out var written, replaceInvalidSequences: false);
                read += taken;
                length += written;
                if (status != OperationStatus.Done)
                {
                    if (++broken * 20 > bytes.Length) { return null; }
                    Rune.DecodeFromUtf8(bytes[read..], out _, out var skipped);
                    read += skipped;
                    chars[length++] = '\uFFFD';
                }
            }
            return chars.AsSpan(0, length).Count('\uFFFD') * 20 > length ? null : new string(chars, 0, length);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
        }
    }
}
