using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bellwether.Detection;

/// <summary>Finds and decodes bytes that are written with something between them: <c>59 6f 75 20</c>, <c>59:6f:75</c>, <c>\x59\x6f</c>, <c>0x59, 0x6f</c>.</summary>
internal static class SpacedHex
{
    // Signs between two bytes.
    private const int MostBetween = 4;
    private const int Step = 16;

    /// <summary>Calls back with each stretch that is long enough to carry a sentence and what it says, in order.</summary>
    public static void Decode(ReadOnlySpan<char> text, Action<TextSpan, Encoded, string> found)
    {
        byte[]? bytes = null;
        var (count, start, last) = (0, 0, 0);
        for (var at = NextPair(text, 0); at >= 0; at = NextPair(text, at + 2))
        {
            if (count > 0 && at - last > MostBetween)
            {
                Flush();
            }
            bytes ??= ArrayPool<byte>.Shared.Rent((text.Length / 3) + 2);
            if (count == 0) { start = at; }
            bytes[count++] = (byte)((Value(text[at]) * 16) + Value(text[at + 1]));
            last = at + 2;
        }
        Flush();
        if (bytes is not null) { ArrayPool<byte>.Shared.Return(bytes); }

        void Flush()
        {
            if (count >= EncodedRuns.Shortest / 2 && EncodedRuns.AsText(bytes.AsSpan(0, count)) is { } decoded) { found(new(start, last), Encoded.Hex, decoded); }
            count = 0;
        }
    }

    // Two hexadecimal digits that are a word of their own, or stand behind an x. Sixteen places at once: in prose there are next to none.
    public static int NextPair(ReadOnlySpan<char> text, int at)
    {
        if (at == 0)
        {
            if (IsPair(text, 0)) { return 0; }
            at = 1;
        }
        var units = MemoryMarshal.Cast<char, ushort>(text);
        for (; at + Step + 2 <= units.Length; at += Step)
        {
            var before = Vector256.Create(units.Slice(at - 1, Step));
            var pairs = IsHex(Vector256.Create(units.Slice(at, Step))) & IsHex(Vector256.Create(units.Slice(at + 1, Step)))
                & ~IsLetterOrDigit(Vector256.Create(units.Slice(at + 2, Step))) & (~IsLetterOrDigit(before) | Vector256.Equals(before, Vector256.Create((ushort)'x')));
            if (pairs.ExtractMostSignificantBits() is var bits and not 0)
            {
                return at + System.Numerics.BitOperations.TrailingZeroCount(bits);
            }
        }
        for (; at + 1 < text.Length; at++)
        {
            if (IsPair(text, at)) { return at; }
        }
        return -1;
    }

    private static bool IsPair(ReadOnlySpan<char> text, int at) =>
        at + 1 < text.Length && char.IsAsciiHexDigit(text[at]) && char.IsAsciiHexDigit(text[at + 1])
        && (at + 2 == text.Length || !char.IsAsciiLetterOrDigit(text[at + 2])) && (at == 0 || !char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] == 'x');

    private static Vector256<ushort> IsHex(Vector256<ushort> units) => Within(units, '0', 10) | Within(units | Vector256.Create((ushort)0x20), 'a', 6);

    private static Vector256<ushort> IsLetterOrDigit(Vector256<ushort> units) => Within(units, '0', 10) | Within(units | Vector256.Create((ushort)0x20), 'a', 26);

    private static Vector256<ushort> Within(Vector256<ushort> units, char first, int count) =>
        Vector256.LessThan(units - Vector256.Create((ushort)first), Vector256.Create((ushort)count));

    private static int Value(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
