using System.Collections.Immutable;

namespace Bellwether.Telemetry;

/// <summary>The installed capture filters as one: what is stored passes them, and so do the names in questions about it.</summary>
public sealed class CaptureFilters(IEnumerable<ICaptureFilter> filters)
{
    /// <summary>Lets everything pass.</summary>
    public static readonly CaptureFilters None = new([]);

    /// <summary>Whether a field of observations holds a name, as <see cref="FilterName"/> gives it.</summary>
    public static bool IsName(string field) => s_names.Contains(field);

    // Fields that hold names as FilterName gives them.
    private static readonly HashSet<string> s_names =
        ["user", "session", "request_id", "model", "request_model", "provider", "operation", "prompt_name", "prompt_version", "finish_reason", "service_tier", "error_code"];

    private readonly ICaptureFilter[] _filters = [.. filters];

    public bool IsEmpty => _filters.Length == 0;

    public TelemetryRecord Filter(TelemetryRecord record)
    {
        foreach (var filter in _filters)
        {
            record = filter.Filter(record);
        }
        return record;
    }

    public ReadOnlyMemory<byte> FilterInput(ReadOnlyMemory<byte> input)
    {
        foreach (var filter in _filters)
        {
            input = filter.FilterInput(input);
        }
        return input;
    }

    /// <summary>A name as it is stored (<see cref="ICaptureFilter.FilterName"/>).</summary>
    public string FilterName(string name)
    {
        foreach (var filter in _filters)
        {
            name = filter.FilterName(name);
        }
        return name;
    }

    /// <summary>What may be kept of a text, JSON or not, that somebody saved (<see cref="ICaptureFilter.FilterSaved"/>).</summary>
    public string FilterSaved(string text)
    {
        foreach (var filter in _filters)
        {
            text = filter.FilterSaved(text);
        }
        return text;
    }

    /// <summary>Conditions in which users, sessions and other names are as they are stored.</summary>
    public ImmutableArray<Filter> Translate(ImmutableArray<Filter> where)
    {
        for (var i = 0; i < where.Length; i++)
        {
            if (IsName(where[i].Field) && Names(where[i].Values) is var values && values != where[i].Values)
            {
                where = where.SetItem(i, where[i] with { Values = values });
            }
        }
        return where;
    }

    public AnnotationQuery Translate(AnnotationQuery query) => IsEmpty ? query : query with
    {
        Authors = Names(query.Authors), Sessions = Names(query.Sessions), Names = Names(query.Names), Where = Translate(query.Where),
    };

    private ImmutableArray<string> Names(ImmutableArray<string> names)
    {
        for (var i = 0; i < names.Length; i++)
        {
            var name = FilterName(names[i]);
            if (!ReferenceEquals(name, names[i])) { names = names.SetItem(i, name); }
        }
        return names;
    }
}
