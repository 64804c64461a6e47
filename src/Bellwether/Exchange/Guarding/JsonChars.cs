using System.Text;

namespace Bellwether.Exchange;

/// <summary>The inside of a JSON string, character by character, so that a place in the text can be found among the bytes. What is broken stands for itself.</summary>
internal static class JsonChars
{
    /// <summary>Decodes the inside of a string; <paramref name="into"/> must have room for as many characters as there are bytes.</summary>
    /// <returns>UTF-16 units written.</returns>
    public static int Decode(ReadOnlySpan<byte> inside, bool escaped, Span<char> into)
    {
        var count = 0;
        while (!inside.IsEmpty)
        {
            var plain = inside.IndexOfAnyExceptInRange((byte)0, (byte)127) is var other and >= 0 ? other : inside.Length;
            if (escaped && inside[..plain].IndexOf((byte)'\\') is var escape and >= 0) { plain = escape; }
            Encoding.ASCII.GetChars(inside[..plain], into[count..]);
            count += plain;
            inside = inside[plain..];
            if (inside.IsEmpty) { break; }
            Next(inside, escaped, out var bytes, out var units, out var high, out var low);
            into[count] = high;
            if (units == 2) { into[count + 1] = low; }
            count += units;
            inside = inside[bytes..];
        }
        return count;
    }

    /// <summary>How many bytes the first <paramref name="units"/> units of the text take. A place within a character of two units is taken for its beginning.</summary>
    /// <param name="taken">The units that these bytes are.</param>
    public static int Length(ReadOnlySpan<byte> inside, bool escaped, int units, out int taken)
    {
        var at = 0;
        taken = 0;
        while (taken < units && at < inside.Length)
        {
            Next(inside[at..], escaped, out var bytes, out var count, out _, out _);
            if (taken + count > units) { break; }
            taken += count;
            at += bytes;
        }
        return at;
    }

    private static void Next(ReadOnlySpan<byte> inside, bool escaped, out int bytes, out int units, out char high, out char low)
    {
        (units, low) = (1, default);
        var first = inside[0];
        if (first == '\\' && escaped && inside.Length > 1)
        {
            if (inside[1] == 'u' && inside.Length > 5 && LoneSurrogates.TryHex(inside.Slice(2, 4), out var unit))
            {
                (bytes, high) = (6, (char)unit);
                return;
            }
            bytes = 2;
            high = inside[1] switch { (byte)'n' => '\n', (byte)'r' => '\r', (byte)'t' => '\t', (byte)'b' => '\b', (byte)'f' => '\f', < 128 => (char)inside[1], _ => '\uFFFD' };
            return;
        }
        if (first < 128)
        {
            (bytes, high) = (1, (char)first);
            return;
        }
        Rune.DecodeFromUtf8(inside, out var rune, out bytes);
        Span<char> pair = stackalloc char[2];
        units = rune.EncodeToUtf16(pair);
        (high, low) = (pair[0], pair[1]);
    }
}
