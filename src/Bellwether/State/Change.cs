namespace Bellwether.State;

/// <summary>How a wanted change of settings ended.</summary>
public enum ChangeOutcome { Done, Invalid, NotFound, Forbidden, Conflict }

/// <summary>The answer to a wanted change: what came of it, or which field stands in its way.</summary>
public sealed record Change<T>(ChangeOutcome Outcome, T? Value, IReadOnlyDictionary<string, string[]> Errors)
{
    public static implicit operator Change<T>(T value) => new(ChangeOutcome.Done, value, Change.NoErrors);

    public static implicit operator Change<T>(Change refusal) => new(refusal.Outcome, default, refusal.Errors);
}

/// <summary>A change that was not made.</summary>
public sealed record Change(ChangeOutcome Outcome, IReadOnlyDictionary<string, string[]> Errors)
{
    internal static readonly IReadOnlyDictionary<string, string[]> NoErrors = new Dictionary<string, string[]>();

    public static readonly Change NotFound = new(ChangeOutcome.NotFound, NoErrors);

    public static readonly Change Forbidden = new(ChangeOutcome.Forbidden, NoErrors);

    public static Change Conflict(string field, string problem) => new(ChangeOutcome.Conflict, Of(field, problem));

    public static Change Invalid(IReadOnlyDictionary<string, string[]> errors) => new(ChangeOutcome.Invalid, errors);

    public static Change Invalid(string field, string problem) => Invalid(Of(field, problem));

    private static Dictionary<string, string[]> Of(string field, string problem) => new() { [field] = [problem] };
}

/// <summary>Collects what is wrong with a wanted change, by the field's name on the wire.</summary>
public sealed class FieldErrors
{
    private readonly Dictionary<string, string[]> _errors = [];

    public bool Any => _errors.Count > 0;

    public FieldErrors Check(bool holds, string field, string problem)
    {
        if (!holds)
        {
            _errors[field] = [.. _errors.GetValueOrDefault(field, []), problem];
        }

        return this;
    }

    /// <summary>A name for people: 1 to <paramref name="max"/> characters, no control characters.</summary>
    public FieldErrors CheckName(string? text, string field, int max = 100) =>
        Check(!string.IsNullOrWhiteSpace(text), field, "is needed")
            .Check(text is null || text.Length <= max, field, $"may have at most {max} characters")
            .Check(text is null || !text.Any(char.IsControl), field, "must not have control characters");

    public Change ToChange() => Change.Invalid(_errors);
}
