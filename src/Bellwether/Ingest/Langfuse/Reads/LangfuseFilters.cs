using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Conditions on observations, as the parameters of Langfuse's lists say them.</summary>
/// <param name="call">The request.</param>
/// <param name="given">Conditions of its parameter <c>filter</c>, which take the place of parameters.</param>
internal sealed class LangfuseFilters(LangfuseCall call, LangfuseFilterParameter? given = null)
{
    private const int MostTagSets = 1_000;

    private readonly ImmutableArray<Filter>.Builder _where = ImmutableArray.CreateBuilder<Filter>();

    public ImmutableArray<Filter> Where => [.. _where, .. given?.Where ?? []];

    /// <summary>A parameter that no condition takes the place of; empty when it is not there.</summary>
    public string Text(string parameter) => given?.Replaces(parameter) == true ? "" : call.Text(parameter);

    public void Add(Filter filter) => _where.Add(filter);

    /// <summary>The parameter, if it is there, as a condition on a field.</summary>
    public void Equal(string parameter, string field)
    {
        if (Text(parameter) is { Length: > 0 } value)
        {
            _where.Add(Filter.Eq(field, value));
        }
    }

    /// <summary>Whoever names no environment is in the one that is called default.</summary>
    public void Environment()
    {
        var wanted = call.List("environment");
        if (!wanted.IsEmpty && given?.Replaces("environment") != true)
        {
            _where.Add(new Filter(FilterField.PropertyPrefix + "environment", FilterOp.In, wanted.Contains(LangfuseView.UsualEnvironment) ? wanted.Add("") : wanted));
        }
    }

    public void Level()
    {
        switch (Text("level"))
        {
            case "":
                break;
            case "ERROR":
                _where.Add(Filter.Eq("error", "true"));
                break;
            case "DEFAULT":
                _where.AddRange(Filter.Eq("error", "false"), new Filter(FilterField.PropertyPrefix + "level", FilterOp.In, ["", "DEFAULT"]));
                break;
            case "DEBUG" or "WARNING":
                _where.AddRange(Filter.Eq("error", "false"), Filter.Eq(FilterField.PropertyPrefix + "level", call.Text("level")));
                break;
            default:
                throw LangfuseDoor.Invalid("level", "must be DEBUG, DEFAULT, WARNING or ERROR");
        }
    }

    /// <summary>All of the tags must be there. They are kept as one text, so that the store is asked first which of these texts have them all.</summary>
    public async Task TagsAsync(TelemetryReader reader, TimeRange window)
    {
        var tags = call.List("tags");
        if (tags.IsEmpty || given?.Replaces("tags") == true)
        {
            return;
        }
        var field = FilterField.PropertyPrefix + "tags";
        var sets = await reader.QueryAsync(
            new TelemetryQuery(call.Project, window, [Measure.Count]) { Where = [.. _where, .. tags.Select(tag => new Filter(field, FilterOp.Contains, [tag]))], By = [new Dimension(field)], EveryKind = true, Limit = MostTagSets },
            call.Aborted);
        if (sets.Rows.Length == MostTagSets)
        {
            throw LangfuseDoor.Invalid("tags", "are in too many combinations; name a fromTimestamp or more tags");
        }
        var fitting = sets.Rows.Select(row => row.Group[0]).Where(set => tags.All(set.Split(',').Contains)).ToImmutableArray();
        // What no trace has, nothing is.
        _where.Add(fitting.IsEmpty ? Filter.Eq(field, ",") : new Filter(field, FilterOp.In, fitting));
    }
}
