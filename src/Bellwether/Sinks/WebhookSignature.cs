using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Bellwether.Sinks;

/// <summary>Signatures of Standard Webhooks 1.0: HMAC-SHA256 over <c>id.timestamp.body</c>, <c>v1,</c> and base64.</summary>
/// <remarks>https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md</remarks>
internal static class WebhookSignature
{
    private const string Prefix = "whsec_";
    private const int ShortestSecret = 24;
    private const int LongestSecret = 64;

    /// <summary>The key of a <c>whsec_…</c> secret, or null when it is none.</summary>
    public static byte[]? ParseSecret(string secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal) || !Base64.IsValid(secret.AsSpan(Prefix.Length)))
        {
            return null;
        }
        var key = Convert.FromBase64String(secret[Prefix.Length..]);
        return key.Length is >= ShortestSecret and <= LongestSecret ? key : null;
    }

    /// <param name="id">Of the message; the same in every attempt.</param>
    /// <param name="timestamp">Of the attempt.</param>
    public static string Sign(byte[] key, string id, DateTimeOffset timestamp, ReadOnlySpan<byte> body)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        mac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp.ToUnixTimeSeconds()}.")));
        mac.AppendData(body);
        return "v1," + Convert.ToBase64String(mac.GetHashAndReset());
    }
}
