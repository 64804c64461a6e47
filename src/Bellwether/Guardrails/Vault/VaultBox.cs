using System.Security.Cryptography;
using System.Text;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Guardrails;

/// <summary>
/// Seals values with AES-256-GCM under keys of the vault's own, which are derived from the master keys, so that neither opens
/// what the other sealed. A value that is moved to another row does not open.
/// <code>nonce (12) | tag (16) | ciphertext</code>
/// </summary>
public sealed class VaultBox(MasterKeys keys)
{
    private const int TagAt = 12;
    private const int TextAt = TagAt + 16;

    /// <summary>Name of the master key that seals now.</summary>
    public string KeyId => keys.Current.Name;

    public (byte[] Sealed, string KeyId) Seal(ProjectId project, string token, string value)
    {
        var key = keys.Current;
        var text = Encoding.UTF8.GetBytes(value);
        var made = new byte[TextAt + text.Length];
        RandomNumberGenerator.Fill(made.AsSpan(0, TagAt));
        using var aes = new AesGcm(Derive(key), 16);
        aes.Encrypt(made.AsSpan(0, TagAt), text, made.AsSpan(TextAt), made.AsSpan(TagAt, 16), Row(project, token));
        CryptographicOperations.ZeroMemory(text);
        return (made, key.Name);
    }

    /// <summary>Null: the master key is not there any more, or the row is damaged.</summary>
    public string? Open(ProjectId project, string token, byte[] made, string keyId)
    {
        if (made.Length < TextAt || keys.Find(Convert.FromHexString(keyId)) is not { } key) { return null; }
        var text = new byte[made.Length - TextAt];
        try
        {
            using var aes = new AesGcm(Derive(key), 16);
            aes.Decrypt(made.AsSpan(0, TagAt), made.AsSpan(TextAt), made.AsSpan(TagAt, 16), text, Row(project, token));
            return Encoding.UTF8.GetString(text);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static byte[] Derive(MasterKey key) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Bytes, 32, info: "bellwether vault"u8.ToArray());

    private static byte[] Row(ProjectId project, string token) => Encoding.UTF8.GetBytes($"vault\0{project.Value}\0{token}");
}
