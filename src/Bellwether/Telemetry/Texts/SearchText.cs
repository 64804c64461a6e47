using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Bellwether.Telemetry;

/// <summary>What a search looks through, so that it reads one short text and no JSON.</summary>
public static class SearchText
{
    /// <summary>Text beyond this is not searchable. Each stored call keeps up to as much again on disk.</summary>
    public static readonly int MaxBytes = 32 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_lower;

    /// <summary>
    /// The payload's text in lower case, so that a search compares bytes: valid UTF-8, which lives until the thread's next call.
    /// Made by the store for each row as it writes it: made any earlier, it would be the largest part of every record that waits.
    /// </summary>
    /// <param name="payload">Its payload.</param>
    /// <param name="isCall">Of a call of a model, whose bodies hold more than what was said. All texts of other steps count: what a chain is given has the names that its author chose.</param>
    public static ReadOnlySpan<byte> Of(ObservationPayload payload, bool isCall = true)
    {
        var lower = s_lower ??= new ArrayBufferWriter<byte>(4096);
        lower.ResetWrittenCount();
        if (payload.SearchText.Length > 0)
        {
            Lower(payload.SearchText, lower);
            return lower.WrittenSpan;
        }
        var text = PayloadText.Of(payload, MaxBytes, all: !isCall);
        if (Ascii.IsValid(text))
        {
            Ascii.ToLower(text, lower.GetSpan(text.Length + 1), out var written);
            lower.Advance(written);
            return lower.WrittenSpan;
        }
        var chars = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            // What is no UTF-8 becomes the sign for that.
            Utf8.ToUtf16(text, chars, out _, out var length);
            Lower(chars.AsSpan(0, length), lower);
            return lower.WrittenSpan;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    private static void Lower(ReadOnlySpan<char> text, ArrayBufferWriter<byte> into)
    {
        var chars = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            var length = text.ToLowerInvariant(chars);
            Encoding.UTF8.GetBytes(chars.AsSpan(0, length), into);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
        }
    }
}
