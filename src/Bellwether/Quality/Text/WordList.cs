using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bellwether.Quality;

/// <summary>The words of a text, in order. Reused from text to text by one thread.</summary>
internal sealed class WordList
{
    internal const uint FnvBasis = 2166136261;
    internal const uint FnvPrime = 16777619;
    private const int MostKept = 64 * 1024;
    private const int LongestWord = 32;
    private readonly List<Word> _words = [];

    public ReadOnlySpan<Word> Words => CollectionsMarshal.AsSpan(_words);

    public int Count => _words.Count;

    public static WordList Of(ReadOnlySpan<char> text)
    {
        var list = new WordList();
        list.Read(text);
        return list;
    }

    public void Read(ReadOnlySpan<char> text)
    {
        _words.Clear();
        if (_words.Capacity > MostKept) { _words.Capacity = 0; }
        var sentenceStart = true;
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (!char.IsLetterOrDigit(c))
            {
                sentenceStart |= c is '.' or '!' or '?' or '\n' or ':' or '"' or '“' or '•' or '*' or '-';
                i++;
                continue;
            }
            var start = i;
            if (c >= '\u2E80' && c is not (>= '\uAC00' and <= '\uD7AF') and not (>= '\uFF10' and <= '\uFF5A'))
            {
                i++;
                Add(start, 1, c, c, WordKind.Ideograph);
            }
            else if (IsUnspaced(c)) { i = ReadUnspaced(text, start); }
            else if (char.IsAsciiDigit(c)) { i = ReadNumber(text, start, sentenceStart); }
            else { i = ReadWord(text, start, sentenceStart); }
            sentenceStart = false;
        }
    }

    /// <summary>Hash of the stem of a word, as <see cref="Word.Stem"/> has it.</summary>
    public static uint StemOf(ReadOnlySpan<char> word)
    {
        Span<char> lower = stackalloc char[LongestWord];
        var length = Lower(word, lower);
        return Hash(lower[..StemLength(lower[..length])]);
    }

    // Thai, Lao, Khmer and Burmese: a letter with its vowels and tones is no more than a letter elsewhere, so that it is told apart by the one behind it, too.
    private int ReadUnspaced(ReadOnlySpan<char> text, int start)
    {
        var end = ClusterEnd(text, start);
        var next = end < text.Length && IsUnspaced(text[end]) ? ClusterEnd(text, end) : end;
        Add(start, end - start, Hash(text[start..next]), Hash(text[start..end]), WordKind.Ideograph);
        return end;
    }

    private static int ClusterEnd(ReadOnlySpan<char> text, int start)
    {
        var end = start + 1;
        // Vowels that are written before their consonant.
        if (text[start] is (>= 'เ' and <= 'ไ') or (>= 'ເ' and <= 'ໄ') && end < text.Length && IsUnspaced(text[end])) { end++; }
        while (end < text.Length && (IsMark(text[end]) || text[end] is 'ะ' or 'า' or 'ำ' or 'ະ' or 'າ' or 'ຳ')) { end++; }
        return end;
    }

    private static bool IsUnspaced(char c) => c is (>= '\u0E00' and <= '\u0EFF') or (>= '\u1780' and <= '\u17FF') or (>= '\u1000' and <= '\u109F') && !char.IsDigit(c);

    [SkipLocalsInit]
    private int ReadWord(ReadOnlySpan<char> text, int start, bool sentenceStart)
    {
        var i = start + 1;
        while (i < text.Length && (char.IsLetterOrDigit(text[i]) || IsMark(text[i])) && text[i] < '\u2E80' && !IsUnspaced(text[i])) { i++; }
        // Hangul has spaces between words; it lies above.
        while (i < text.Length && text[i] is >= '\uAC00' and <= '\uD7AF') { i++; }
        var end = i;
        // don't, l'eau: the part behind the apostrophe belongs to it when it is short.
        if (i + 1 < text.Length && text[i] is '\'' or '’' && char.IsLetter(text[i + 1]))
        {
            var tail = i + 1;
            while (tail < text.Length && char.IsLetter(text[tail]) && tail - i <= 3) { tail++; }
            if (tail - i <= 3) { end = i = tail; }
        }
        Span<char> lower = stackalloc char[LongestWord];
        // By how many signs are hashed: the stem is the beginning of the word.
        Span<uint> hashes = stackalloc uint[LongestWord + 1];
        var length = Lower(text[start..end], lower);
        var exact = hashes[0] = FnvBasis;
        for (var at = 0; at < length; at++) { hashes[at + 1] = exact = (exact ^ lower[at]) * FnvPrime; }
        var number = NumberWords.ValueOf(lower[..length]);
        var kind = (char.IsUpper(text[start]) ? WordKind.Capital : 0) | (sentenceStart ? WordKind.SentenceStart : 0);
        if (number > 0) { Add(start, end - start, FnvBasis ^ ((uint)number * FnvPrime), exact, kind | WordKind.Number); }
        else { Add(start, end - start, hashes[StemLength(lower[..length])], exact, kind); }
        return i;
    }

    // 15,145 and 3.5 are one number each; 1,2,3 are three.
    private int ReadNumber(ReadOnlySpan<char> text, int start, bool sentenceStart)
    {
        var i = start;
        var hash = FnvBasis;
        var value = 0L;
        while (i < text.Length)
        {
            var c = text[i];
            if (char.IsAsciiDigit(c))
            {
                hash = (hash ^ c) * FnvPrime;
                value = value > 1_000_000 ? value : (value * 10) + c - '0';
            }
            else if (c == ',' && i + 3 < text.Length && char.IsAsciiDigit(text[i + 1]) && char.IsAsciiDigit(text[i + 2]) && char.IsAsciiDigit(text[i + 3])) { }
            else if (c == '.' && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]))
            {
                hash = (hash ^ c) * FnvPrime;
                value = long.MaxValue;
            }
            else { break; }
            i++;
        }
        // Small whole numbers are equal to their words: "three" and 3.
        var stem = value <= NumberWords.Most ? FnvBasis ^ ((uint)value * FnvPrime) : hash;
        var end = i;
        while (end < text.Length && char.IsAsciiLetterOrDigit(text[end])) { end++; }
        Add(start, end - start, stem, hash, WordKind.Number | (sentenceStart ? WordKind.SentenceStart : 0));
        return end;
    }

    private void Add(int start, int length, uint stem, uint exact, WordKind kind) => _words.Add(new(start, length, stem, exact, kind));

    private static int Lower(ReadOnlySpan<char> word, Span<char> into)
    {
        // Of monsters the beginning tells them apart well enough.
        var length = Math.Min(word.Length, into.Length);
        for (var i = 0; i < length; i++)
        {
            var c = word[i];
            into[i] = c < 128 ? (uint)(c - 'A') < 26 ? (char)(c | 0x20) : c : c == '’' ? '\'' : char.ToLowerInvariant(c);
        }
        return length;
    }

    // A light stemmer: enough for play, plays, played, playing; it need not be right where both texts are treated alike.
    private static int StemLength(ReadOnlySpan<char> word)
    {
        var length = word.Length;
        if (length > 3 && word.EndsWith("'s")) { length -= 2; }
        else if (length > 4 && word[..length].EndsWith("ies")) { return length - 3; }
        else if (length > 3 && word[length - 1] == 's' && word[length - 2] != 's') { length--; }
        if (length > 5 && word[..length].EndsWith("ing")) { length -= 3; }
        else if (length > 4 && word[..length].EndsWith("ed")) { length -= 2; }
        else if (length > 5 && word[..length].EndsWith("ly")) { length -= 2; }
        if (length > 3 && word[length - 1] == 'e') { length--; }
        if (length > 4 && word[length - 1] == word[length - 2]) { length--; }
        return length > 3 && word[length - 1] == 'y' ? length - 1 : length;
    }

    private static bool IsMark(char c) => c >= '\u0300' && char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;

    internal static uint Hash(ReadOnlySpan<char> text)
    {
        var hash = FnvBasis;
        foreach (var c in text) { hash = (hash ^ c) * FnvPrime; }
        return hash;
    }
}

/// <summary>English words of small numbers.</summary>
internal static class NumberWords
{
    public static readonly int Most = 20;

    /// <summary>0 for what is no number. "One" is a pronoun more often than a number.</summary>
    public static int ValueOf(ReadOnlySpan<char> word) => word switch
    {
        "two" => 2, "three" => 3, "four" => 4, "five" => 5, "six" => 6, "seven" => 7, "eight" => 8, "nine" => 9, "ten" => 10, "eleven" => 11,
        "twelve" => 12, "thirteen" => 13, "fourteen" => 14, "fifteen" => 15, "sixteen" => 16, "seventeen" => 17, "eighteen" => 18, "nineteen" => 19, "twenty" => 20,
        _ => 0,
    };
}
