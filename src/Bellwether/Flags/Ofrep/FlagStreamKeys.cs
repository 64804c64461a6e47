using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Bellwether.Identity;
using Bellwether.State;

namespace Bellwether.Flags;

/// <summary>
/// What stands in the address of a stream, because a browser's EventSource sends no headers: the id of the key that asked and a
/// code over it that only this server can make. It lets its holder learn that something changed, and nothing else, for as long as the key is valid.
/// </summary>
internal sealed class FlagStreamKeys(MasterKeys master, Keyring keyring, TimeProvider clock)
{
    private const int CodeBytes = 16;
    private static readonly byte[] s_purpose = "flags/stream/"u8.ToArray();

    /// <summary>The same each time, until the master key is another one.</summary>
    public string Of(ApiKey key) => $"{key.Id}.{Code(key.Id)}";

    /// <summary>Null for a text that is none, and for that of a key which is not valid any more.</summary>
    public ApiKey? Open(string text)
    {
        var dot = text.LastIndexOf('.');
        return dot > 0 && text.Length <= 200 && keyring.Find(text[..dot]) is { RevokedAt: null } key && !(key.ExpiresAt <= clock.GetUtcNow())
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text[(dot + 1)..]), Encoding.UTF8.GetBytes(Code(key.Id))) ? key : null;
    }

    private string Code(string id)
    {
        byte[] text = [.. s_purpose, .. Encoding.UTF8.GetBytes(id)];
        return Base64Url.EncodeToString(HMACSHA256.HashData(master.Current.Bytes, text).AsSpan(0, CodeBytes));
    }
}
