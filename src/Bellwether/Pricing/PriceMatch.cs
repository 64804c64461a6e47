using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bellwether.Pricing;

/// <summary>A rule that says which names it means: <c>{"starts_with":"gpt-4o"}</c>, <c>{"or":[…]}</c> and so on. Names are compared in lower case.</summary>
internal abstract record PriceMatch
{
    /// <summary>Matches no name.</summary>
    public static readonly PriceMatch Nothing = new Any([]);

    public abstract bool Matches(string name);

    /// <summary>Reads a rule. Throws <see cref="FormatException"/> for a rule it does not know.</summary>
    public static PriceMatch Read(JsonElement rule)
    {
        foreach (var member in rule.EnumerateObject())
        {
            return member.Name switch
            {
                "equals" => new Equal(Lower(member.Value)),
                "starts_with" => new StartsWith(Lower(member.Value)),
                "ends_with" => new EndsWith(Lower(member.Value)),
                "contains" => new Contains(Lower(member.Value)),
                "regex" => new Pattern(PricePattern.Of(member.Value.GetString()!)),
                "or" => new Any([.. member.Value.EnumerateArray().Select(Read)]),
                "and" => new All([.. member.Value.EnumerateArray().Select(Read)]),
                _ => throw new FormatException($"Price table: unknown match rule '{member.Name}'."),
            };
        }
        throw new FormatException("Price table: empty match rule.");
    }

    private static string Lower(JsonElement value) => value.GetString()!.ToLowerInvariant();

    private sealed record Equal(string Text) : PriceMatch
    {
        public override bool Matches(string name) => name == Text;
    }

    private sealed record StartsWith(string Text) : PriceMatch
    {
        public override bool Matches(string name) => name.StartsWith(Text, StringComparison.Ordinal);
    }

    private sealed record EndsWith(string Text) : PriceMatch
    {
        public override bool Matches(string name) => name.EndsWith(Text, StringComparison.Ordinal);
    }

    private sealed record Contains(string Text) : PriceMatch
    {
        public override bool Matches(string name) => name.Contains(Text, StringComparison.Ordinal);
    }

    private sealed record Pattern(Regex Regex) : PriceMatch
    {
        public override bool Matches(string name) => Regex.IsMatch(name);
    }

    private sealed record Any(PriceMatch[] Rules) : PriceMatch
    {
        public override bool Matches(string name) => Array.Exists(Rules, rule => rule.Matches(name));
    }

    private sealed record All(PriceMatch[] Rules) : PriceMatch
    {
        public override bool Matches(string name) => Array.TrueForAll(Rules, rule => rule.Matches(name));
    }
}
