using System.Buffers;
using System.Text;

namespace Bellwether.Detection;

/// <summary>
/// Announcements of a system prompt in a few languages. Alone they prove nothing (<c>I can't share my system prompt</c> is the right
/// answer); beside text of the prompt they make a short overlap count.
/// </summary>
internal static class LeakPhrases
{
    private static readonly string[] s_all =
    [
        "my instructions say", "my instructions are", "my system prompt is", "my system prompt says", "my system prompt reads", "here are my instructions",
        "here is my system prompt", "here's my system prompt", "i was instructed to", "i have been instructed to", "i was told to", "the system prompt is",
        "the system prompt says", "my initial instructions", "the instructions i was given", "my guidelines state", "instructions above", "verbatim:",
        "meine anweisungen lauten", "mein systemprompt lautet", "mes instructions sont", "mis instrucciones son", "le mie istruzioni sono", "minhas instruções são",
        "我的系统提示", "我的指令", "私の指示", "システムプロンプトは", "мои инструкции", "мой системный промпт",
    ];
    private static readonly SearchValues<string> s_phrases = SearchValues.Create(s_all, StringComparison.OrdinalIgnoreCase);
    // Without other scripts among them the search is vectorised: on plain English the one above costs as much as all the rest of a comparison.
    private static readonly SearchValues<string> s_ascii = SearchValues.Create([.. s_all.Where(phrase => Ascii.IsValid(phrase))], StringComparison.OrdinalIgnoreCase);

    // Each of those holds one of these. They begin with letters that are rarer together than "the" and "my ", at which every phrase would be tried.
    private static readonly SearchValues<string> s_telling = SearchValues.Create(["instru", "prompt", "told to", "guidelines", "verbatim:", "anweisungen", "istruzioni"], StringComparison.OrdinalIgnoreCase);

    internal static IReadOnlyList<string> All => s_all;

    /// <summary>Where one begins; −1 when there is none.</summary>
    public static int Find(ReadOnlySpan<char> text) => !Ascii.IsValid(text) ? text.IndexOfAny(s_phrases) : text.ContainsAny(s_telling) ? text.IndexOfAny(s_ascii) : -1;
}
