using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Bellwether.Flags;

/// <summary>
/// Deals users to buckets. Murmur and FNV are faster than SHA-256, but that one is in every language's library, so that anybody can
/// say which bucket a user is in, and beside the request that asks its cost does not count.
/// </summary>
public static class Bucketing
{
    /// <summary>Buckets of the salted hash: a basis point each.</summary>
    public static readonly int Buckets = 10_000;

    private const int ShortBytes = 512;

    /// <summary>The first eight bytes, big endian, of SHA-256 over <c>salt + "." + unit</c> in UTF-8, modulo <see cref="Buckets"/>.</summary>
    public static int Salted(ReadOnlySpan<char> salt, ReadOnlySpan<char> unit) => Sha256(salt, ".", unit);

    /// <summary>The same with the salt <c>salt + ":rollout"</c>, which is no flag's own: a salt has no colon.</summary>
    public static int Rollout(ReadOnlySpan<char> salt, ReadOnlySpan<char> unit) => Sha256(salt, ":rollout.", unit);

    /// <summary><c>int(md5(text).hexdigest(), 16) % n</c> of Python, with all 128 bits.</summary>
    /// <param name="unit">The text, or its first part.</param>
    /// <param name="rest">Its second part; may be empty.</param>
    public static int Md5(ReadOnlySpan<char> unit, ReadOnlySpan<char> rest, int n)
    {
        Span<byte> digest = stackalloc byte[MD5.HashSizeInBytes];
        Digest(unit, "", rest, digest, md5: true);
        return (int)(BinaryPrimitives.ReadUInt128BigEndian(digest) % (UInt128)n);
    }

    private static int Sha256(ReadOnlySpan<char> salt, ReadOnlySpan<char> between, ReadOnlySpan<char> unit)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Digest(salt, between, unit, digest, md5: false);
        return (int)(BinaryPrimitives.ReadUInt64BigEndian(digest) % (ulong)Buckets);
    }

    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "Deals users as other programs do; protects nothing.")]
    private static void Digest(ReadOnlySpan<char> first, ReadOnlySpan<char> between, ReadOnlySpan<char> last, Span<byte> digest, bool md5)
    {
        var most = Encoding.UTF8.GetMaxByteCount(first.Length + between.Length + last.Length);
        var rented = most > ShortBytes ? ArrayPool<byte>.Shared.Rent(most) : null;
        var bytes = rented is null ? stackalloc byte[ShortBytes] : rented;
        var length = Encoding.UTF8.GetBytes(first, bytes);
        length += Encoding.UTF8.GetBytes(between, bytes[length..]);
        length += Encoding.UTF8.GetBytes(last, bytes[length..]);
        _ = md5 ? MD5.HashData(bytes[..length], digest) : SHA256.HashData(bytes[..length], digest);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
