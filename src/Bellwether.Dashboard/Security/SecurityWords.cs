using Bellwether.Detection;
using Bellwether.Exchange;

namespace Bellwether.Dashboard;

/// <summary>Guards, actions and verdicts for people, each with a shape beside its tone: colour never says it alone.</summary>
internal static class SecurityWords
{
    public static string Kind(string guard) => guard switch
    {
        "injection" => "Injection",
        "harm" => "Harm",
        "leak" => "Leak",
        "pii" => "Personal data",
        "pattern" => "Own pattern",
        "unknown" => "Not checked",
        _ => VisibleText.Flatten(guard, 40),
    };

    public static string Action(string action) => action switch
    {
        "observe" => "Observed",
        "flag" => "Flagged",
        "mask" => "Masked",
        "hash" => "Hashed",
        "tokenise" => "Tokenised",
        "route" => "Re-routed",
        "block" => "Blocked",
        _ => VisibleText.Flatten(action, 40),
    };

    /// <summary>Icon and tone of an action.</summary>
    public static (string Icon, string Tone) Look(string action) => action switch
    {
        "block" => ("close", "bad"),
        "flag" or "route" => ("flag", "warn"),
        "mask" or "hash" or "tokenise" => ("edit", "warn"),
        _ => ("dot", "quiet"),
    };

    /// <summary>The colour of a kind in the chart.</summary>
    public static string Tone(string guard) => guard switch { "injection" => "bad", "harm" => "3", "leak" => "5", "pii" => "4", "pattern" => "2", _ => "8" };

    public static (string Label, string Icon, string Tone) Verdict(DetectorVerdict verdict) => verdict switch
    {
        DetectorVerdict.Pass => ("Nothing found", "check", "good"),
        DetectorVerdict.Flag => ("Flag", "flag", "warn"),
        DetectorVerdict.Block => ("Block", "alert", "bad"),
        DetectorVerdict.Unknown => ("Not checked", "help", "warn"),
        _ => throw new ArgumentOutOfRangeException(nameof(verdict)),
    };

    public static string Channel(TextChannel channel) => channel switch
    {
        TextChannel.User => "User",
        TextChannel.Document => "Document or tool result",
        TextChannel.System => "System prompt",
        TextChannel.Answer => "Answer of the model",
        _ => throw new ArgumentOutOfRangeException(nameof(channel)),
    };

    /// <summary>What a caller would see of an action, as a sentence.</summary>
    /// <param name="action">Null: the policy does nothing.</param>
    public static string Outcome(string? action, string? code) => action switch
    {
        null => "Nothing: the text passes, and no event is recorded.",
        _ when action == GuardActions.Observe => "The text passes as it is. An event is recorded; the caller sees nothing of it.",
        _ when action == GuardActions.Flag => "The text passes. An event is recorded, and the answer carries the header X-Bellwether-Guard.",
        _ when action == GuardActions.Route => "The call goes to the provider that the policy names instead. An event is recorded.",
        _ when action == GuardActions.Block => $"Refused: the caller gets {code}.",
        _ => "The text passes with the personal data replaced. An event is recorded.",
    };
}
