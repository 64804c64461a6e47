using System.Collections.Immutable;

namespace Bellwether.Dashboard;

/// <param name="Language">What stands behind the opening fence.</param>
internal readonly record struct MessageBlock(string Text, bool IsCode, string Language = "");

/// <summary>
/// Parts a message at its code fences, so that code keeps its columns. That is all of Markdown that is read: headings, links
/// and images stay the words they are.
/// </summary>
internal static class MessageBlocks
{
    private static readonly int MostBlocks = 200;

    public static ImmutableArray<MessageBlock> Of(string text)
    {
        if (!text.Contains("```", StringComparison.Ordinal))
        {
            return [new(text, false)];
        }
        var blocks = ImmutableArray.CreateBuilder<MessageBlock>();
        var from = 0;
        while (blocks.Count < MostBlocks)
        {
            var open = Fence(text, from);
            var body = open < 0 ? -1 : text.IndexOf('\n', open);
            if (body < 0) { break; }
            var close = Fence(text, body + 1);
            AddText(blocks, text[from..open]);
            var end = close < 0 ? text.Length : close;
            blocks.Add(new(text[(body + 1)..end].TrimEnd('\n', '\r'), true, text[open..body].Trim().TrimStart('`').Trim()));
            if (close < 0) { return blocks.DrainToImmutable(); }
            var line = text.IndexOf('\n', close);
            from = line < 0 ? text.Length : line + 1;
        }
        AddText(blocks, text[from..]);
        return blocks.Count == 0 ? [new(text, false)] : blocks.DrainToImmutable();
    }

    // A fence stands at the beginning of a line, indented by three blanks at most.
    private static int Fence(string text, int from)
    {
        while (from < text.Length)
        {
            var at = text.IndexOf("```", from, StringComparison.Ordinal);
            if (at < 0) { return -1; }
            var line = at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;
            if (at - line <= 3 && text.AsSpan(line, at - line).Trim(' ').IsEmpty) { return at; }
            from = at + 3;
        }
        return -1;
    }

    private static void AddText(ImmutableArray<MessageBlock>.Builder blocks, string text)
    {
        var trimmed = text.Trim('\n', '\r');
        if (trimmed.Length > 0) { blocks.Add(new(trimmed, false)); }
    }
}
