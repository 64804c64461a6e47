using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary>An answer: JSON, or nothing.</summary>
internal readonly record struct LangSmithAnswer(JsonNode? Body, int Status = StatusCodes.Status200OK);

/// <summary>A request of a client that may do what it asks for. Reading a field of the wrong type throws <see cref="LangSmithRefusal"/> with its name.</summary>
internal sealed class LangSmithCall(HttpContext context, ApiKey key, IngestBody? body, DateTimeOffset now)
{
    private const int LongestText = 10_000;

    public HttpContext Context { get; } = context;
    public ApiKey Key { get; } = key;
    public ProjectId Project => Key.Project;
    public DateTimeOffset Now { get; } = now;
    public CancellationToken Aborted => Context.RequestAborted;
    /// <summary>Points into rented memory: nothing that is kept may.</summary>
    public ReadOnlyMemory<byte> Bytes => body?.Memory ?? default;

    public JsonObject Object() => RunBatch.Parse(Bytes.Span) as JsonObject
        ?? throw new LangSmithRefusal(StatusCodes.Status422UnprocessableEntity, "invalid", "The body must be one JSON object without repeated names.");

    public JsonArray Array() => RunBatch.Parse(Bytes.Span) as JsonArray
        ?? throw new LangSmithRefusal(StatusCodes.Status422UnprocessableEntity, "invalid", "The body must be a JSON array.");

    public Guid RouteId(string name) => Guid.TryParse(Route(name), CultureInfo.InvariantCulture, out var id) ? id : throw LangSmithRefusal.Invalid(name, "must be a UUID");

    public string Route(string name) => Context.Request.RouteValues[name] as string ?? "";

    /// <summary>A parameter of the query string; empty when there is none.</summary>
    public string Parameter(string name) => Checked(name, Context.Request.Query[name].ToString());

    public IReadOnlyList<string> Parameters(string name) => [.. Context.Request.Query[name].Select(value => Checked(name, value ?? ""))];

    public IReadOnlyList<Guid> Ids(string name) =>
        [.. Parameters(name).Select(text => Guid.TryParse(text, CultureInfo.InvariantCulture, out var id) ? id : throw LangSmithRefusal.Invalid(name, "must be a UUID"))];

    public int Limit(int usual = 100, int most = 100) => Math.Min(Whole("limit", usual, 1), most);

    public int Offset() => Whole("offset", 0, 0);

    public bool Flag(string name) => Parameter(name) switch
    {
        "" or "false" or "False" or "0" => false,
        "true" or "True" or "1" => true,
        _ => throw LangSmithRefusal.Invalid(name, "must be true or false"),
    };

    /// <summary>A text that the store can hold, not longer than 10,000 characters; empty when it is absent or null.</summary>
    public static string Text(JsonObject of, string name, int longest = LongestText)
    {
        var node = of[name];
        if (node is null)
        {
            return "";
        }
        return node.GetValueKind() == JsonValueKind.String ? Checked(name, JsonFields.Text(node), longest) : throw LangSmithRefusal.Invalid(name, "must be a text");
    }

    public static string Checked(string name, string text, int longest = LongestText) =>
        text.Length > longest ? throw LangSmithRefusal.Invalid(name, $"may have at most {longest} characters")
        : text.Contains('\0') ? throw LangSmithRefusal.Invalid(name, "cannot hold the character U+0000")
        : text;

    public static Guid? Id(JsonObject of, string name) => of[name] is null ? null
        : JsonFields.Id(of[name]) ?? throw LangSmithRefusal.Invalid(name, "must be a UUID");

    public static DateTimeOffset? Time(JsonObject of, string name) => of[name] is null ? null
        : JsonFields.Time(of[name]) ?? throw LangSmithRefusal.Invalid(name, "must be an instant such as 2026-11-26T12:00:00Z");

    public static bool? Flag(JsonObject of, string name) => of[name] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>(),
        _ => throw LangSmithRefusal.Invalid(name, "must be true or false"),
    };

    /// <summary>One UUID or a list of them.</summary>
    public static IReadOnlyList<Guid> Ids(JsonObject of, string name, int most = 1_000)
    {
        if (of[name] is not { } node)
        {
            return [];
        }
        var items = node is JsonArray array ? array.ToList() : [node];
        return items.Count > most ? throw LangSmithRefusal.Invalid(name, $"may have at most {most} items")
            : [.. items.Select((item, index) => JsonFields.Id(item) ?? throw LangSmithRefusal.Invalid(node is JsonArray ? $"{name}[{index}]" : name, "must be a UUID"))];
    }

    public static IReadOnlyList<string> Texts(JsonObject of, string name, int most = 1_000)
    {
        if (of[name] is not { } node)
        {
            return [];
        }
        return node is JsonArray items && items.Count <= most
            ? [.. items.Select((item, index) => item?.GetValueKind() == JsonValueKind.String ? Checked(name, JsonFields.Text(item)) : throw LangSmithRefusal.Invalid($"{name}[{index}]", "must be a text"))]
            : throw LangSmithRefusal.Invalid(name, $"must be a list of at most {most} texts");
    }

    public static JsonObject? Fields(JsonObject of, string name) => of[name] switch
    {
        null => null,
        JsonObject fields => (JsonObject)fields.DeepClone(),
        _ => throw LangSmithRefusal.Invalid(name, "must be an object"),
    };

    private int Whole(string name, int usual, int least) => Parameter(name) is not { Length: > 0 } text ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least ? number
        : throw LangSmithRefusal.Invalid(name, $"must be a whole number of at least {least}");
}
