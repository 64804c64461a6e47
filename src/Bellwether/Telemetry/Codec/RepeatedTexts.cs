using System.IO.Hashing;
using System.Text;

namespace Bellwether.Telemetry;

/// <summary>
/// The strings of texts that come again and again, so that a batch of records holds a model's name once. Each text has one place
/// by its hash and takes it from the one before: a stranger costs what it would have cost anyway.
/// </summary>
internal static class RepeatedTexts
{
    private const int Places = 1024;
    private const int LongestBytes = 64;

    [ThreadStatic]
    private static string[]? s_places;

    public static string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "";
        }
        if (utf8.Length > LongestBytes)
        {
            return Encoding.UTF8.GetString(utf8);
        }
        ref var place = ref (s_places ??= new string[Places])[XxHash3.HashToUInt64(utf8) % Places];
        Span<char> text = stackalloc char[LongestBytes];
        text = text[..Encoding.UTF8.GetChars(utf8, text)];
        if (place is null || !text.SequenceEqual(place))
        {
            place = new string(text);
        }
        return place;
    }
}
