using System.Buffers;
using System.Runtime.InteropServices;

namespace Bellwether.Detection;

/// <summary>The end of an answer that comes in, from the beginning of the stretch without spaces that it is in: it may be encoded, and is decoded again as it grows.</summary>
internal sealed class EncodedTail(PromptIndex index)
{
    // Decoded again when it has grown by this much, and by an eighth: so each character is decoded a bounded number of times.
    private const int DecodeEvery = 32;
    private static readonly SearchValues<char> s_betweenWords = SearchValues.Create(" \t\r\n,;.:!?()[]{}<>\"'`|");
    private static readonly SearchValues<char> s_hexMarks = SearchValues.Create("0123456789abcdefABCDEFx\\");

    [ThreadStatic]
    private static LeakReading? s_reading;
    private readonly List<char> _chars = [];
    private readonly List<int> _places = [];
    private int _wordLength;
    private int _decodedAt;

    public int Longest { get; private set; }

    public int Covered { get; private set; }

    public bool Canary { get; private set; }

    /// <summary>Where the stretch begins if it may be encoded; <paramref name="none"/> otherwise.</summary>
    public int HeldFrom(int none) => _chars.Count >= EncodedRuns.Shortest / 2 ? _places[0] : none;

    /// <summary>Takes the next piece and where each of its characters stands. A stretch goes on over a separator only behind words that look encoded: <c>59 6f 75 20</c>, and lines of base64.</summary>
    public void Append(ReadOnlySpan<char> piece, ReadOnlySpan<int> places)
    {
        while (!piece.IsEmpty)
        {
            var space = piece.IndexOfAny(s_betweenWords);
            var word = space < 0 ? piece.Length : space;
            Add(piece[..word], places);
            _wordLength += word;
            if (space >= 0)
            {
                if (LooksEncoded(CollectionsMarshal.AsSpan(_chars)[^_wordLength..])) { Add(piece.Slice(space, 1), places[space..]); }
                else { End(keep: 0); }
                _wordLength = 0;
                word++;
            }
            // Longer than may wait: what came before is looked at as far as it went.
            if (_chars.Count > 2 * LeakStream.MostHeld) { End(keep: LeakStream.MostHeld / 2); }
            piece = piece[word..];
            places = places[word..];
        }
    }

    /// <summary>Looks into the stretch, if it has grown enough.</summary>
    public void Decode(bool final)
    {
        var grown = _chars.Count - _decodedAt;
        if (_chars.Count < EncodedRuns.Shortest / 2 || grown == 0 || (!final && grown < Math.Max(DecodeEvery, _decodedAt / 8))) { return; }
        _decodedAt = _chars.Count;
        var reading = s_reading ??= new LeakReading();
        reading.ReadEncoded(CollectionsMarshal.AsSpan(_chars), index);
        Longest = Math.Max(Longest, reading.Longest);
        Covered = Math.Max(Covered, reading.Covered);
        Canary |= reading.Canary;
    }

    private static bool LooksEncoded(ReadOnlySpan<char> word) =>
        word.Length == 0 || word.Length >= EncodedRuns.Shortest || (word.Length <= 4 && !word.ContainsAnyExcept(s_hexMarks)) || (word.Length is 7 or 8 && !word.ContainsAnyExcept('0', '1'));

    private void Add(ReadOnlySpan<char> chars, ReadOnlySpan<int> places)
    {
        _chars.AddRange(chars);
        _places.AddRange(places[..chars.Length]);
    }

    private void End(int keep)
    {
        Decode(final: true);
        var gone = Math.Max(0, _chars.Count - keep);
        _chars.RemoveRange(0, gone);
        _places.RemoveRange(0, gone);
        _wordLength = _chars.Count;
        _decodedAt = 0;
    }
}
