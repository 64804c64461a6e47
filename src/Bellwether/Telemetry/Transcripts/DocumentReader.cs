using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Bellwether.Telemetry;

/// <summary>A document that a retrieval found. Everything in it is hostile text.</summary>
/// <param name="Score">As the retriever says it, null when it says none; higher need not be better.</param>
/// <param name="Metadata">JSON text, or empty.</param>
public sealed record RetrievedDocument(string Id, string Content, double? Score, string Metadata);

/// <summary>
/// Reads the documents of a retrieval step out of what the clients of the known dialects send. Never throws.
/// <code>
/// OpenInference, flat:    {"retrieval.documents.0.document.content":"…","retrieval.documents.0.document.score":0.8}
/// OpenInference, nested:  {"retrieval":{"documents":[{"document":{"content":"…","score":0.8,"id":"7"}}]}}
/// LangSmith, LangChain:   {"documents":[{"page_content":"…","metadata":{"source":"a.md"}}]} or the bare array
/// </code>
/// </summary>
public static class DocumentReader
{
    private static readonly int s_most = 500;
    private static readonly string[] s_lists = ["retrieval.documents", "reranker.output_documents", "documents", "output", "outputs", "results", "matches"];

    public static ImmutableArray<RetrievedDocument> Read(ObservationPayload payload)
    {
        var fromAttributes = ReadBody(payload.Attributes, attributes: true);
        return fromAttributes.IsEmpty ? ReadBody(payload.Output, attributes: false) : fromAttributes;
    }

    private static ImmutableArray<RetrievedDocument> ReadBody(ReadOnlyMemory<byte> body, bool attributes)
    {
        if (body.IsEmpty) { return []; }
        using var document = LenientJson.Parse(body, out _);
        if (document is null) { return []; }
        var root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Array) { return List(root); }
        if (root.ValueKind != JsonValueKind.Object) { return []; }
        foreach (var name in attributes ? s_lists.AsSpan(0, 2) : s_lists)
        {
            if (Find(root, name) is { } list && List(list) is { IsEmpty: false } found) { return found; }
        }
        return attributes ? Flat(root) : [];
    }

    // "a.b" stands as one key, or as an object in an object; a list may have been written as JSON text.
    private static JsonElement? Find(JsonElement root, string name)
    {
        if (root.TryGetProperty(name, out var value)) { return value; }
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && root.TryGetProperty(name[..dot], out var inner) && inner.ValueKind == JsonValueKind.Object ? Find(inner, name[(dot + 1)..]) : null;
    }

    private static ImmutableArray<RetrievedDocument> List(JsonElement list)
    {
        if (list.ValueKind == JsonValueKind.String && TranscriptParts.Safe(list) is ['[', ..] text)
        {
            using var parsed = LenientJson.Parse(System.Text.Encoding.UTF8.GetBytes(text), out _);
            return parsed is null ? [] : List(parsed.RootElement);
        }
        if (list.ValueKind == JsonValueKind.Object && list.TryGetProperty("documents", out var inner)) { return List(inner); }
        if (list.ValueKind != JsonValueKind.Array) { return []; }
        return [.. list.EnumerateArray().Take(s_most).Select(One).OfType<RetrievedDocument>()];
    }

    private static RetrievedDocument? One(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object) { return null; }
        foreach (var wrapper in (ReadOnlySpan<string>)["document", "kwargs"])
        {
            if (item.TryGetProperty(wrapper, out var inner) && inner.ValueKind == JsonValueKind.Object)
            {
                return One(inner) is { } document ? document with { Score = document.Score ?? Number(item, "score") } : null;
            }
        }
        var content = First(item, "page_content", "pageContent", "document.content", "content", "text");
        if (content is null) { return null; }
        var metadata = item.TryGetProperty("metadata", out var data) || item.TryGetProperty("document.metadata", out data) ? Raw(data) : "";
        var score = Number(item, "score") ?? Number(item, "document.score") ?? Number(item, "relevance_score") ?? Number(item, "similarity")
            ?? (data.ValueKind == JsonValueKind.Object ? Number(data, "score") ?? Number(data, "relevance_score") : null);
        return new(First(item, "id", "document.id") ?? "", content, score, metadata);
    }

    private static ImmutableArray<RetrievedDocument> Flat(JsonElement root)
    {
        var found = new SortedDictionary<int, RetrievedDocument>();
        foreach (var property in root.EnumerateObject())
        {
            // retrieval.documents.0.document.content
            var parts = property.Name.Split('.');
            if (parts is not [_, "documents" or "output_documents", var index, "document", var field]
                || !int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at >= s_most)
            {
                continue;
            }
            var document = found.GetValueOrDefault(at, new("", "", null, ""));
            found[at] = field switch
            {
                "content" => document with { Content = Raw(property.Value) },
                "id" => document with { Id = Raw(property.Value) },
                "score" => document with { Score = AsNumber(property.Value) },
                "metadata" => document with { Metadata = Raw(property.Value) },
                _ => document,
            };
        }
        return [.. found.Values.Where(document => document.Content.Length > 0 || document.Id.Length > 0)];
    }

    private static string? First(JsonElement item, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (item.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number) { return Raw(value); }
        }
        return null;
    }

    private static double? Number(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? AsNumber(value) : null;

    private static double? AsNumber(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out var number) && double.IsFinite(number) => number,
        JsonValueKind.String when double.TryParse(TranscriptParts.Safe(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        _ => null,
    };

    private static string Raw(JsonElement value) => value.ValueKind == JsonValueKind.String ? TranscriptParts.Safe(value) : value.GetRawText();
}
