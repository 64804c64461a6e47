using System.Globalization;
using System.Text.Json;

namespace Bellwether.Ingest;

/// <summary>
/// Puts lists that were spread over keys (<c>0.message.role</c>, <c>0.message.content</c>, <c>1.…</c>) together again. Indices are
/// ordered and not trusted: index 4,000,000,000 is the last of its list and costs one entry.
/// </summary>
internal sealed class IndexedTree
{
    private const int MostNodes = 20_000;
    private const int MostDepth = 16;

    private readonly Node _root = new();
    private int _nodes;

    /// <returns>False when there is no room for it.</returns>
    public bool Add(string path, AttributeValue value)
    {
        var node = _root;
        var segments = path.Split('.', MostDepth);
        foreach (var segment in segments)
        {
            node.Children ??= new SortedDictionary<string, Node>(IndexOrder.Instance);
            if (!node.Children.TryGetValue(segment, out var next))
            {
                if (++_nodes > MostNodes)
                {
                    return false;
                }
                node.Children[segment] = next = new Node();
            }
            node = next;
        }
        node.Value = value;
        return true;
    }

    public byte[] ToJson(ReadOnlySpan<byte> body)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, _root, body);
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Node node, ReadOnlySpan<byte> body)
    {
        if (node.Children is not { } children)
        {
            node.Value.Write(json, body, int.MaxValue);
        }
        else if (children.Keys.All(key => IndexOrder.Number(key) is not null))
        {
            json.WriteStartArray();
            foreach (var child in children.Values)
            {
                Write(json, child, body);
            }
            json.WriteEndArray();
        }
        else
        {
            json.WriteStartObject();
            foreach (var (name, child) in children)
            {
                json.WritePropertyName(name);
                Write(json, child, body);
            }
            json.WriteEndObject();
        }
    }

    private sealed class Node
    {
        public SortedDictionary<string, Node>? Children { get; set; }
        public AttributeValue Value { get; set; }
    }

    private sealed class IndexOrder : IComparer<string>
    {
        public static readonly IndexOrder Instance = new();

        public int Compare(string? x, string? y) => (Number(x), Number(y)) switch
        {
            ({ } left, { } right) when left != right => left.CompareTo(right),
            (not null, null) => -1,
            (null, not null) => 1,
            _ => string.CompareOrdinal(x, y),
        };

        public static ulong? Number(string? key) => ulong.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
