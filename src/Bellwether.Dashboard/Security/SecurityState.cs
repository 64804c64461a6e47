using System.Collections.Immutable;
using Bellwether.Guardrails;
using Bellwether.Primitives;
using Microsoft.AspNetCore.WebUtilities;

namespace Bellwether.Dashboard;

/// <summary>Which security events are shown, beside the range, as it stands in the URL: <c>?kind=injection&amp;action=block&amp;user=ann&amp;endpoint=checkout&amp;cursor=…</c>.</summary>
internal sealed record SecurityState
{
    private static readonly string[] s_keys = ["kind", "action", "user", "endpoint", "cursor"];
    // More are not read: a URL is anybody's.
    private static readonly int s_mostValues = 50;

    public ImmutableArray<string> Kinds { get; init; } = [];
    public ImmutableArray<string> Actions { get; init; } = [];
    public ImmutableArray<string> Users { get; init; } = [];
    public ImmutableArray<string> Endpoints { get; init; } = [];
    /// <summary>Where the page begins; empty for the newest event.</summary>
    public string Cursor { get; init; } = "";

    public bool IsEmpty => Kinds.IsEmpty && Actions.IsEmpty && Users.IsEmpty && Endpoints.IsEmpty;

    public static SecurityState Parse(string uri)
    {
        var query = Query(uri);
        ImmutableArray<string> All(string key) => query.TryGetValue(key, out var values) ? [.. values.Select(value => value ?? "").Where(value => value.Length > 0).Distinct(StringComparer.Ordinal).Take(s_mostValues)] : [];
        return new SecurityState { Kinds = All("kind"), Actions = All("action"), Users = All("user"), Endpoints = All("endpoint"), Cursor = All("cursor") is [var first, ..] ? first : "" };
    }

    /// <summary><paramref name="uri"/> with this state's keys replaced and all others kept.</summary>
    public string Apply(string uri)
    {
        var mark = uri.IndexOf('?', StringComparison.Ordinal);
        var others = Query(uri).Where(pair => !s_keys.Contains(pair.Key)).SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value)));
        return QueryHelpers.AddQueryString(mark < 0 ? uri.Split('#')[0] : uri[..mark], others.Concat(Own));
    }

    /// <summary>The address of a file of all that is asked for.</summary>
    public string Export(ProjectId project, TimeRange range, string format) => QueryHelpers.AddQueryString("/api/v1/security/events/export",
    [
        KeyValuePair.Create("project", (string?)project.Value), KeyValuePair.Create("from", (string?)At(range.From)), KeyValuePair.Create("to", (string?)At(range.To)),
        KeyValuePair.Create("format", (string?)format), .. (this with { Cursor = "" }).Own,
    ]);

    public SecurityEventQuery Of(ProjectId project, TimeRange range) => new(project, range) { Kinds = Kinds, Actions = Actions, Users = Users, Endpoints = Endpoints };

    // Another choice begins at its newest event.
    public SecurityState WithKind(string kind) => this with { Kinds = FeedbackState.Toggle(Kinds, kind), Cursor = "" };

    public SecurityState WithAction(string action) => this with { Actions = FeedbackState.Toggle(Actions, action), Cursor = "" };

    public SecurityState WithUser(string user) => this with { Users = FeedbackState.Toggle(Users, user), Cursor = "" };

    public SecurityState WithEndpoint(string endpoint) => this with { Endpoints = FeedbackState.Toggle(Endpoints, endpoint), Cursor = "" };

    private IEnumerable<KeyValuePair<string, string?>> Own =>
    [
        .. Pairs("kind", Kinds), .. Pairs("action", Actions), .. Pairs("user", Users), .. Pairs("endpoint", Endpoints), .. Cursor.Length > 0 ? Pairs("cursor", [Cursor]) : [],
    ];

    private static IEnumerable<KeyValuePair<string, string?>> Pairs(string key, ImmutableArray<string> values) => values.Select(value => KeyValuePair.Create(key, (string?)value));

    private static string At(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);

    private static Dictionary<string, Microsoft.Extensions.Primitives.StringValues> Query(string uri)
    {
        var mark = uri.IndexOf('?', StringComparison.Ordinal);
        return QueryHelpers.ParseQuery(mark < 0 ? "" : uri[mark..].Split('#')[0]);
    }
}
