using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Bellwether.Ingest;

/// <summary>The attributes of one span, sorted by what they mean. One object serves all spans of a request.</summary>
internal sealed class SpanAttributes(ReadOnlyMemory<byte> body)
{
    /// <summary>Bytes of one unmapped text that are kept.</summary>
    public const int MostAttributeBytes = 16 * 1024;
    /// <summary>Bytes of all that nothing maps of one span.</summary>
    public const int MostUnmappedBytes = 256 * 1024;
    /// <summary>Attributes of a span that are kept when nothing maps them.</summary>
    public const int MostAttributes = 1_000;
    // Of lists that are spread over keys, and of messages that are events.
    private const int MostFamilyEntries = 50_000;
    private const int MostMessages = 1_000;

    private readonly List<AttributeValue> _unmapped = [];
    private readonly AttributeValue[] _fields = new AttributeValue[FieldTable.Fields];
    private readonly int[] _ranks = new int[FieldTable.Fields];
    private readonly List<(SpanFamily Family, int Prefix, AttributeValue Value)> _families = [];
    private readonly List<SpanMessage> _messages = [];
    private int _dropped;

    public ReadOnlySpan<byte> Body => body.Span;

    public void Clear()
    {
        _unmapped.Clear();
        _families.Clear();
        _messages.Clear();
        Array.Clear(_fields);
        Array.Fill(_ranks, int.MaxValue);
        _dropped = 0;
    }

    public void Add(Slice keyValue)
    {
        var value = AttributeValue.Read(Body, keyValue);
        var key = value.Key.In(Body);
        if (FieldTable.Default.TryFind(key, out var field, out var rank))
        {
            var loser = value;
            if (rank < _ranks[(int)field])
            {
                (loser, _fields[(int)field], _ranks[(int)field]) = (_fields[(int)field], value, rank);
            }
            // The same said twice is no news; another value for the same field is kept.
            if (loser.Kind == ValueKind.None || loser.Text(Body) == _fields[(int)field].Text(Body))
            {
                return;
            }
            value = loser;
        }
        else if (FieldTable.Default.Family(key, out var prefix) is var family and not SpanFamily.None)
        {
            if (_families.Count < MostFamilyEntries)
            {
                _families.Add((family, prefix, value));
            }
            else
            {
                _dropped++;
            }
            return;
        }
        if (_unmapped.Count < MostAttributes)
        {
            _unmapped.Add(value);
        }
        else
        {
            _dropped++;
        }
    }

    public void AddMessage(SpanMessage message)
    {
        if (_messages.Count >= MostMessages)
        {
            _dropped++;
            return;
        }
        _messages.Add(message);
        if (message.IsAnswer && !Has(SpanField.FinishReason) && message.Member(Body, "finish_reason"u8) is { } reason)
        {
            // Any attribute that says it comes before this.
            (_fields[(int)SpanField.FinishReason], _ranks[(int)SpanField.FinishReason]) = (reason, int.MaxValue - 1);
        }
    }

    public bool HasMessages => _messages.Count > 0;

    /// <summary>Whether messages came as events: those of the request, or those of the answer.</summary>
    public bool SaysByEvent(bool answer) => _messages.Exists(message => message.IsAnswer == answer);

