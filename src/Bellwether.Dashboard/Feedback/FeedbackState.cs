using System.Collections.Immutable;
using Bellwether.Feedback;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.WebUtilities;

namespace Bellwether.Dashboard;

/// <summary>
/// Which feedback is shown, beside range and text, as it stands in the URL: <c>?name=user_feedback&amp;vote=down&amp;category=incorrect&amp;user=ann</c>.
/// A key may be repeated for "any of".
/// </summary>
internal sealed record FeedbackState
{
    // More are not read: a URL is anybody's.
    private static readonly int s_mostValues = 50;

    public ImmutableArray<string> Names { get; init; } = [];
    public ImmutableArray<string> Sources { get; init; } = [];
    public ImmutableArray<string> Categories { get; init; } = [];
    public ImmutableArray<string> Users { get; init; } = [];
    /// <summary>Up or down; null for all, those without a number included.</summary>
    public bool? Up { get; init; }

    public bool IsEmpty => Names.IsEmpty && Sources.IsEmpty && Categories.IsEmpty && Users.IsEmpty && Up is null;

    public static FeedbackState Parse(string uri)
    {
        var query = Query(uri);
        ImmutableArray<string> All(string key) => query.TryGetValue(key, out var values) ? [.. values.Select(value => value ?? "").Distinct(StringComparer.Ordinal).Take(s_mostValues)] : [];
        return new FeedbackState
        {
            Names = All("name"),
            Sources = All("source"),
            Categories = All("category"),
            Users = All("user"),
            Up = All("vote") switch { ["up"] => true, ["down"] => false, _ => null },
        };
    }

    /// <summary><paramref name="uri"/> with this state's keys replaced and all others kept.</summary>
    public string Apply(string uri)
    {
        var mark = uri.IndexOf('?', StringComparison.Ordinal);
        var others = Query(uri).Where(pair => pair.Key is not ("name" or "source" or "category" or "user" or "vote"))
            .SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value)));
        static IEnumerable<KeyValuePair<string, string?>> Own(string key, ImmutableArray<string> values) => values.Select(value => KeyValuePair.Create(key, (string?)value));
        IEnumerable<KeyValuePair<string, string?>> own =
            [.. Own("name", Names), .. Own("source", Sources), .. Own("category", Categories), .. Own("user", Users), .. Own("vote", Up switch { true => ["up"], false => ["down"], null => [] })];
        return QueryHelpers.AddQueryString(mark < 0 ? uri.Split('#')[0] : uri[..mark], others.Concat(own));
    }

    /// <summary>The question that this state asks of a project.</summary>
    public AnnotationQuery Of(ProjectId project, TimeRange range, string text) => new(project, range)
    {
        Names = Names, Sources = Sources, Categories = Categories, Authors = Users, Up = Up,
        // What validators, evaluators and guards find in every answer would bury what people say of some.
        OthersOnly = !Sources.Contains(FeedbackSources.Validator) && !Sources.Contains(FeedbackSources.Evaluator) && !Sources.Contains(Annotation.Guard),
        Text = text.Length > 0 ? text : null,
    };

    /// <summary>With the value chosen, or not when it was.</summary>
    public static ImmutableArray<string> Toggle(ImmutableArray<string> values, string value) => values.Contains(value) ? values.Remove(value) : values.Add(value);

    private static Dictionary<string, Microsoft.Extensions.Primitives.StringValues> Query(string uri)
    {
        var mark = uri.IndexOf('?', StringComparison.Ordinal);
        return QueryHelpers.ParseQuery(mark < 0 ? "" : uri[mark..].Split('#')[0]);
    }
}
