using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Bellwether.Detection;

/// <summary>Text inside base64 or hexadecimal: when what is inside holds personal data, the whole word is taken for it.</summary>
internal static class EncodedReader
{
    private const int Shortest = 20;
    private const int Longest = 256 * 1024;
    private const int Sample = 48;
    private static readonly SearchValues<char> s_base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_");

    public static bool TryRead(ref TextScan scan, int start, int wordEnd, out int after)
    {
        after = wordEnd;
        if (scan.IsInside || scan.At(start - 1) is '+' or '/' or '=')
        {
            return false;
        }
        var end = scan.Text[start..].IndexOfAnyExcept(s_base64) is var length and >= 0 ? start + length : scan.Text.Length;
        if (end - start < Shortest)
        {
            return false;
        }
        var word = scan.Text[start..end];
        Span<byte> sample = stackalloc byte[Sample];
        var hex = IsHex(word[..Math.Min(word.Length, Sample)]) && word.Length % 2 == 0;
        if (!TryDecode(word[..Math.Min(word.Length & ~3, Sample)], sample, hex, out var written) || !IsText(sample[..written]))
        {
            // A picture, a hash, a signature: nothing to read in it.
            if (word.Length > 256) { after = end; return true; }
            return false;
        }
        after = end;
        var inside = word[..Math.Min(word.Length, Longest)];
        var bytes = ArrayPool<byte>.Shared.Rent(inside.Length);
        var chars = ArrayPool<char>.Shared.Rent(inside.Length);
        try
        {
            if (!TryDecode(inside, bytes, hex, out written))
            {
                return false;
            }
            var text = chars.AsSpan(0, Encoding.UTF8.GetChars(bytes.AsSpan(0, written), chars));
            var before = scan.Found.Count;
            PersonalDataScanner.ScanInside(text, scan.Found);
            var found = scan.Found.From(before);
            var best = -1;
            for (var i = 0; i < found.Length; i++)
            {
                if (found[i].Type.IsStructured() && (best < 0 || found[i].Type < found[best].Type)) { best = i; }
            }
            var type = best < 0 ? default : found[best].Type;
            scan.Found.Cut(before);
            if (best < 0)
            {
                return false;
            }
            scan.Add(type, start, end, 0.85f);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    private static bool TryDecode(ReadOnlySpan<char> word, Span<byte> into, bool hex, out int written)
    {
        if (hex)
        {
            return Convert.FromHexString(word[..(word.Length & ~1)], into, out _, out written) == OperationStatus.Done;
        }
        // Both alphabets; a word that is not whole is read as far as it goes.
        written = 0;
        var trimmed = word.TrimEnd('=');
        trimmed = trimmed[..(trimmed.Length % 4 == 1 ? trimmed.Length - 1 : trimmed.Length)];
        if (trimmed.Contains('='))
        {
            return false;
        }
        return trimmed.ContainsAny('-', '_')
            ? !trimmed.ContainsAny('+', '/') && Base64Url.DecodeFromChars(trimmed, into, out _, out written, isFinalBlock: true) == OperationStatus.Done
            : TryStandard(trimmed, into, out written);
    }

    private static bool TryStandard(ReadOnlySpan<char> word, Span<byte> into, out int written)
    {
        var whole = word.Length & ~3;
        return Convert.TryFromBase64Chars(word[..whole], into, out written) && TryRest(word[whole..], into, ref written);
    }

    private static bool TryRest(ReadOnlySpan<char> rest, Span<byte> into, ref int written)
    {
        if (rest.Length == 0)
        {
            return true;
        }
        Span<char> padded = ['A', 'A', '=', '='];
        rest.CopyTo(padded);
        if (rest.Length == 3) { padded[3] = '='; }
        var done = Convert.TryFromBase64Chars(padded, into[written..], out var more);
        written += more;
        return done;
    }

    private static bool IsHex(ReadOnlySpan<char> word)
    {
        foreach (var c in word)
        {
            if (!char.IsAsciiHexDigit(c)) { return false; }
        }
        return true;
    }

    // UTF-8 that may be cut at its end. Bytes of chance are that hardly ever: half of them begin no letter.
    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        var read = 0;
        while (Rune.DecodeFromUtf8(bytes[read..], out var letter, out var length) == OperationStatus.Done)
        {
            if (Rune.IsControl(letter) && letter.Value is not (9 or 10 or 13)) { return false; }
            read += length;
        }
        return read > 0 && bytes.Length - read < 4 && (read == bytes.Length || Rune.DecodeFromUtf8(bytes[read..], out _, out _) == OperationStatus.NeedMoreData);
    }
}
