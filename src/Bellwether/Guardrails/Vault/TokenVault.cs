using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Bellwether.Detection;
using Bellwether.Exchange;
using Bellwether.State;

namespace Bellwether.Guardrails;

/// <summary>
/// Gives out tokens such as <c>[EMAIL_BCDFGHJKLM]</c>: the kind, and ten letters of a keyed hash of the value, the project and the
/// session, or the call where it names none. The same value has the same token there and another one elsewhere; nobody can make
/// one up (43 bits), and one that the call was not given is not turned back. No digits and no vowels: neither a number nor a word.
/// </summary>
internal sealed class TokenVault(AnswerGuards guards, VaultQueue queue, MasterKeys keys, TimeProvider clock) : ITokenVault
{
    private const string Letters = "BCDFGHJKLMNPQRSTVWXZ";
    private const int Length = 10;

    // A rotation leaves it as it is until the next start, so that a session keeps its tokens.
    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, keys.Current.Bytes, 32, info: "bellwether vault token"u8.ToArray());

    public string? TokenFor(ModelCall call, PersonalDataType type, ReadOnlySpan<char> value)
    {
        var name = Name(call, type, value);
        if (!guards.For(call).Tokens.TryAdd(name, value)) { return null; }
        queue.Add(new VaultEntry(call.Project, name, type, value.ToString(), clock.GetUtcNow()));
        return $"[{name}]";
    }

    private string Name(ModelCall call, PersonalDataType type, ReadOnlySpan<char> value)
    {
        var scope = call.Session.Length > 0 ? "s" + call.Session : "c" + call.Id.ToString("N");
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{call.Project.Value}\0{scope}\0{type.Name()}\0{value}"), hash);
        var number = BinaryPrimitives.ReadUInt64LittleEndian(hash);
        var letters = new char[Length];
        foreach (ref var letter in letters.AsSpan())
        {
            (number, var digit) = Math.DivRem(number, (ulong)Letters.Length);
            letter = Letters[(int)digit];
        }
        return $"{type.Name()}_{new string(letters)}";
    }
}
