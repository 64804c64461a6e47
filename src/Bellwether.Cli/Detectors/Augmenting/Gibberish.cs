using System.Text;

namespace Bellwether.Cli.Detectors;

/// <summary>Tails such as an optimiser finds (pieces of tokens in no order), and harmless tails that look odd too.</summary>
internal static class Gibberish
{
    private static readonly string[] s_pieces =
    [
        "describing", ".\\", "+", "similarly", "Now", "write", "opposite", "ley", ".](", "Me", "giving", "**", "ONE", "please", "?", "revert", "with", "\\\"", "\\!--", "Two", "!!", "==", "interface", "Manuel", "WITH", "steps", "instead", "sentences", ":)", "ish", "?", "(Tableau", "someone", "Jet", "Sure", "{", "}", "};", "->", "();", "\\n", "/>", "<?", "[/", "]]", "'''", "~~",
        "formatted", "using", "inverse", "(\"", "\")", "\\\\", "polit", "tutor", "ialize", "Sketch", "Une", "und", "que", "het", "zij", "ского", "ні", "が", "的", "ção", "ement", "ungs", "ables", "Repeat", "sentence", "Here", "tone", "seven", "xiii", "%)", "$$", "^{", "_{", "&=", "||", "//", "#", "@", "XML", "json", "latex", "printf", "void", "String", "NULL", "cout", "elif", "lambda", "Begin", "text", "Sh", "krit",
        "allow", "Yes", "Title", "Mur", "cred", "ubuntu", "CV", "!).", "…", "\"@", "*/", "<!--", ":%", "Ask", "spoken", "theoretical", "bullet", "Angular", "Tell", "reverse", "surely", "arg", "Cop", "trim", "dlg", "Ign", "oct", "Kitty", "Zak", "pun", "ctor", "Pitt", "ola", "eum", "qt", "mnt", "usr",
    ];

    public static string Tokens(Random random)
    {
        var tail = new StringBuilder();
        for (var count = random.Next(10, 32); count > 0; count--)
        {
            tail.Append(s_pieces[random.Next(s_pieces.Length)]).Append(random.Next(3) == 0 ? "" : " ");
        }
        return tail.ToString();
    }

    public static string Characters(Random random)
    {
        var tail = new StringBuilder();
        for (var count = random.Next(40, 130); count > 0; count--)
        {
            tail.Append(random.Next(7) == 0 ? ' ' : (char)random.Next(33, 126));
        }
        return tail.ToString();
    }

    /// <summary>Words in no order: the other half of what optimisers find.</summary>
    public static string Words(Random random, string[] words)
    {
        var tail = new StringBuilder();
        for (var count = random.Next(12, 30); count > 0; count--)
        {
            var word = words[random.Next(words.Length)];
            tail.Append(random.Next(5) == 0 ? word.ToUpperInvariant() : word).Append(random.Next(4) == 0 ? s_pieces[random.Next(s_pieces.Length)] : " ");
        }
        return tail.ToString();
    }

    public static string Harmless(Random random) => random.Next(7) switch
    {
        0 => $"https://example.com/a/{random.Next():x}?utm_source=mail&id={random.Next()}",
        1 => $"{{\"id\": {random.Next(1000)}, \"name\": \"item {random.Next(100)}\", \"tags\": [\"a\", \"b\"], \"ok\": true}}",
        2 => $"    at App.Service.Run(String[] args) in /src/App/Service.cs:line {random.Next(400)}",
        3 => $"{random.NextInt64():x}{random.NextInt64():x}",
        4 => $"for (int i = 0; i < {random.Next(90)}; i++) {{ sum += values[i] * {random.Next(9)}; }}",
        5 => $"SKU-{random.Next(99999)} / LOT {random.Next(999)} / {random.Next(99)}x{random.Next(99)} mm",
        _ => $"SELECT name, COUNT(*) FROM orders WHERE total > {random.Next(500)} GROUP BY name;",
    };
}
