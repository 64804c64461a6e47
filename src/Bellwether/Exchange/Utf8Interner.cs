using System.IO.Hashing;
using System.Text;

namespace Bellwether.Exchange;

/// <summary>
/// Turns the same few short texts (model names, finish reasons, parameters) into the same string again and again. Bounded: a
/// slot holds one text and the next text of that slot replaces it. Thread-safe: a slot is one reference to something immutable.
/// </summary>
internal sealed class Utf8Interner(int slots = 512, int maxBytes = 256)
{
    private readonly Entry?[] _slots = new Entry?[slots];
    // Not predictable, so that nobody can make two models that are in use fight for one slot.
    private readonly long _seed = Random.Shared.NextInt64();

    /// <param name="utf8">Valid UTF-8; anything else becomes U+FFFD.</param>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "";
        }
        if (utf8.Length > maxBytes)
        {
            return Encoding.UTF8.GetString(utf8);
        }
        ref var slot = ref _slots[XxHash3.HashToUInt64(utf8, _seed) % (ulong)_slots.Length];
        if (slot is { } entry && utf8.SequenceEqual(entry.Utf8))
        {
            return entry.Text;
        }
        var made = new Entry(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        slot = made;
        return made.Text;
    }

    private sealed record Entry(byte[] Utf8, string Text);
}
