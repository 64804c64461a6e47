using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary>A request of Langfuse's API by a key that may make it. A value that cannot be used ends it with 400 and the parameter's name.</summary>
internal sealed class LangfuseCall(HttpContext context, ApiKey key, DateTimeOffset now)
{
    private const int LongestText = 1_000;
    private const int MostValues = 100;
    private const int LongestJson = 20_000;
    private const int MostBytes = 4 * 1024 * 1024;

    public HttpContext Context { get; } = context;
    public ProjectId Project { get; } = key.Project;
    public DateTimeOffset Now { get; } = now;
    public CancellationToken Aborted => Context.RequestAborted;

    /// <summary>The body, which must be one JSON object.</summary>
    public static async Task<JsonObject> BodyAsync(HttpRequest request)
    {
        var (body, refusal) = await IngestBody.ReadAsync(request, MostBytes, request.HttpContext.RequestAborted);
        if (body is null)
        {
            throw IngestRefusal.Of(refusal!);
        }
        using (body)
        {
            return LooseJson.TryParse(body.Span, out var node) && node is JsonObject said ? said : throw LangfuseDoor.Invalid("The body must be one JSON object without repeated names.");
        }
    }

    /// <summary>A part of the path. Of what clients escape in it, the server leaves slashes as they are.</summary>
    public string Route(string name) => Checked(name, (Context.Request.RouteValues[name] as string ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));

    /// <summary>What a client asks for and we leave out would be a wrong answer: every parameter must be one that is answered here.</summary>
    public void Allow(params ReadOnlySpan<string> names)
    {
        foreach (var (name, _) in Context.Request.Query)
        {
            if (!names.Contains(name))
            {
                throw LangfuseDoor.Invalid(JsonFields.Short(name, 100), $"is not answered here; known are {string.Join(", ", names.ToArray())}");
            }
        }
    }

    public bool Has(string name) => Context.Request.Query.ContainsKey(name);

    /// <summary>Empty when it is not there.</summary>
    public string Text(string name) => Context.Request.Query[name] switch
    {
        { Count: 0 } => "",
        [{ } text] => Checked(name, text),
        _ => throw LangfuseDoor.Invalid(name, "may be there once"),
    };

    /// <summary>A text that is JSON; empty when it is not there.</summary>
    public string Json(string name) => Context.Request.Query[name] is [{ } text, ..] rest && rest.Count == 1 && text.Length <= LongestJson ? text
        : Has(name) ? throw LangfuseDoor.Invalid(name, $"may be there once, with at most {LongestJson} characters") : "";

    /// <summary>Values that are repeated or parted by commas, as the SDKs of different years write them.</summary>
    public ImmutableArray<string> List(string name)
    {
        ImmutableArray<string> values = [.. Context.Request.Query[name].SelectMany(text => Checked(name, text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct()];
        return values.Length <= MostValues ? values : throw LangfuseDoor.Invalid(name, $"may have at most {MostValues} values");
    }

    /// <summary>Groups of fields to answer; null when the client does not choose.</summary>
    public FrozenSet<string>? Fields(params ReadOnlySpan<string> known)
    {
        var chosen = List("fields");
        foreach (var field in chosen)
        {
            if (!known.Contains(field))
            {
                throw LangfuseDoor.Invalid("fields", $"knows {string.Join(", ", known.ToArray())}");
            }
        }
        return chosen.IsEmpty ? null : chosen.ToFrozenSet();
    }

    public int Limit(int most = 100) => Whole("limit", 50) is var limit && limit <= most ? limit : throw LangfuseDoor.Invalid("limit", $"may be at most {most}");

    /// <summary>Which page, counted from 1, of how many things each.</summary>
    public (int Page, int Limit) Paging()
    {
        var (page, limit) = (Whole("page", 1), Limit());
        return (long)(page - 1) * limit <= OffsetPages.Farthest ? (page, limit)
            : throw LangfuseDoor.Invalid("page", $"may begin behind at most {OffsetPages.Farthest} things; name an earlier end instead");
    }

    public TimeRange Window(string from, string to)
    {
        var window = new TimeRange(Time(from) ?? AnnotationQuery.AllTime.From, Time(to) ?? AnnotationQuery.AllTime.To);
        return window.To > window.From ? window : throw LangfuseDoor.Invalid(to, $"must be behind {from}");
    }

    public bool? Flag(string name) => Text(name) switch
    {
        "" => null,
        "true" => true,
        "false" => false,
        _ => throw LangfuseDoor.Invalid(name, "must be true or false"),
    };

    public double? Number(string name) => Text(name) is not { Length: > 0 } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
        : throw LangfuseDoor.Invalid(name, "must be a number");

    private int Whole(string name, int usual) => Text(name) is not { Length: > 0 } text ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw LangfuseDoor.Invalid(name, "must be a whole number of at least 1");

    private DateTimeOffset? Time(string name) => Text(name) is not { Length: > 0 } text ? null
        : DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year is >= 1970 and < 9999 ? time
        : throw LangfuseDoor.Invalid(name, "must be an instant such as 2026-11-26T12:00:00Z");

    private static string Checked(string name, string text) =>
        text.Length > LongestText ? throw LangfuseDoor.Invalid(name, $"may have at most {LongestText} characters")
        : text.Contains('\0') ? throw LangfuseDoor.Invalid(name, "cannot hold the character U+0000")
        : text;
}
