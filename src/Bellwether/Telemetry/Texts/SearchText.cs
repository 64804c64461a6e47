using System.Buffers;
using System.Text;

namespace Bellwether.Telemetry;

/// <summary>What a search looks through, so that it reads one short text and no JSON.</summary>
public static class SearchText
{
    /// <summary>Text beyond this is not searchable. Each stored call keeps up to as much again on disk.</summary>
    public static readonly int MaxBytes = 32 * 1024;

    /// <summary>
    /// The payload's text in lower case, so that a search compares bytes. Made by the store for each row as it writes it: made any
    /// earlier, it would be the largest part of every record that waits.
    /// </summary>
    public static string Of(ObservationPayload payload)
    {
        if (payload.SearchText.Length > 0)
        {
            return payload.SearchText.ToLowerInvariant();
        }
        if (payload.IsEmpty)
        {
            return "";
        }
        var utf8 = PayloadText.Of(payload, MaxBytes);
        var text = ArrayPool<char>.Shared.Rent(Math.Max(1, utf8.Length));
        try
        {
            var length = Encoding.UTF8.GetChars(utf8, text);
            return string.Create(length, text, static (lower, chars) => chars.AsSpan(0, lower.Length).ToLowerInvariant(lower));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(text);
        }
    }
}
