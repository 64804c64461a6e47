using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bellwether.Detection;

/// <summary>
/// Reads the tokens of a text with their features and concepts, many at a time. The same as <see cref="TokenScanner"/>,
/// <see cref="HashedFeatures"/> and <see cref="ConceptTable"/> one after the other, which it asks for every token that has something
/// odd about it; of all others each unit is looked at once for all three.
/// </summary>
/// <param name="word">Scratch memory of <see cref="TokenScanner.MaxWord"/>.</param>
internal ref struct BatchReader(ReadOnlySpan<char> text, Span<char> word, Reading reading, Deadline deadline)
{
    /// <summary>Tokens after which the clock is asked again: about 50 µs.</summary>
    private const int TokensBetweenLooks = 1024;

    private readonly ReadOnlySpan<char> _text = text;
    private readonly ReadOnlySpan<uint> _units = reading == Reading.Leet ? UnitTable.LeetUnits : UnitTable.Units;
    // To undo a rotation every word has to be changed, and to join letters every word that is one.
    private readonly bool _isAllOdd = reading == Reading.Rot13, _areSinglesOdd = reading == Reading.Joined;
    private readonly ConceptTable _table = ConceptTable.Shared;
    private TokenScanner _scanner = new(text, word, reading);
    private HashedFeatures _features;
    private ConceptState _concepts;
    private int _singles, _nextLook = TokensBetweenLooks;
    private bool _ended;

    public readonly ScanSigns Signs => _scanner.Signs;

    /// <summary>The deadline passed before the end of the text.</summary>
    public bool OutOfTime { get; private set; }

    /// <summary>Replaces the tokens of the batch by the next ones; false when there are none.</summary>
    public bool Next(ref TokenBatch batch)
    {
        batch.Clear();
        while (batch.HasRoom)
        {
            if (!_isAllOdd)
            {
                ReadPlain(ref batch);
            }
            if (batch.HasRoom && !ReadOdd(ref batch))
            {
                break;
            }
        }
        if (_scanner.Signs.Tokens >= _nextLook)
        {
            _nextLook += TokensBetweenLooks;
            OutOfTime = deadline.HasPassed;
        }
        return !OutOfTime && batch.Count > 0;
    }

    private bool ReadOdd(ref TokenBatch batch)
    {
        if (!_scanner.Next())
        {
            return false;
        }
        var folded = _scanner.Folded;
        folded.CopyTo(batch.FreeChars);
        var slots = _features.Read(folded, batch.FreeSlots);
        var meant = _table.Read(folded, _scanner.Kind, ref _concepts);
        batch.Add(meant, _scanner.Start, _scanner.End, slots, folded.Length, _scanner.Kind, _scanner.StartsSentence);
        return true;
    }

    // Until the batch is full or the next token is odd: hidden or supplementary characters in it, or letters of scripts that do not go together.
    private void ReadPlain(ref TokenBatch batch)
    {
        var text = _text;
        // A unit has always a place in it.
        ref var units = ref MemoryMarshal.GetReference(_units);
        var place = _scanner.Place;
        var at = place.Position;
        (_singles, _ended) = (place.Singles, place.SentenceEnded);
        while (batch.HasRoom)
        {
            var unit = 0u;
            for (; at < text.Length && ((unit = Unsafe.Add(ref units, text[at])) & UnitTable.Blank) != 0; at++)
            {
                _ended |= (unit & UnitTable.Break) != 0;
            }
            if (at >= text.Length || (unit & (UnitTable.Invisible | UnitTable.Surrogate)) != 0)
            {
                break;
            }
            var next = at + 1 < text.Length ? Unsafe.Add(ref units, text[at + 1]) : 0;
            var goesOn = (unit & UnitTable.Word) != 0 ? WordGoesOn : (unit & UnitTable.Ideograph) != 0 ? 0 : SignsGoOn;
            if (_areSinglesOdd && goesOn == WordGoesOn && (next & UnitTable.Word) == 0)
            {
                break;
            }
            var end = (next & goesOn) == 0 ? ReadSingle(at, unit, ref batch) : ReadLong(at, unit, ref batch);
            if (end == at)
            {
                break;
            }
            at = end;
        }
        _scanner.Place = new(at, _singles, _ended);
    }

    // What may belong to a word behind a letter or a digit, and to a run of signs behind a sign.
    private const uint WordGoesOn = UnitTable.Word | UnitTable.Joins | UnitTable.Invisible | UnitTable.Surrogate, SignsGoOn = UnitTable.Sign | UnitTable.Joins | UnitTable.Surrogate;

    // a=b&c=d: a megabyte of such has as many tokens as units.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ReadSingle(int at, uint unit, ref TokenBatch batch)
    {
        var slots = _features.ReadSingle((char)unit, ref batch.FirstSlot, out var hash);
        batch.FirstChar = (char)unit;
        var startsSentence = _ended;
        _ended = false;
        ref var signs = ref _scanner.Signs;
        signs.Tokens++;
        var (meant, kind) = (0ul, CharClass.Other);
        if ((unit & UnitTable.Word) != 0)
        {
            var letter = (int)(unit >> UnitTable.Counts) & 1;
            kind = (CharClass)((int)CharClass.Digit - letter);
            _singles = (_singles + 1) & -letter;
            signs.Letters += letter;
            signs.LongestWord = Math.Max(signs.LongestWord, 1);
            signs.SpacedLetters = Math.Max(signs.SpacedLetters, _singles);
            meant = _table.MayMean(hash, _concepts.LastWord) ? _table.Read([(char)unit], kind, ref _concepts) : 0;
            _concepts.LastWord = hash;
        }
        else if ((unit & UnitTable.Ideograph) != 0)
        {
            kind = CharClass.Ideograph;
            signs.Letters++;
            meant = _table.Read([(char)unit], kind, ref _concepts);
        }
        else
        {
            _ended = (unit & UnitTable.Ends) != 0 && TokenScanner.IsEnd(_text, (char)unit, at + 1);
        }
        batch.Add(meant, at, at + 1, slots, 1, kind, startsSentence);
        return at + 1;
    }

    // Returns where it began when there is something odd in it.
    [SkipLocalsInit]
    private int ReadLong(int at, uint unit, ref TokenBatch batch)
    {
        var text = _text;
        ref var units = ref MemoryMarshal.GetReference(_units);
        var folded = batch.FreeChars;
        var isWord = (unit & UnitTable.Word) != 0;
        var (goesOn, most) = isWord ? (UnitTable.Word, TokenScanner.MaxWord) : (UnitTable.Sign | UnitTable.Joins, TokenScanner.MaxSigns);
        var (any, counts, length, next) = (0u, 0u, 0, unit);
        do
        {
            folded[length] = (char)next;
            any |= next;
            counts += (next & UnitTable.Word) == 0 ? 0 : next >> UnitTable.Counts;
            length++;
            next = at + length < text.Length ? Unsafe.Add(ref units, text[at + length]) : 0;
        }
        while (length < most && ((next & goesOn) != 0 || (isWord && Joins(next, at + length))));
        // What ended it may be a part of it that shows nothing, or half of one.
        if ((length < most && (next & (isWord ? UnitTable.Invisible | UnitTable.Surrogate : UnitTable.Surrogate)) != 0)
            || (isWord && (any & (UnitTable.Latin | UnitTable.Foreign)) == (UnitTable.Latin | UnitTable.Foreign)))
        {
            return at;
        }
        folded = folded[..length];
        Span<uint> hashes = stackalloc uint[TokenScanner.MaxWord + 1];
        var slots = _features.Read(folded, batch.FreeSlots, hashes);
        var (startsSentence, meant) = (_ended, 0ul);
        _ended = false;
        _scanner.Signs.Tokens++;
        if (isWord)
        {
            meant = _table.MayMean(hashes[..length], _concepts.LastWord) ? _table.Read(folded, CharClass.Letter, ref _concepts) : 0;
            _concepts.LastWord = hashes[length - 1];
            NoteWord(folded, (int)(counts & UnitTable.Letters), (int)(counts >> 6));
        }
        else if ((any & UnitTable.Ends) != 0)
        {
            _ended = EndsSentence(at, at + length);
        }
        batch.Add(meant, at, at + length, slots, length, !isWord ? CharClass.Other : (counts & UnitTable.Letters) == 0 ? CharClass.Digit : CharClass.Letter, startsSentence);
        return at + length;
    }

    private void NoteWord(ReadOnlySpan<char> folded, int letters, int digits)
    {
        ref var signs = ref _scanner.Signs;
        _singles = folded.Length == 1 && letters == 1 ? _singles + 1 : 0;
        signs.Letters += letters;
        signs.LongestWord = Math.Max(signs.LongestWord, folded.Length);
        signs.SpacedLetters = Math.Max(signs.SpacedLetters, _singles);
        // A digit with a letter behind it.
        if (digits > 0 && letters > 1 && digits <= letters + 1 && folded[(folded.IndexOf('0') + 1)..].ContainsAnyExcept('0', '\''))
        {
            signs.LeetWords++;
        }
    }

    // don't
    private readonly bool Joins(uint unit, int at) => (unit & UnitTable.Joins) != 0 && at + 1 < _text.Length && (UnitTable.Units[_text[at + 1]] & UnitTable.Word) != 0;

    private readonly bool EndsSentence(int start, int end)
    {
        for (var at = start; at < end; at++)
        {
            if ((UnitTable.Units[_text[at]] & UnitTable.Ends) != 0 && TokenScanner.IsEnd(_text, (char)UnitTable.Units[_text[at]], at + 1))
            {
                return true;
            }
        }
        return false;
    }
}
