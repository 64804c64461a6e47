using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>
/// Names in a filter as they are stored: a thread that is an e-mail address is kept as its hash. The store's conditions are translated where
/// they are read; this is for what is asked of each run in memory.
/// </summary>
internal static class RunNames
{
    public static RunFilter AsStored(RunFilter filter, CaptureFilters names) => names.IsEmpty ? filter : filter switch
    {
        RunFilter.And and => and with { Parts = Each(and.Parts, names) },
        RunFilter.Or or => or with { Parts = Each(or.Parts, names) },
        RunFilter.Not not => not with { Part = AsStored(not.Part, names) },
        RunFilter.Compare { Field: { Kind: RunFieldKind.Text, Stored: { } stored } } compare when CaptureFilters.IsName(stored) =>
            compare with { Values = [.. compare.Values.Select(value => value.Text is { } text ? value with { Text = names.FilterName(text) } : value)] },
        _ => filter,
    };

    private static IReadOnlyList<RunFilter> Each(IReadOnlyList<RunFilter> parts, CaptureFilters names) => [.. parts.Select(part => AsStored(part, names))];
}
