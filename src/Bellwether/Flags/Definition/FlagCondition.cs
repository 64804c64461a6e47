using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bellwether.Flags;

/// <summary>What a condition asks of an attribute.</summary>
public enum FlagOperator { Eq, Neq, In, NotIn, Contains, StartsWith, EndsWith, Matches, Gt, Gte, Lt, Lte }

/// <summary>
/// A question about one attribute of the context. It does not hold of an attribute that is missing or null, also when it asks for
/// the opposite. Of a list it holds when it does of one element (the opposites: of none).
/// </summary>
/// <param name="operands">Texts, numbers or truth values; one, except for <see cref="FlagOperator.In"/> and its opposite.</param>
public sealed class FlagCondition(string attribute, FlagOperator op, ImmutableArray<JsonElement> operands)
{
    private const RegexOptions PatternOptions = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
    private static readonly TimeSpan s_patternTime = TimeSpan.FromMilliseconds(100);

    // Read once, because a flag is asked far more often than it is changed.
    private readonly Operand[] _operands = [.. operands.Select(Operand.Of)];
    private readonly Regex? _pattern = op == FlagOperator.Matches ? Compile(operands[0].GetString()!) : null;

    public string Attribute => attribute;

    public FlagOperator Operator => op;

    public ImmutableArray<JsonElement> Operands => operands;

    /// <summary>A pattern sees texts of strangers: only those are taken whose time grows no faster than the text.</summary>
    internal static Regex Compile(string pattern) => new(pattern, PatternOptions, s_patternTime);

    public bool Holds(JsonElement attributes)
    {
        try
        {
            return attributes.ValueKind == JsonValueKind.Object && attributes.TryGetProperty(attribute, out var value) && value.ValueKind != JsonValueKind.Null
                && HoldsOf(value) != (op is FlagOperator.Neq or FlagOperator.NotIn);
        }
        catch (InvalidOperationException)
        {
            // "\ud83d", half a surrogate pair, is valid JSON and no text.
            return false;
        }
    }

    private bool HoldsOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return HoldsOfOne(value);
        }
        foreach (var item in value.EnumerateArray())
        {
            if (op == FlagOperator.Contains ? _operands[0].Equals(item) : HoldsOfOne(item))
            {
                return true;
            }
        }
        return false;
    }

    // The opposites are asked like what they are the opposite of.
    private bool HoldsOfOne(JsonElement value) => op switch
    {
        FlagOperator.Eq or FlagOperator.Neq or FlagOperator.In or FlagOperator.NotIn => EqualsOne(value),
        FlagOperator.Contains => Text(value)?.Contains(_operands[0].Text!, StringComparison.Ordinal) == true,
        FlagOperator.StartsWith => Text(value)?.StartsWith(_operands[0].Text!, StringComparison.Ordinal) == true,
        FlagOperator.EndsWith => Text(value)?.EndsWith(_operands[0].Text!, StringComparison.Ordinal) == true,
        FlagOperator.Matches => Text(value) is { } text && Matches(text),
        FlagOperator.Gt => Number(value) > _operands[0].Number,
        FlagOperator.Gte => Number(value) >= _operands[0].Number,
        FlagOperator.Lt => Number(value) < _operands[0].Number,
        FlagOperator.Lte => Number(value) <= _operands[0].Number,
        _ => throw new UnreachableException(),
    };

    private bool EqualsOne(JsonElement value)
    {
        foreach (var operand in _operands)
        {
            if (operand.Equals(value))
            {
                return true;
            }
        }
        return false;
    }

    private bool Matches(string text)
    {
        try
        {
            return _pattern!.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : null;

    private readonly record struct Operand(JsonValueKind Kind, string? Text, double Number)
    {
        public static Operand Of(JsonElement value) => new(value.ValueKind, FlagCondition.Text(value), FlagCondition.Number(value) ?? 0);

        public bool Equals(JsonElement value) => value.ValueKind == Kind && Kind switch
        {
            JsonValueKind.String => value.ValueEquals(Text),
            JsonValueKind.Number => FlagCondition.Number(value) == Number,
            _ => true,
        };
    }
}
