namespace Bellwether.Exchange;

/// <summary>
/// Finds half a surrogate pair among the escapes of a JSON text: <c>"\ud800"</c>. It is valid by the grammar, yet no reader can
/// make a string of it: .NET throws where the string is read, others put U+FFFD or fail later (R6).
/// </summary>
internal static class LoneSurrogates
{
    /// <param name="json">A JSON text, or the inside of a string of one.</param>
    public static bool In(ReadOnlySpan<byte> json)
    {
        // Most bodies have no such escape at all, and two vectorised searches say so.
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
        {
            return false;
        }
        // Outside strings JSON has no backslash, so the strings need not be found.
        var expectLow = false;
        while (true)
        {
            var at = json.IndexOf((byte)'\\');
            if (at < 0 || at + 1 >= json.Length)
            {
                return expectLow;
            }
            if (expectLow && at != 0)
            {
                return true;
            }
            if (json[at + 1] != (byte)'u')
            {
                if (expectLow)
                {
                    return true;
                }
                json = json[(at + 2)..];
                continue;
            }
            if (json.Length < at + 6 || !TryHex(json.Slice(at + 2, 4), out var unit))
            {
                return expectLow;
            }
            var low = unit is >= 0xDC00 and <= 0xDFFF;
            if (low != expectLow)
            {
                return true;
            }
            expectLow = unit is >= 0xD800 and <= 0xDBFF;
            json = json[(at + 6)..];
        }
    }

    public static bool TryHex(ReadOnlySpan<byte> digits, out int value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            var nibble = digit switch
            {
                >= (byte)'0' and <= (byte)'9' => digit - '0',
                >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
                _ => -1,
            };
            if (nibble < 0)
            {
                return false;
            }
            value = (value << 4) | nibble;
        }
        return true;
    }
}
