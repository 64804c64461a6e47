using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Bellwether.Identity;

/// <summary>
/// The text of a Bellwether key: <c>bw-</c>, 256 random bits as 43 digits of base 62, and their CRC-32 as 6 more. The prefix and
/// the checksum let a secret scanner tell a real key from noise without asking the server.
/// </summary>
public static class KeyToken
{
    public static readonly string Prefix = "bw-";

    /// <summary>Shortest key an operator may bring along in <c>Bellwether:Bootstrap:ApiKey</c>.</summary>
    public static readonly int MinLength = 16;

    /// <summary>Longest text that can be a key; of a longer one no more is looked at than it takes to refuse it.</summary>
    public static readonly int MaxLength = 256;

    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly SearchValues<char> DigitSet = SearchValues.Create(Digits);

    private const int RandomDigits = 43;
    private const int ChecksumDigits = 6;

    public static string Create()
    {
        var random = Base62(new BigInteger(RandomNumberGenerator.GetBytes(32), isUnsigned: true), RandomDigits);
        return Prefix + random + Checksum(random);
    }

    /// <summary>Whether a text has the form of a generated key and its checksum fits: it says nothing of whether the key exists.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> token) =>
        token.StartsWith(Prefix)
        && token[Prefix.Length..] is { Length: RandomDigits + ChecksumDigits } body
        && !body.ContainsAnyExcept(DigitSet)
        && body[RandomDigits..].SequenceEqual(Checksum(body[..RandomDigits]));

    /// <summary>What is stored and looked up: SHA-256 of the whole token.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Enough to tell one's keys apart in a list, far too little to use: <c>bw-…x7Qk</c>.</summary>
    public static string Hint(string token) => $"{(token.StartsWith(Prefix, StringComparison.Ordinal) ? Prefix : "")}…{token[^4..]}";

    private static string Checksum(ReadOnlySpan<char> random)
    {
        Span<byte> bytes = stackalloc byte[RandomDigits];
        Encoding.ASCII.GetBytes(random, bytes);
        Span<byte> sum = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc32.HashToUInt32(bytes));
        return Base62(new BigInteger(sum, isUnsigned: true, isBigEndian: true), ChecksumDigits);
    }

    private static string Base62(BigInteger value, int length)
    {
        Span<char> text = stackalloc char[length];
        for (var i = length - 1; i >= 0; i--)
        {
            value = BigInteger.DivRem(value, Digits.Length, out var digit);
            text[i] = Digits[(int)digit];
        }

        return new string(text);
    }
}
