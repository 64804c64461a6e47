namespace Bellwether.Detection;

/// <summary><see cref="char.ToLowerInvariant"/> without its way through the libraries of Unicode, which costs as much as all else that is done for a letter.</summary>
internal static class LetterCase
{
    // Latin, Greek, Cyrillic, Armenian.
    private static readonly char[] s_lower = [.. Enumerable.Range(0, 0x590).Select(static code => char.ToLowerInvariant((char)code))];

    public static char Lower(char letter) =>
        letter < s_lower.Length ? s_lower[letter]
        // Hebrew to Myanmar, Chinese and Japanese, Hangul: scripts without case.
        : letter is < '\u10A0' or (>= '\u2E80' and < '\uA640') or (>= '\uAC00' and < '\uFF00') ? letter
        : char.ToLowerInvariant(letter);
}
