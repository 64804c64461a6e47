namespace Bellwether.Detection;

/// <summary>
/// One sign for all that are read as the same letter: small and capital, of any width and font, with an accent, of another script that looks alike, and the
/// digit that stands for it in leetspeak (<c>4</c> is <c>a</c>). Prompts and answers are both reduced to these, so what is lost is lost on both sides.
/// </summary>
internal static class LetterShapes
{
    private const string Digits = "oizeasgtbg";

    // Small capitals and letters turned round are letters of the phonetic alphabets, to which Unicode gives no compatibility form.
    private const string Look = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ";
    private const string Read = "abcdefghijklmnoprstuvwyzacefghijkmrtvwy";

    private static readonly byte[] s_ascii = [.. Enumerable.Range(0, 128).Select(static code => (byte)OfAscii((char)code))];
    private static readonly char[] s_others = Others();

    /// <summary>For each ASCII character its shape, 0 for what is no letter or digit.</summary>
    public static byte[] Ascii => s_ascii;

    /// <summary>The shape of a letter or digit; 0 for everything else.</summary>
    public static char Of(char c) => c < 128 ? (char)s_ascii[c] : s_others[c];

    private static char OfAscii(char c) => char.IsAsciiDigit(c) ? Digits[c - '0'] : char.IsAsciiLetter(c) ? (char)(c | 0x20) is 'l' ? 'i' : (char)(c | 0x20) : '\0';

    private static char[] Others()
    {
        var table = new char[65536];
        for (var code = 128; code < table.Length; code++)
        {
            var fold = CharTable.Folds[code];
            var unit = (char)code;
            var shape = Look.IndexOf(unit, StringComparison.Ordinal) is >= 0 and var place ? Read[place] : Confusables.Read(fold);
            table[code] = CharTable.Classes[code] is CharClass.Invisible or CharClass.Surrogate ? '\0' : shape < 128 ? OfAscii(shape) : char.IsLetterOrDigit(shape) ? shape : '\0';
        }
        return table;
    }
}
