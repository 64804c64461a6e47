using System.Globalization;
using System.Text;

namespace Bellwether.Detection;

/// <summary>What a UTF-16 unit is to the scanner.</summary>
internal enum CharClass : byte { Other, Letter, Digit, Ideograph, Space, Break, Invisible, Surrogate }

/// <summary>
/// For each UTF-16 unit what it is and what it is read as: compatibility forms (NFKC), Latin letters without their accents, lower case.
/// One table instead of <see cref="string.Normalize()"/>, because it keeps offsets and allocates nothing.
/// </summary>
internal static class CharTable
{
    private static readonly CharClass[] s_classes = new CharClass[65536];
    private static readonly char[] s_folds = new char[65536];

    public static ReadOnlySpan<CharClass> Classes => s_classes;
    public static ReadOnlySpan<char> Folds => s_folds;

    static CharTable()
    {
        for (var code = 0; code < 65536; code++)
        {
            var unit = (char)code;
            var fold = Fold(unit);
            s_folds[code] = fold;
            s_classes[code] = Classify(unit, fold);
        }
    }

    private static char Fold(char unit)
    {
        var fold = unit;
        // Elsewhere nothing has a compatibility form: ideographs, Hangul syllables, surrogates, private use.
        if (unit is >= '\u00A0' and < '\u3400' or >= '\uF900' and < '\uFFF0' && !char.IsSurrogate(unit))
        {
            var compatible = unit.ToString().Normalize(NormalizationForm.FormKC);
            if (compatible.Length > 0)
            {
                fold = compatible[0];
            }
            if (fold is < '\u0250' or >= '\u1E00' and < '\u1F00')
            {
                fold = fold.ToString().Normalize(NormalizationForm.FormD)[0];
            }
        }
        return char.ToLowerInvariant(fold) switch
        {
            '’' or '‘' or '´' or '`' => '\'',
            '“' or '”' or '„' or '«' or '»' => '"',
            '–' or '—' or '−' => '-',
            'ı' => 'i',
            'ł' => 'l',
            'đ' => 'd',
            'ø' => 'o',
            'ß' => 's',
            var other => other,
        };
    }

    private static CharClass Classify(char unit, char fold)
    {
        if (char.IsSurrogate(unit))
        {
            return CharClass.Surrogate;
        }
        if (unit is '\n' or '\r' or '\u2028' or '\u2029' or '\u0085')
        {
            return CharClass.Break;
        }
        if (char.IsWhiteSpace(unit))
        {
            return CharClass.Space;
        }
        var category = CharUnicodeInfo.GetUnicodeCategory(unit);
        // Hangul fillers and the combining grapheme joiner are letters and marks by name and show nothing; accents on Latin are folded away.
        if (category is UnicodeCategory.Format or UnicodeCategory.Control
            || unit is '\u115F' or '\u1160' or '\u3164' or '\uFFA0' or >= '\u0300' and <= '\u036F' or >= '\uFE00' and <= '\uFE0F' or >= '\u180B' and <= '\u180F')
        {
            return CharClass.Invisible;
        }
        // Scripts that write no spaces: each character is a token, and their sequences are the words.
        if (unit is >= '\u0E00' and <= '\u0EFF' or >= '\u1000' and <= '\u109F' or >= '\u1780' and <= '\u17FF'
            or >= '\u3040' and <= '\u30FF' or >= '\u3400' and <= '\u9FFF' or >= '\uF900' and <= '\uFAFF' or >= '\uFF66' and <= '\uFF9F' or '々')
        {
            return CharClass.Ideograph;
        }
        if (char.IsDigit(fold))
        {
            return CharClass.Digit;
        }
        return char.IsLetter(fold) || category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark ? CharClass.Letter : CharClass.Other;
    }
}
