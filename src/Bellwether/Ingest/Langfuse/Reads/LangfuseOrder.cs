using System.Collections.Immutable;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>The parameter <c>orderBy</c> of traces: <c>&lt;field&gt;.asc</c> or <c>&lt;field&gt;.desc</c>.</summary>
internal sealed class LangfuseOrder
{
    private static readonly Dictionary<string, Func<Observation, string>> s_fields = new(StringComparer.Ordinal)
    {
        ["id"] = root => LangfuseView.TraceId(root, []),
        ["timestamp"] = root => root.StartTime.UtcTicks.ToString("D19", System.Globalization.CultureInfo.InvariantCulture),
        ["name"] = root => root.Name,
        ["userId"] = root => root.User,
        ["release"] = root => RunFacts.Property(root, "release"),
        ["version"] = root => RunFacts.Property(root, "version"),
        // Nothing is either here.
        ["public"] = _ => "",
        ["bookmarked"] = _ => "",
        ["sessionId"] = root => root.Session,
    };

    private readonly Func<Observation, string>? _field;
    private readonly bool _falls;

    private LangfuseOrder(Func<Observation, string>? field, bool falls) => (_field, _falls) = (field, falls);

    /// <summary>The newest first, as the store has them.</summary>
    public static LangfuseOrder Usual { get; } = new(null, true);

    public bool IsUsual => _field is null;

    public static LangfuseOrder Of(LangfuseCall call)
    {
        var said = call.Text("orderBy");
        return said is "" or "timestamp.desc" ? Usual
            : said.Split('.') is [var name, "asc" or "desc"] && s_fields.TryGetValue(name, out var field) ? new(field, said.EndsWith(".desc", StringComparison.Ordinal))
            : throw LangfuseDoor.Invalid("orderBy", $"must be one of {string.Join(", ", s_fields.Keys)}, with .asc or .desc");
    }

    /// <param name="newestFirst">What is alike stays in this order.</param>
    public ImmutableArray<Observation> Sorted(IReadOnlyList<Observation> newestFirst) => _field is null ? [.. newestFirst]
        : _falls ? [.. newestFirst.OrderByDescending(_field, StringComparer.Ordinal)] : [.. newestFirst.OrderBy(_field, StringComparer.Ordinal)];
}
