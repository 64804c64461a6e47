using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.WebUtilities;

namespace Bellwether.Dashboard;

/// <summary>What the feedback page shows, as it stands in its URL: <c>?name=user_feedback&amp;source=user&amp;category=incorrect&amp;author=ada&amp;vote=down&amp;text=price</c>.</summary>
internal sealed record FeedbackState
{
    private static readonly ImmutableArray<string> s_keys = ["name", "source", "category", "author", "vote", "text"];

    public string Name { get; init; } = "";
    public string Source { get; init; } = "";
    public string Category { get; init; } = "";
    public string Author { get; init; } = "";
    /// <summary>Satisfied ones, the others, or null for all.</summary>
    public bool? Up { get; init; }
    public string Text { get; init; } = "";

    public bool IsEmpty => this == new FeedbackState();

    public static FeedbackState Parse(string uri)
    {
        var mark = uri.IndexOf('?', StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(mark < 0 ? "" : uri[mark..].Split('#')[0]);
        string Get(string key) => query.TryGetValue(key, out var value) ? value.ToString() : "";
        return new()
        {
            Name = Get("name"), Source = Get("source"), Category = Get("category"), Author = Get("author"), Text = Get("text"),
            Up = Get("vote") switch { "up" => true, "down" => false, _ => null },
        };
    }

    /// <summary><paramref name="uri"/> with this state's keys replaced and all others kept.</summary>
    public string Apply(string uri)
    {
        var mark = uri.IndexOf('?', StringComparison.Ordinal);
        var others = QueryHelpers.ParseQuery(mark < 0 ? "" : uri[mark..].Split('#')[0])
            .Where(pair => !s_keys.Contains(pair.Key)).SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value)));
        var own = s_keys.Zip([Name, Source, Category, Author, Up switch { true => "up", false => "down", _ => "" }, Text])
            .Where(pair => pair.Second.Length > 0).Select(pair => KeyValuePair.Create(pair.First, (string?)pair.Second));
        return QueryHelpers.AddQueryString(mark < 0 ? uri : uri[..mark], others.Concat(own));
    }

    public AnnotationQuery Query(ProjectId project, TimeRange window) => new(project, window)
    {
        Names = One(Name), Sources = One(Source), Categories = One(Category), Authors = One(Author), Up = Up, Text = Text.Length > 0 ? Text : null,
    };

    private static ImmutableArray<string> One(string value) => value.Length > 0 ? [value] : [];
}
