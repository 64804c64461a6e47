using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Bellwether.Detection;
using Bellwether.State;

namespace Bellwether.Guardrails;

/// <summary>Short keyed hashes of personal data: the same value has the same one wherever it stands, and none can be turned back by trying every telephone number.</summary>
internal sealed class PersonalDataHash(MasterKeys keys)
{
    private const int HashBytes = 5;

    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, keys.Current.Bytes, 32, info: "bellwether personal data hash"u8.ToArray());

    /// <summary><c>[EMAIL:3f9a1c20b7]</c>.</summary>
    public string Placeholder(PersonalDataType type, ReadOnlySpan<char> value) => $"[{type.Name()}:{Hash(value)}]";

    // Case and separators do not make another value of an address or a number.
    private string Hash(ReadOnlySpan<char> value)
    {
        var chars = ArrayPool<char>.Shared.Rent(value.Length);
        var bytes = ArrayPool<byte>.Shared.Rent(value.Length * 3);
        try
        {
            var count = 0;
            foreach (var c in value)
            {
                if (c is not (' ' or '-' or '(' or ')')) { chars[count++] = char.ToLowerInvariant(c); }
            }
            Span<byte> hash = stackalloc byte[32];
            HMACSHA256.HashData(_key, bytes.AsSpan(0, Encoding.UTF8.GetBytes(chars.AsSpan(0, count), bytes)), hash);
            return Convert.ToHexStringLower(hash[..HashBytes]);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars, clearArray: true);
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }
}
