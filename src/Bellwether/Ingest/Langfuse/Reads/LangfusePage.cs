using System.Text.Json.Nodes;

namespace Bellwether.Ingest;

/// <summary><c>{"data":[…],"meta":{…}}</c></summary>
internal static class LangfusePage
{
    public static JsonObject Numbered(IEnumerable<JsonNode> data, (int Page, int Limit) paging, long total) => new()
    {
        ["data"] = new JsonArray([.. data]),
        ["meta"] = new JsonObject
        {
            ["page"] = paging.Page,
            ["limit"] = paging.Limit,
            ["totalItems"] = total,
            ["totalPages"] = (total + paging.Limit - 1) / paging.Limit,
        },
    };

    /// <param name="data">The things.</param>
    /// <param name="limit">Of each page.</param>
    /// <param name="next">Where the following page begins; on the last one the client gets none.</param>
    public static JsonObject Behind(IEnumerable<JsonNode> data, int limit, string? next)
    {
        var meta = new JsonObject { ["limit"] = limit };
        if (next is not null)
        {
            meta["cursor"] = next;
        }
        return new JsonObject { ["data"] = new JsonArray([.. data]), ["meta"] = meta };
    }
}
