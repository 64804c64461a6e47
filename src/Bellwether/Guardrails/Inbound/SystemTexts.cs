using System.Text;

namespace Bellwether.Guardrails;

/// <summary>
/// The system prompt of a call as one text, the same instance for the same prompt. Two generations: what is asked for moves to the
/// young one, and when that is full the old one is forgotten.
/// </summary>
internal sealed class SystemTexts(VerdictCache keys)
{
    private const int MostEntries = 256;
    private const int MostChars = 4 * 1024 * 1024;

    private readonly Lock _lock = new();
    private Dictionary<UInt128, string> _young = [];
    private Dictionary<UInt128, string> _old = [];
    private int _chars;

    /// <param name="reader">What was read of the body.</param>
    /// <returns>Empty without a system prompt.</returns>
    public string Of(ReadOnlySpan<byte> body, PromptReader reader)
    {
        UInt128 key = 0;
        foreach (ref readonly var unit in reader.Units)
        {
            if (unit.Origin == PromptOrigin.System)
            {
                key = (key * 31) ^ keys.KeyOf(body, reader.PartsOf(unit), PromptOrigin.System);
            }
        }
        if (key == 0)
        {
            return "";
        }
        lock (_lock)
        {
            if (_young.TryGetValue(key, out var known) || _old.Remove(key, out known))
            {
                Keep(key, known);
                return known;
            }
        }
        var made = Read(body, reader);
        lock (_lock)
        {
            Keep(key, made);
        }
        return made;
    }

    private void Keep(UInt128 key, string text)
    {
        if (!_young.TryAdd(key, text))
        {
            return;
        }
        _chars += text.Length;
        if (_young.Count >= MostEntries || _chars > MostChars)
        {
            (_old, _young, _chars) = (_young, [], 0);
        }
    }

    private static string Read(ReadOnlySpan<byte> body, PromptReader reader)
    {
        var text = new StringBuilder();
        foreach (ref readonly var unit in reader.Units)
        {
            if (unit.Origin == PromptOrigin.System)
            {
                var decoded = TextJudge.Decode(body, reader.PartsOf(unit), unit.Bytes);
                foreach (ref readonly var part in decoded.Parts)
                {
                    text.Append(text.Length > 0 ? "\n" : "").Append(decoded.Text[part.Start..part.End]);
                }
            }
        }
        return text.ToString();
    }
}
