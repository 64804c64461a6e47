using System.Buffers;
using System.Text;

namespace Bellwether.Detection;

/// <summary>How a stretch of an answer is encoded.</summary>
internal enum Encoded { Base64, Base32, Hex, Binary, Numbers, Escapes }

/// <summary>
/// Finds stretches of base64, base32, hex (<c>596f75</c>, <c>59 6f 75</c>), binary digits and numbers of characters long enough to carry a sentence, forwards or backwards, and
/// decodes them. What does not decode to text is passed over.
/// </summary>
internal static class EncodedRuns
{
    /// <summary>Characters of base64 or hex from which on a stretch is looked into.</summary>
    public const int Shortest = 24;
    private const int MostRuns = 64;
    // Of a stretch of base64 this much of its middle is decoded first: nearly all are no text.
    private const int Sample = 40;
    private const int ShortSample = 20;
    private static readonly SearchValues<char> s_base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_");
    private static readonly SearchValues<char> s_base32 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
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
            if (Read(text[start..end]) is var (form, decoded))
            {
                runs++;
                found(new(start, end), form, decoded);
            }
        }
        SpacedHex.Decode(text, found);
        NumberCodes.Decode(text, found);
    }

    private static (Encoded Form, string Text)? Read(ReadOnlySpan<char> run)
    {
        if (run.Length >= 8 * (Shortest / 2) && !run.ContainsAnyExcept('0', '1')) { return Binary(run) is { } bits ? (Encoded.Binary, bits) : null; }
        if (!run.ContainsAnyExcept(s_hexDigits)) { return (Hex(run) ?? (run.Length > 64 ? Hex(Backwards(run)) : null)) is { } hex ? (Encoded.Hex, hex) : null; }
        if (!run.ContainsAnyExcept(s_base32) && Base32(run) is { } base32) { return (Encoded.Base32, base32); }
        return (Base64(run, backwards: false) ?? Base64(run, backwards: true)) is { } base64 ? (Encoded.Base64, base64) : null;
    }

    private static string Backwards(ReadOnlySpan<char> run) => string.Create(run.Length, run, static (chars, from) =>
    {
        from.CopyTo(chars);
        chars.Reverse();
    });

    // Base64 is often wrapped: a line break after a line of whole groups of four does not end it.
    private static int EndOf(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        for (var line = start; ;)
        {
            var stop = text[line..].IndexOfAnyExcept(s_base64);
            end = stop < 0 ? text.Length : line + stop;
            if (end == text.Length || end - line < Shortest || (end - line) % 4 != 0 || text[end] is not ('\r' or '\n')) { return end; }
            line = end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1);
            if (line >= text.Length || !s_base64.Contains(text[line])) { return end; }
        }
    }

    private static string? Hex(ReadOnlySpan<char> run) => AsText(Convert.FromHexString(run[..(run.Length & ~1)]));

    private static string? Binary(ReadOnlySpan<char> run)
    {
        var bytes = new byte[run.Length / 8];
        for (var i = 0; i < 8 * bytes.Length; i++) { bytes[i / 8] = (byte)((bytes[i / 8] << 1) | (run[i] - '0')); }
        return AsText(bytes);
    }

    // RFC 4648: five bits a sign.
    private static string? Base32(ReadOnlySpan<char> run)
    {
        var bytes = new byte[run.Length * 5 / 8];
        var (count, held, bits) = (0, 0, 0);
        foreach (var c in run)
        {
            held = ((held << 5) | (char.IsAsciiDigit(c) ? c - '2' + 26 : c - 'A')) & 0xFFFF;
            bits += 5;
            if (bits >= 8 && count < bytes.Length) { bytes[count++] = (byte)(held >> (bits -= 8)); }
        }
        return AsText(bytes);
    }

    private static string? Base64(ReadOnlySpan<char> run, bool backwards)
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
            if (backwards) { chars.AsSpan(0, length).Reverse(); }
            // Glued to a word before it, the groups of four begin elsewhere.
            for (var skip = 0; skip < 4 && length - skip >= Shortest - 4; skip++)
            {
                // The padding is cut off with the run, and a last group of one says nothing.
                var sample = length - skip < Sample ? ShortSample : Sample;
                if (!MayBeText(chars.AsSpan(skip + (((length - skip - sample) / 2) & ~3), sample))) { continue; }
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

    // Control characters are in no text, and of what is not ASCII the bytes that go on are at least as many as those that begin a character. UTF-16 has zeros.
    private static bool MayBeText(ReadOnlySpan<char> sample)
    {
        Span<byte> bytes = stackalloc byte[Sample];
        if (!Convert.TryFromBase64Chars(sample, bytes, out var count)) { return false; }
        var (zeros, begin, goOn) = (0, 0, 0);
        foreach (var b in bytes[..count])
        {
            if (b is > 0 and < 32 and not ((byte)'\n' or (byte)'\r' or (byte)'\t')) { return false; }
            zeros += b == 0 ? 1 : 0;
            begin += b >= 0xC0 ? 1 : 0;
            goOn += b is >= 0x80 and < 0xC0 ? 1 : 0;
        }
        return zeros == 0 ? begin <= goOn + 1 : zeros * 3 > count;
    }

    // A cut-off end may break its last character; a stretch that is mostly control characters or no UTF-8 is a key or an image.
    public static string? AsText(ReadOnlySpan<byte> bytes)
    {
        // UTF-16 of a text in Latin letters: every second byte is 0.
        if (bytes.Length >= Shortest && bytes.Count((byte)0) * 5 > bytes.Length * 2)
        {
            return (bytes[0] == 0 ? Encoding.BigEndianUnicode : Encoding.Unicode).GetString(bytes[..(bytes.Length & ~1)]);
        }
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
