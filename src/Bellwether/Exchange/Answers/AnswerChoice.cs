namespace Bellwether.Exchange;

/// <summary>The texts of one choice of a streamed answer.</summary>
internal sealed class AnswerChoice
{
    private const int MaxToolCalls = 256;

    private readonly List<AnswerToolCall> _calls = [];
    private int _used;

    public TextBuffer Text { get; } = new();
    public TextBuffer Reasoning { get; } = new();
    public TextBuffer Refusal { get; } = new();

    public bool IsEmpty => Text.Length == 0 && Reasoning.Length == 0 && Refusal.Length == 0 && _used == 0;

    /// <summary>A key that no call of this choice has yet, for servers that leave the index out.</summary>
    public int NextKey => _used;
    public int LastKey => _used == 0 ? 0 : _calls[_used - 1].Key;

    public AnswerToolCall ToolCall(int key, out bool isNew)
    {
        isNew = false;
        for (var i = _used - 1; i >= 0; i--)
        {
            if (_calls[i].Key == key)
            {
                return _calls[i];
            }
        }
        isNew = true;
        // Calls beyond the limit share the last place: counted, their text mixed. Nobody sends 256 calls in earnest.
        if (_used < MaxToolCalls)
        {
            if (_used == _calls.Count)
            {
                _calls.Add(new AnswerToolCall());
            }
            _used++;
        }
        _calls[_used - 1].Key = key;
        return _calls[_used - 1];
    }

    /// <summary>Writes the members, without braces. False when there are none.</summary>
    public bool Write(TextBuffer into)
    {
        var any = WriteText(into, "\"text\":"u8, Text, false);
        any = WriteText(into, "\"reasoning\":"u8, Reasoning, any);
        if (_used > 0)
        {
            into.Append(any ? ",\"tool_calls\":["u8 : "\"tool_calls\":["u8);
            any = true;
            for (var i = 0; i < _used; i++)
            {
                into.Append(i == 0 ? "{\"id\":"u8 : ",{\"id\":"u8);
                JsonText.AppendQuoted(into, _calls[i].Id.Span);
                into.Append(",\"name\":"u8);
                JsonText.AppendQuoted(into, _calls[i].Name.Span);
                into.Append(",\"arguments\":"u8);
                JsonText.AppendQuoted(into, _calls[i].Arguments.Span);
                into.Append((byte)'}');
            }
            into.Append((byte)']');
        }
        return WriteText(into, "\"refusal\":"u8, Refusal, any);
    }

    public void Clear()
    {
        Text.Clear();
        Reasoning.Clear();
        Refusal.Clear();
        foreach (var call in _calls)
        {
            call.Clear();
        }
        _used = 0;
    }

    private static bool WriteText(TextBuffer into, ReadOnlySpan<byte> name, TextBuffer text, bool any)
    {
        if (text.Length == 0)
        {
            return any;
        }
        if (any)
        {
            into.Append((byte)',');
        }
        into.Append(name);
        JsonText.AppendQuoted(into, text.Span);
        return true;
    }
}

internal sealed class AnswerToolCall
{
    public int Key { get; set; }
    public TextBuffer Id { get; } = new();
    public TextBuffer Name { get; } = new();
    /// <summary>As the model wrote them: mostly JSON.</summary>
    public TextBuffer Arguments { get; } = new();

    public void Clear()
    {
        Id.Clear();
        Name.Clear();
        Arguments.Clear();
    }
}
