using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Bellwether.Ingest;

/// <summary>One item of a batch.</summary>
/// <param name="Json">What it is; null for a JSON null, and for an item that cannot be worked with.</param>
/// <param name="IsValid">False when a name is in it twice or it is nested too deeply: it alone is refused.</param>
/// <param name="Id">Its member <c>id</c>, also of one that is not valid; empty when there is none.</param>
internal readonly record struct BatchItem(JsonNode? Json, bool IsValid, string Id)
{
    public static readonly string Problem = $"holds a name twice, is nested too deeply, or has more than {LooseJson.MostValues} values";
}

/// <summary>
/// The JSON of a request with many things in it, taken apart before any of them is parsed, so that what is wrong with one is its trouble
/// alone: <c>{"batch":[{…},{…}]}</c>. Only what is no JSON at all is wrong as a whole. Nothing is held beside the bytes but the names of
/// the outermost members.
/// </summary>
internal sealed class BatchJson
{
    /// <summary>Every client sends some hundreds at most; an answer may have a word for each.</summary>
    public static readonly int MostItems = 100_000;

    // Of all items together, for those who hold them all.
    private const int MostValues = 4_000_000;

    private readonly Dictionary<string, ReadOnlyMemory<byte>> _members;

    private BatchJson(ReadOnlyMemory<byte> whole, Dictionary<string, ReadOnlyMemory<byte>> members) => (Whole, _members) = (whole, members);

    /// <summary>All of it.</summary>
    public ReadOnlyMemory<byte> Whole { get; }

    /// <summary>False for a list.</summary>
    public bool IsObject => Whole.Span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];

    /// <param name="json">Must not change while this is in use.</param>
    /// <returns>Null for what is neither an object without repeated outermost names nor a list.</returns>
    public static BatchJson? Of(ReadOnlyMemory<byte> json)
    {
        // Bytes that are no UTF-8, and halves of surrogate pairs, become U+FFFD.
        var valid = Utf8.IsValid(json.Span) ? json : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json.Span));
        var repaired = LooseJson.Repaired(valid.Span) ?? valid;
        try
        {
            return Split(repaired);
        }
        catch (JsonException)
        {
            try
            {
                return LooseJson.Finite(repaired.Span) is { } finite ? Split(finite) : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    public bool Has(string name) => _members.ContainsKey(name);

    /// <summary>Whether the member is there and no null.</summary>
    public bool Says(string name) => _members.TryGetValue(name, out var value) && !value.Span.SequenceEqual("null"u8);

    public bool IsList(string name) => _members.TryGetValue(name, out var value) && value.Span is [(byte)'[', ..];

    /// <summary>The member; null for one that is not there or cannot be worked with.</summary>
    public JsonNode? Get(string name) => _members.TryGetValue(name, out var value) && LooseJson.TryParse(value.Span, out var node) ? node : null;

    /// <summary>Whether the list has more items, or more in them, than is taken of one request.</summary>
    public bool IsTooLong(string name) => IsList(name) && IsTooLong(_members[name]);

    /// <summary>The same for the whole, where that is a list.</summary>
    public bool IsTooLong() => !IsObject && IsTooLong(Whole[^Whole.Span.TrimStart(" \t\r\n"u8).Length..]);

    /// <summary>The items of a member that is a list; nothing for any other.</summary>
    public IEnumerable<BatchItem> Items(string name) => IsList(name) ? Slices(_members[name]).Select(Item) : [];

    /// <summary>The same for the whole, where that is a list.</summary>
    public IEnumerable<BatchItem> Items() => IsObject ? [Item(Whole)] : Slices(Whole[^Whole.Span.TrimStart(" \t\r\n"u8).Length..]).Select(Item);

    /// <summary>The bytes of the items of a list that is known to be JSON.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Slices(ReadOnlyMemory<byte> list)
    {
        for (var rest = list[1..]; ;)
        {
            rest = rest[rest.Span.IndexOfAnyExcept(" \t\r\n,"u8)..];
            if (rest.Span[0] == ']')
            {
                yield break;
            }
            var length = Length(rest.Span);
            yield return rest[..length];
            rest = rest[length..];
        }
    }

    private static bool IsTooLong(ReadOnlyMemory<byte> list) => LooseJson.HasMore(list.Span, MostValues) || Slices(list).Skip(MostItems).Any();

    private static BatchItem Item(ReadOnlyMemory<byte> bytes) => LooseJson.TryParse(bytes.Span, out var node)
        ? new(node, true, JsonFields.Text(JsonFields.Get(node, "id")))
        : new(null, false, IdOf(bytes.Span));

    private static BatchJson? Split(ReadOnlyMemory<byte> json)
    {
        var members = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var reader = Reader(json.Span);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            reader.Skip();
        }
        else if (reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }
        else
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (!members.TryAdd(name, json[start..(int)reader.BytesConsumed]))
                {
                    return null;
                }
            }
        }
        // Something behind its end is no JSON.
        reader.Read();
        return new BatchJson(json, members);
    }

    private static int Length(ReadOnlySpan<byte> json)
    {
        var reader = Reader(json, isWhole: false);
        reader.Read();
        // A number may go on; that it does not is known by the comma or the bracket behind it.
        if (!reader.TrySkip())
        {
            throw new JsonException();
        }
        return (int)reader.BytesConsumed;
    }

    private static string IdOf(ReadOnlySpan<byte> json)
    {
        var reader = Reader(json);
        reader.Read();
        while (reader.TokenType == JsonTokenType.StartObject || reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                var isId = reader.ValueTextEquals("id"u8);
                reader.Read();
                if (isId)
                {
                    return reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
                }
                reader.Skip();
            }
            reader.Read();
        }
        return "";
    }

    // As deep as it is: the depth is a bit each, and an item that is too deep is found when it is parsed.
    private static Utf8JsonReader Reader(ReadOnlySpan<byte> json, bool isWhole = true) => new(json, isWhole, new JsonReaderState(new JsonReaderOptions { MaxDepth = int.MaxValue }));
}
