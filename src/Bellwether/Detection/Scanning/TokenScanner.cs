namespace Bellwether.Detection;

/// <summary>How a text is read: as it stands, or by undoing one disguise.</summary>
internal enum Reading : byte { Plain, Leet, Rot13, Joined }

/// <summary>What a first reading saw that makes another one worth its time.</summary>
internal struct ScanSigns
{
    public int Letters, Invisible, Tags, LeetWords, SpacedLetters, LongestWord, Tokens, MixedScriptWords;
}

/// <summary>Where a scanner stands between two tokens.</summary>
/// <param name="Singles">Single letters in a row before it.</param>
internal readonly record struct ScanPlace(int Position, int Singles, bool SentenceEnded);

/// <summary>
/// Cuts a text into words, single ideographs and runs of signs, folded for comparison, with their place in the original. Reads each
/// unit once, allocates nothing; words longer than <see cref="MaxWord"/> are cut.
/// </summary>
internal ref struct TokenScanner(ReadOnlySpan<char> text, Span<char> buffer, Reading reading = Reading.Plain)
{
    public const int MaxWord = 32;
    public const int MaxSigns = 6;
    private const ulong EndsOfSentences = (1ul << '.') | (1ul << '!') | (1ul << '?') | (1ul << ';');

    private readonly ReadOnlySpan<char> _text = text;
    private readonly Span<char> _buffer = buffer;
    private readonly Reading _reading = reading;
    private int _position, _length, _singles;
    private bool _sentenceEnded;

    public ScanSigns Signs;

    public int Start { get; private set; }
    public int End { get; private set; }
    public CharClass Kind { get; private set; }

    /// <summary>A line or a sentence ended before this token.</summary>
    public bool StartsSentence { get; private set; }

    /// <summary>Set by who read some tokens by itself and counted them in <see cref="Signs"/>.</summary>
    public ScanPlace Place
    {
        readonly get => new(_position, _singles, _sentenceEnded);
        set => (_position, _singles, _sentenceEnded) = value;
    }

    public readonly ReadOnlySpan<char> Folded => _buffer[.._length];

    public bool Next()
    {
        if ((_position >= _text.Length || CharTable.Classes[_text[_position]] > CharClass.Ideograph) && !SkipBlanks())
        {
            return false;
        }
        StartsSentence = _sentenceEnded;
        _sentenceEnded = false;
        Start = _position;
        _length = 0;
        Signs.Tokens++;
        var unit = _text[_position];
        switch (CharTable.Classes[unit])
        {
            case CharClass.Letter or CharClass.Digit:
                ReadWord();
                break;
            case CharClass.Surrogate when TryReadPair(out _):
                ReadWord();
                break;
            case CharClass.Ideograph:
                Kind = CharClass.Ideograph;
                _buffer[_length++] = CharTable.Folds[unit];
                _position++;
                Signs.Letters++;
                break;
            default:
                ReadSigns();
                break;
        }
        End = _position;
        return true;
    }

    private bool SkipBlanks()
    {
        for (; _position < _text.Length; _position++)
        {
            switch (CharTable.Classes[_text[_position]])
            {
                case <= CharClass.Ideograph: return true;
                case CharClass.Space: break;
                case CharClass.Break: _sentenceEnded = true; break;
                case CharClass.Invisible: Signs.Invisible++; break;
                case CharClass.Surrogate when SkipsPair(): break;
                default: return true;
            }
        }
        return false;
    }

    private readonly bool TryReadInvisiblePair(out int codePoint)
    {
        codePoint = _position + 1 < _text.Length && char.IsSurrogatePair(_text[_position], _text[_position + 1]) ? char.ConvertToUtf32(_text[_position], _text[_position + 1]) : 0;
        return SupplementaryLetters.IsInvisible(codePoint);
    }

    // An invisible pair counts as one blank: the caller steps over its second half.
    private bool SkipsPair()
    {
        if (!TryReadInvisiblePair(out var codePoint))
        {
            return false;
        }
        Signs.Invisible++;
        Signs.Tags += SupplementaryLetters.IsTag(codePoint) ? 1 : 0;
        _position++;
        return true;
    }

    private readonly bool TryReadPair(out char letter)
    {
        letter = '\0';
        return _position + 1 < _text.Length && char.IsSurrogatePair(_text[_position], _text[_position + 1])
            && SupplementaryLetters.TryRead(char.ConvertToUtf32(_text[_position], _text[_position + 1]), out letter);
    }

    private void ReadWord()
    {
        Kind = CharClass.Letter;
        int digits = 0, digitsInside = 0, latin = 0, foreign = 0, letters = 0;
        while (_position < _text.Length && _length < MaxWord)
        {
            var unit = _text[_position];
            var kind = CharTable.Classes[unit];
            var fold = CharTable.Folds[unit];
            if (kind == CharClass.Letter)
            {
                if (fold < 'a' || fold > 'z')
                {
                    foreign += Confusables.IsForeign(fold) ? 1 : 0;
                }
                else
                {
                    latin++;
                }
                letters++;
                digitsInside += digits > 0 && digitsInside == 0 ? 1 : 0;
            }
            else if (kind == CharClass.Digit)
            {
                digits++;
                fold = _reading == Reading.Leet ? fold : '0';
            }
            else if (kind == CharClass.Surrogate)
            {
                if (SkipsPair())
                {
                    _position++;
                    continue;
                }
                if (!TryReadPair(out fold))
                {
                    break;
                }
                latin++;
                letters++;
                _position++;
            }
            else if (kind == CharClass.Invisible)
            {
                // An accent of its own is ordinary spelling (NFD).
                Signs.Invisible += unit is >= '\u0300' and <= '\u036F' ? 0 : 1;
                _position++;
                continue;
            }
            else if (!Continues(unit, fold))
            {
                break;
            }
            _buffer[_length++] = fold;
            _position++;
        }
        Signs.Letters += letters;
        Signs.LongestWord = Math.Max(Signs.LongestWord, _length);
        Signs.LeetWords += digitsInside > 0 && letters > 1 && digits <= letters + 1 ? 1 : 0;
        if (latin > 0 && foreign > 0)
        {
            Signs.MixedScriptWords++;
            Confusables.Fold(_buffer[.._length]);
        }
        if (letters == 0)
        {
            Kind = CharClass.Digit;
        }
        Disguised(letters);
    }

    // don't, and in a reading of leetspeak p@ssw0rd.
    private readonly bool Continues(char unit, char fold)
    {
        if (_position + 1 >= _text.Length || CharTable.Classes[_text[_position + 1]] is not (CharClass.Letter or CharClass.Digit))
        {
            return false;
        }
        return fold == '\'' || (_reading == Reading.Leet && unit is '@' or '$' or '!' or '|' or '+');
    }

    private void Disguised(int letters)
    {
        _singles = _length == 1 && letters == 1 ? _singles + 1 : 0;
        Signs.SpacedLetters = Math.Max(Signs.SpacedLetters, _singles);
        switch (_reading)
        {
            case Reading.Leet when letters > 0:
                Disguise.ReadLeet(_buffer[.._length]);
                break;
            case Reading.Rot13:
                Disguise.ReadRot13(_buffer[.._length]);
                break;
            case Reading.Joined when _length == 1:
                JoinLetters();
                break;
        }
    }

    // "i g n o r e", "i.g.n.o.r.e": one sign between single letters.
    private void JoinLetters()
    {
        while (_length < MaxWord && _position + 1 < _text.Length
            && CharTable.Classes[_text[_position]] is CharClass.Space or CharClass.Other
            && CharTable.Classes[_text[_position + 1]] == CharClass.Letter
            && (_position + 2 >= _text.Length || CharTable.Classes[_text[_position + 2]] is not (CharClass.Letter or CharClass.Digit)))
        {
            _buffer[_length++] = CharTable.Folds[_text[_position + 1]];
            _position += 2;
        }
    }

    // One look instead of a row of comparisons, of which signs in no order are guessed wrong half of the time.
    public static bool MayEndSentence(char fold) => fold < 64 ? (EndsOfSentences >> fold & 1) != 0 : fold is '。' or '।' or '؟';

    /// <summary>Whether a sign that may end a sentence does, by what stands at <paramref name="behind"/> it.</summary>
    public static bool IsEnd(ReadOnlySpan<char> text, char fold, int behind) =>
        fold > '\u007F' || behind >= text.Length || text[behind] is ' ' or '"' or '\'' or ')' or '\n';

    private void ReadSigns()
    {
        Kind = CharClass.Other;
        while (_position < _text.Length && _length < MaxSigns && CharTable.Classes[_text[_position]] is CharClass.Other or CharClass.Surrogate)
        {
            if (_length > 0 && CharTable.Classes[_text[_position]] == CharClass.Surrogate && (TryReadPair(out _) || TryReadInvisiblePair(out _)))
            {
                break;
            }
            var fold = CharTable.Folds[_text[_position++]];
            _buffer[_length++] = fold;
            _sentenceEnded |= MayEndSentence(fold) && IsEnd(_text, fold, _position);
        }
    }
}
