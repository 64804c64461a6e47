using Bellwether.References;

namespace Bellwether.Dashboard;

/// <summary>Questions and expected answers as a person types them: the question on a line, the answer on the lines below, an empty line before the next. Empty lines inside a text are lost.</summary>
internal static class ReferenceText
{
    public static IReadOnlyList<ReferenceQuestion> Read(string text) =>
        [.. text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(block => block.Split('\n', 2, StringSplitOptions.TrimEntries)).Select(lines => new ReferenceQuestion(lines[0], lines.Length > 1 ? lines[1] : ""))];

    public static string Write(IEnumerable<ReferenceQuestion> questions) =>
        string.Join("\n\n", questions.Select(question => $"{Flat(question.Question, " ")}\n{Flat(question.Answer, "\n")}"));

    private static string Flat(string text, string between) => string.Join(between, text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
