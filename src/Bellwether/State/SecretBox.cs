using System.Security.Cryptography;
using System.Text;
using Bellwether.Primitives;

namespace Bellwether.State;

/// <summary>Whether a sealed secret could be opened, and if not, why.</summary>
public enum Unsealing { Opened, UnknownMasterKey, Damaged }

/// <summary>
/// Seals secrets that must be given back in clear, such as provider keys, with AES-256-GCM. A sealed value names the master key
/// that opens it, so that rotation can go on while requests are served:
/// <code>version (1) | key id (8) | nonce (12) | tag (16) | ciphertext</code>
/// </summary>
public sealed class SecretBox(MasterKeys keys)
{
    private const byte Version = 1;
    private const int NonceAt = 1 + MasterKey.IdLength;
    private const int TagAt = NonceAt + 12;
    private const int TextAt = TagAt + 16;

    /// <param name="purpose">Where the value belongs, for example <c>provider/openai</c>: a value moved to another row does not open.</param>
    public byte[] Seal(Secret secret, string purpose)
    {
        var key = keys.Current;
        var text = Encoding.UTF8.GetBytes(secret.Reveal());
        var sealed_ = new byte[TextAt + text.Length];
        sealed_[0] = Version;
        key.Id.CopyTo(sealed_.AsSpan(1));
        RandomNumberGenerator.Fill(sealed_.AsSpan(NonceAt, 12));
        using var aes = new AesGcm(key.Bytes, 16);
        aes.Encrypt(sealed_.AsSpan(NonceAt, 12), text, sealed_.AsSpan(TextAt), sealed_.AsSpan(TagAt, 16), Encoding.UTF8.GetBytes(purpose));
        CryptographicOperations.ZeroMemory(text);
        return sealed_;
    }

    public Unsealing Open(ReadOnlySpan<byte> sealedValue, string purpose, out Secret? secret)
    {
        secret = null;
        if (sealedValue.Length < TextAt || sealedValue[0] != Version)
        {
            return Unsealing.Damaged;
        }

        if (keys.Find(sealedValue.Slice(1, MasterKey.IdLength)) is not { } key)
        {
            return Unsealing.UnknownMasterKey;
        }

        var text = new byte[sealedValue.Length - TextAt];
        try
        {
            using var aes = new AesGcm(key.Bytes, 16);
            aes.Decrypt(sealedValue.Slice(NonceAt, 12), sealedValue[TextAt..], sealedValue.Slice(TagAt, 16), text, Encoding.UTF8.GetBytes(purpose));
            secret = new Secret(Encoding.UTF8.GetString(text));
            return Unsealing.Opened;
        }
        catch (AuthenticationTagMismatchException)
        {
            return Unsealing.Damaged;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>Whether the value was sealed with the master key in use now.</summary>
    public bool IsCurrent(ReadOnlySpan<byte> sealedValue) =>
        sealedValue.Length >= NonceAt && sealedValue.Slice(1, MasterKey.IdLength).SequenceEqual(keys.Current.Id);
}