    /// <summary>These messages as one JSON list.</summary>
    public byte[] Messages(bool answer)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var message in _messages)
            {
                if (message.IsAnswer == answer)
                {
                    message.Write(json, Body);
                }
            }
            json.WriteEndArray();
        }
        return buffer.WrittenSpan.ToArray();
    }

    public bool Has(SpanField field) => _fields[(int)field].Kind != ValueKind.None;

    public string Text(SpanField field) => _fields[(int)field].Text(Body);

    public byte[] Bytes(SpanField field) => Has(field) ? _fields[(int)field].Json(Body) : [];

    /// <summary>A text as it stands in the body; empty for other values.</summary>
    public ReadOnlySpan<byte> Raw(SpanField field) => _fields[(int)field] is { Kind: ValueKind.Text } text ? text.Bytes.In(Body) : default;

    public double? Number(SpanField field) => _fields[(int)field].Double(Body);

    /// <summary>Bytes of a text or structure, without reading it.</summary>
    public int Length(SpanField field) => _fields[(int)field].Bytes.Length;

    public long? Count(SpanField field) => Number(field) is >= 0 and < 1e15 and var number ? (long)number : null;

    public bool HasFamily(SpanFamily family) => _families.Exists(entry => entry.Family == family);

    /// <summary>The first text of a family whose key ends so (<c>.finish_reason</c>); empty when there is none.</summary>
    public string FamilyText(SpanFamily family, ReadOnlySpan<byte> ending)
    {
        foreach (var entry in _families)
        {
            if (entry.Family == family && entry.Value.Kind == ValueKind.Text && entry.Value.Key.In(Body).EndsWith(ending))
            {
                return entry.Value.Text(Body);
            }
        }
        return "";
    }

    /// <summary>Texts that nothing maps under keys that begin and end so, as they came.</summary>
    public IEnumerable<string> UnmappedTexts(string beginning, string ending)
    {
        foreach (var value in _unmapped)
        {
            if (value.Kind == ValueKind.Text && Encoding.UTF8.GetString(value.Key.In(body.Span)) is var key
                && key.StartsWith(beginning, StringComparison.Ordinal) && key.EndsWith(ending, StringComparison.Ordinal))
            {
                yield return value.Text(body.Span);
            }
        }
    }

    public IndexedTree Tree(SpanFamily family)
    {
        var tree = new IndexedTree();
        foreach (var entry in _families)
        {
            if (entry.Family == family)
            {
                if (!tree.Add(Encoding.UTF8.GetString(entry.Value.Key.In(Body)[entry.Prefix..]), entry.Value))
                {
                    _dropped++;
                }
            }
        }
        return tree;
    }

    public IEnumerable<KeyValuePair<string, string>> Properties()
    {
        foreach (var (family, prefix, value) in _families)
        {
            if (family == SpanFamily.Property)
            {
                yield return new(Encoding.UTF8.GetString(value.Key.In(body.Span)[prefix..]), value.Text(body.Span));
            }
        }
    }

    /// <summary>Everything that no field has room for, as one JSON object; empty when there is nothing.</summary>
    public ReadOnlyMemory<byte> Unmapped(IReadOnlyList<AttributeValue> resource, string scope, IReadOnlyList<KeyValuePair<string, string>> notes)
    {
        if (_unmapped.Count == 0 && _dropped == 0 && resource.Count == 0 && scope.Length == 0 && notes.Count == 0)
        {
            return default;
        }
        var buffer = new ArrayBufferWriter<byte>(512);
        var names = new HashSet<string>(StringComparer.Ordinal);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            var cut = Write(json, names, _unmapped, "");
            cut |= Write(json, names, resource, "resource.");
            if (scope.Length > 0 && names.Add("otel.scope.name"))
            {
                json.WriteString("otel.scope.name", scope);
            }
            foreach (var (name, value) in notes)
            {
                if (names.Add(name))
                {
                    json.WriteString(name, value);
                }
            }
            if (cut)
            {
                json.WriteBoolean("bellwether.attributes_cut", true);
            }
            if (_dropped > 0)
            {
                json.WriteNumber("bellwether.attributes_dropped", _dropped);
            }
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private bool Write(Utf8JsonWriter json, HashSet<string> names, IReadOnlyList<AttributeValue> values, string prefix)
    {
        var cut = false;
        foreach (var value in values)
        {
            if (json.BytesCommitted + json.BytesPending > MostUnmappedBytes)
            {
                _dropped++;
                continue;
            }
            var key = value.Key.In(Body);
            var name = prefix + Encoding.UTF8.GetString(key[..Math.Min(key.Length, 512)]);
            if (names.Add(name))
            {
                json.WritePropertyName(name);
                cut |= value.Write(json, Body, MostAttributeBytes);
            }
        }
        return cut;
    }
}
