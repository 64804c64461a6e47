using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>The parameter <c>filter</c>: a JSON array of conditions, all of which must hold. A condition on a column takes the place of the parameter of that name.</summary>
internal sealed class LangfuseFilterParameter
{
    private const int MostConditions = 50;

    private readonly ImmutableArray<LangfuseCondition> _conditions;

    private LangfuseFilterParameter(ImmutableArray<LangfuseCondition> conditions) => _conditions = conditions;

    /// <summary>What the store cannot answer alone.</summary>
    public IEnumerable<LangfuseCondition> Open => _conditions.Where(condition => !condition.IsExact);

    public LangfuseNeeds Needs => Open.Aggregate(LangfuseNeeds.Nothing, (needs, condition) => needs | condition.Column.Needs);

    public IEnumerable<Filter> Where => _conditions.SelectMany(condition => condition.Where());

    public static LangfuseFilterParameter Of(LangfuseCall call, IReadOnlyDictionary<string, LangfuseColumn> columns)
    {
        var text = call.Json("filter");
        if (text.Length == 0)
        {
            return new([]);
        }
        if (!LooseJson.TryParse(Encoding.UTF8.GetBytes(text), out var node) || node is not JsonArray { Count: <= MostConditions } said)
        {
            throw LangfuseDoor.Invalid("filter", $"must be a JSON array of at most {MostConditions} conditions");
        }
        return new([.. said.Select((item, i) => new LangfuseCondition(item, $"[{i}]", columns))]);
    }

    /// <summary>Whether a parameter has no say, because conditions are on the same.</summary>
    public bool Replaces(string column) => _conditions.Any(condition => condition.Column.Name == column);

    /// <summary>The window of parameters and conditions; null when nothing can be in it.</summary>
    public TimeRange? Window(LangfuseCall call, string column, string from, string to)
    {
        TimeRange? window = Replaces(column) ? AnnotationQuery.AllTime : call.Window(from, to);
        foreach (var condition in _conditions)
        {
            window = window is { } some ? condition.Within(some) : null;
        }
        return window;
    }

    public bool Holds(LangfuseSubject subject) => Open.All(condition => condition.Holds(subject));
}
