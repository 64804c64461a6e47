using System.Text;

namespace Bellwether.Detection;

/// <summary>Lower case without accents, for Latin letters; other scripts only in lower case.</summary>
internal static class NameFolding
{
    private static readonly char[] s_latin = Latin();

    /// <returns>How many characters were written; 0 for a word that does not fit.</returns>
    public static int Fold(ReadOnlySpan<char> word, Span<char> into)
    {
        if (word.Length > into.Length)
        {
            return 0;
        }
        for (var i = 0; i < word.Length; i++)
        {
            var c = word[i];
            into[i] = c < s_latin.Length ? s_latin[c] : c is >= '\u1e00' and < '\u1f00' ? Base(c) : c == '’' ? '\'' : LetterCase.Lower(c);
        }
        return word.Length;
    }

    private static char[] Latin()
    {
        var table = new char[0x250];
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = Base((char)i);
        }
        return table;
    }

    private static char Base(char c) => c switch
    {
        'ø' or 'Ø' => 'o', 'ł' or 'Ł' => 'l', 'đ' or 'Đ' => 'd', 'ı' or 'İ' => 'i', 'ə' or 'Ə' => 'e',
        _ => char.ToLowerInvariant(c.ToString().Normalize(NormalizationForm.FormD)[0]),
    };
}
