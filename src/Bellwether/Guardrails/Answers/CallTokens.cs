namespace Bellwether.Guardrails;

/// <summary>The tokens of one call and what they stand for. Only these are turned back in its answer, whatever else looks like one.</summary>
internal sealed class CallTokens
{
    /// <summary>Characters of a token with all the backslashes that Markdown may put in, brackets not counted.</summary>
    public const int Longest = 48;
    private const int Most = 10_000;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _byName;

    public CallTokens() => _byName = _values.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => _values.Count;

    /// <summary>False: the call has as many tokens as it may, or another value has this one.</summary>
    /// <param name="name">The token without its brackets.</param>
    public bool TryAdd(string name, ReadOnlySpan<char> value)
    {
        if (_values.TryGetValue(name, out var known)) { return value.SequenceEqual(known); }
        if (_values.Count >= Most) { return false; }
        _values.Add(name, value.ToString());
        return true;
    }

    public string? Find(ReadOnlySpan<char> name) => _byName.TryGetValue(name, out var value) ? value : null;
}
