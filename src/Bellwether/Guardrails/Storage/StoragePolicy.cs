using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Bellwether.Detection;
using Bellwether.State;
using Microsoft.Extensions.Options;

namespace Bellwether.Guardrails;

/// <summary>What to write in place of each kind of finding.</summary>
internal sealed class StoragePolicy
{
    private const int HashBytes = 5;

    private readonly StorageAction[] _actions = new StorageAction[PersonalDataTypes.Count];
    private readonly byte[]? _key;

    [SuppressMessage("Style", "IDE0290", Justification = "There is more to do than to keep the parameters.")]
    public StoragePolicy(IOptions<StoragePolicyOptions> options, MasterKeys keys)
    {
        var others = options.Value.GetValueOrDefault(StoragePolicyOptions.All, StorageAction.Mask);
        foreach (var type in Enum.GetValues<PersonalDataType>())
        {
            _actions[(int)type] = options.Value.GetValueOrDefault(type.Name(), others);
        }
        KeepsAll = Array.TrueForAll(_actions, action => action == StorageAction.Keep);
        // A hash without a key could be turned back by trying every telephone number.
        _key = _actions.Contains(StorageAction.Hash) ? HKDF.DeriveKey(HashAlgorithmName.SHA256, keys.Current.Bytes, 32, info: "bellwether personal data hash"u8.ToArray()) : null;
    }

    /// <summary>True when nothing is to be changed, so that nothing need be looked for.</summary>
    public bool KeepsAll { get; }

    public bool Keeps(PersonalDataType type) => _actions[(int)type] == StorageAction.Keep;

    /// <summary>Only ASCII, and nothing that JSON would escape.</summary>
    public string Placeholder(PersonalDataType type, ReadOnlySpan<char> value) =>
        _actions[(int)type] == StorageAction.Hash ? $"[{type.Name()}:{Hash(value)}]" : Placeholders.Of(type);

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
            HMACSHA256.HashData(_key!, bytes.AsSpan(0, Encoding.UTF8.GetBytes(chars.AsSpan(0, count), bytes)), hash);
            return Convert.ToHexStringLower(hash[..HashBytes]);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars, clearArray: true);
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }
}

/// <summary><c>[EMAIL]</c> and its kin, made once.</summary>
internal static class Placeholders
{
    private static readonly string[] s_all = [.. PersonalDataTypes.Names.Select(name => $"[{name}]")];

    public static string Of(PersonalDataType type) => s_all[(int)type];
}
