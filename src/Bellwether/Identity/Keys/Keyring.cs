using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Bellwether.State;

namespace Bellwether.Identity;

/// <summary>All keys in memory, by hash. Revoked and expired keys stay, so that their holder is told which it is.</summary>
public sealed class Keyring(ApiKeyStore store, TimeProvider clock) : IKeyring, IStatePolicy
{
    // What a miss is compared with, so that a miss does the work of a hit.
    private static readonly Entry Nobody = new(new byte[SHA256.HashSizeInBytes], null);

    private volatile FrozenDictionary<UInt128, Entry> _entries = FrozenDictionary<UInt128, Entry>.Empty;

    /// <summary>Every key of this moment, newest first.</summary>
    public IReadOnlyList<ApiKey> All { get; private set; } = [];

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var rows = await store.AllAsync(cancellationToken);
        All = [.. rows.Select(row => row.Key)];
        _entries = rows.ToFrozenDictionary(row => Index(row.Hash), row => new Entry(row.Hash, row.Key));
    }

    /// <summary>A key by its public id.</summary>
    public ApiKey? Find(string id)
    {
        foreach (var key in All)
        {
            if (key.Id == id)
            {
                return key;
            }
        }

        return null;
    }

    public KeyCheck Check(ReadOnlySpan<char> token, out ApiKey? key)
    {
        if (token.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            token = token["Bearer ".Length..];
        }

        token = token.Trim(' ');
        if (token.IsEmpty)
        {
            key = null;
            return KeyCheck.Missing;
        }

        // Quotes, NUL, half surrogates, a megabyte of text: all are hashed and looked up like a key. A cut text is still longer
        // than any stored token, so it cannot equal one.
        token = token[..Math.Min(token.Length, KeyToken.MaxLength + 1)];
        Span<byte> bytes = stackalloc byte[(KeyToken.MaxLength + 1) * 3];
        var written = Encoding.UTF8.GetBytes(token, bytes);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..written], hash);
        var entry = _entries.GetValueOrDefault(Index(hash), Nobody);
        if (!CryptographicOperations.FixedTimeEquals(hash, entry.Hash) || entry.Key is null)
        {
            key = null;
            return KeyCheck.Unknown;
        }

        key = entry.Key;
        return key.RevokedAt is not null ? KeyCheck.Revoked
            : key.ExpiresAt <= clock.GetUtcNow() ? KeyCheck.Expired
            : KeyCheck.Valid;
    }

    private static UInt128 Index(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt128BigEndian(hash);

    private sealed record Entry(byte[] Hash, ApiKey? Key);
}
