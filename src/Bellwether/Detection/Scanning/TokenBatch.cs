using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bellwether.Detection;

/// <summary>A token of a batch, and what was worked out for it.</summary>
/// <param name="Meant">Bits of its concepts.</param>
/// <param name="Start">Where it starts in the text.</param>
/// <param name="SlotsEnd">Where its slots end among those of the batch; they begin where those of the token before it end.</param>
/// <param name="Folded">Where its folded word begins among those of the batch.</param>
internal readonly record struct BatchToken(ulong Meant, int Start, int End, ushort SlotsEnd, ushort Folded, byte Length, CharClass Kind, bool StartsSentence);

/// <summary>
/// Some tokens in a row. What is done for each is done for all of them before the next thing is: where tokens are as short as signs
/// and come in no order, going from one task to the other for each of them costs more than the tasks.
/// </summary>
internal ref struct TokenBatch(Span<BatchToken> tokens, Span<int> slots, Span<char> folded)
{
    /// <summary>A token has four slots at least, and one more for each sign behind its first: where the slots of a token have room, it has.</summary>
    public const int MostSlots = 512, MostTokens = MostSlots / 4, MostChars = MostSlots;

    private readonly Span<BatchToken> _tokens = tokens[..MostTokens];
    private readonly Span<char> _folded = folded[..MostChars];
    private readonly Span<int> _slots = slots[..MostSlots];
    private int _slotCount, _charCount;

    /// <summary>How many tokens it has.</summary>
    public int Count { get; private set; }

    public readonly ReadOnlySpan<BatchToken> Tokens => _tokens[..Count];

    /// <summary>The slots of all tokens, see <see cref="HashedFeatures"/>.</summary>
    public readonly ReadOnlySpan<int> Slots => _slots[.._slotCount];

    /// <summary>Whether the longest token has room.</summary>
    public readonly bool HasRoom => _slotCount <= MostSlots - HashedFeatures.MaxPerToken;

    /// <summary>Room for the slots and for the folded word of the next token.</summary>
    public readonly Span<int> FreeSlots => _slots.Slice(_slotCount, HashedFeatures.MaxPerToken);

    public readonly Span<char> FreeChars => _folded.Slice(_charCount, TokenScanner.MaxWord);

    /// <summary>The first slot and the sign of a token of one sign, of a batch that has room.</summary>
    public readonly ref int FirstSlot => ref Unsafe.Add(ref MemoryMarshal.GetReference(_slots), _slotCount);

    public readonly ref char FirstChar => ref Unsafe.Add(ref MemoryMarshal.GetReference(_folded), _charCount);

    public readonly ReadOnlySpan<char> Word(in BatchToken token) => _folded.Slice(token.Folded, token.Length);

    public void Clear() => Count = _slotCount = _charCount = 0;

    /// <summary>Adds a token whose slots and folded word were written to where room was.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong meant, int start, int end, int slots, int length, CharClass kind, bool startsSentence)
    {
        _slotCount += slots;
        _tokens[Count++] = new(meant, start, end, (ushort)_slotCount, (ushort)_charCount, (byte)length, kind, startsSentence);
        _charCount += length;
    }
}
