using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Bellwether.Detection;

/// <summary>
/// A token that an operator plants in a system prompt and that no honest answer contains: <c>bwc-</c> and 20 hex digits. It
/// needs no registration: one that stands in the call's own system prompt is looked for in the answer.
/// </summary>
public static class Canary
{
    private static readonly string s_prefix = "bwc-";
    private const int Digits = 20;
    private const int Most = 16;
    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789abcdef");

    /// <summary>The same token for the same name and secret, so that a prompt can be rendered anew each time.</summary>
    public static string Create(string name, ReadOnlySpan<byte> secret) =>
        s_prefix + Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(name)).AsSpan(0, Digits / 2));

    /// <summary>The tokens in a prompt, the first few.</summary>
    internal static IEnumerable<string> Find(string prompt)
    {
        var found = 0;
        for (var at = prompt.IndexOf(s_prefix, StringComparison.Ordinal); at >= 0 && found < Most; at = prompt.IndexOf(s_prefix, at + 1, StringComparison.Ordinal))
        {
            if (at + s_prefix.Length + Digits <= prompt.Length && !prompt.AsSpan(at + s_prefix.Length, Digits).ContainsAnyExcept(s_hex))
            {
                found++;
                yield return prompt.Substring(at, s_prefix.Length + Digits);
            }
        }
    }
}
