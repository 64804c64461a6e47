namespace Bellwether.Detection;

/// <summary>Letters outside the basic plane that are read as ASCII: 𝐢𝐠𝐧𝐨𝐫𝐞, 🅸🅶🅽🅾🆁🅴, and the invisible tag characters.</summary>
internal static class SupplementaryLetters
{
    private const int MathLetters = 0x1D400, MathDigits = 0x1D7CE;

    /// <summary>The ASCII character that is shown; false when it is another sign or half of one.</summary>
    public static bool TryRead(int codePoint, out char letter)
    {
        letter = codePoint switch
        {
            // 13 alphabets of 26 upper and 26 lower letters, one after the other.
            >= MathLetters and < 0x1D6A4 => (char)('a' + (codePoint - MathLetters) % 26),
            >= MathDigits and <= 0x1D7FF => (char)('0' + (codePoint - MathDigits) % 10),
            >= 0x1F130 and <= 0x1F149 => (char)('a' + codePoint - 0x1F130),
            >= 0x1F150 and <= 0x1F169 => (char)('a' + codePoint - 0x1F150),
            >= 0x1F170 and <= 0x1F189 => (char)('a' + codePoint - 0x1F170),
            >= 0x1F1E6 and <= 0x1F1FF => (char)('a' + codePoint - 0x1F1E6),
            _ => '\0',
        };
        return letter != '\0';
    }

    /// <summary>Tag characters mirror ASCII and show nothing: text that a person cannot see and a model reads.</summary>
    public static bool IsTag(int codePoint) => codePoint is >= 0xE0000 and <= 0xE007F;

    /// <summary>Variation selectors 17 to 256, with which bytes can be hidden behind any sign.</summary>
    public static bool IsInvisible(int codePoint) => codePoint is >= 0xE0000 and <= 0xE0FFF;
}
