using System.Buffers;
using System.Security.Cryptography;

namespace Bellwether.Detection;

/// <summary>Addresses of crypto-currencies: base58check (Bitcoin, Litecoin, Dogecoin, Tron; Ripple in an alphabet of its own), bech32 (BIP 173, BIP 350; Cardano), Monero and Ethereum's 0x.</summary>
internal static class Wallets
{
    /// <summary>Signs that one may have.</summary>
    public const int Longest = 108;

    private const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static readonly SearchValues<char> s_base58 = SearchValues.Create(Base58);
    private const string Ripple = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";
    private const string Bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

    public static bool Is(ReadOnlySpan<char> word, ref int hashes) =>
        word is ['0', 'x', ..] ? word.Length == 42 && IsHex(word[2..])
        : IsBech32(word) || (word.Length is >= 26 and <= 35 && "13LMD T9A".Contains(word[0]) && IsBase58(word, Base58, ref hashes)) || (word.Length is >= 25 and <= 35 && word[0] == 'r' && IsBase58(word, Ripple, ref hashes)) || IsMonero(word);

    // Its checksum is Keccak, which .NET has not; of 95 or 106 signs without a 0, O, I and l nothing else is.
    private static bool IsMonero(ReadOnlySpan<char> word) => word.Length is 95 or 106 && word[0] is '4' or '8' && !word.ContainsAnyExcept(s_base58) && word.ContainsAnyInRange('0', '9') && word.ContainsAnyInRange('a', 'z');

    private static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Base58 with the first four bytes of a double SHA-256 at its end.</summary>
    public static bool IsBase58(ReadOnlySpan<char> word, string alphabet, ref int hashes)
    {
        Span<byte> bytes = stackalloc byte[25];
        bytes.Clear();
        foreach (var c in word)
        {
            var carry = alphabet.IndexOf(c, StringComparison.Ordinal);
            if (carry < 0)
            {
                return false;
            }
            for (var i = bytes.Length - 1; i >= 0; i--)
            {
                carry += 58 * bytes[i];
                bytes[i] = (byte)carry;
                carry >>= 8;
            }
            if (carry != 0)
            {
                return false;
            }
        }
        if (hashes <= 0)
        {
            return true;
        }
        hashes--;
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes[..21], hash);
        SHA256.HashData(hash, hash);
        return hash[..4].SequenceEqual(bytes[21..]);
    }

    public static bool IsBech32(ReadOnlySpan<char> word)
    {
        // Cardano's are longer than the standard has them.
        if (word.Length < 14 || word.Length > (word is ['a', 'd', 'd', 'r', '1', ..] ? Longest : 90) || word.LastIndexOf('1') is var one && (one is < 2 or > 8 || word.Length - one < 7))
        {
            return false;
        }
        var upper = char.IsAsciiLetterUpper(word[0]);
        var check = 1u;
        for (var i = 0; i < one; i++)
        {
            if (!char.IsAsciiLetter(word[i])) { return false; }
            check = Step(check) ^ (uint)((word[i] | 0x20) >> 5);
        }
        check = Step(check);
        for (var i = 0; i < one; i++)
        {
            check = Step(check) ^ (uint)((word[i] | 0x20) & 31);
        }
        foreach (var c in word[(one + 1)..])
        {
            if (char.IsAsciiLetter(c) && char.IsAsciiLetterUpper(c) != upper) { return false; }
            var value = Bech32.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal);
            if (value < 0) { return false; }
            check = Step(check) ^ (uint)value;
        }
        return check is 1 or 0x2bc830a3;
    }

    private static uint Step(uint check)
    {
        var top = check >> 25;
        check = (check & 0x1ffffff) << 5;
        ReadOnlySpan<uint> generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
        for (var i = 0; i < 5; i++)
        {
            check ^= ((top >> i) & 1) != 0 ? generator[i] : 0;
        }
        return check;
    }
}
