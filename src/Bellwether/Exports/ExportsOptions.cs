using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Bellwether.Exports;

/// <summary>Section <c>Bellwether:Exports</c>.</summary>
public sealed class ExportsOptions
{
    /// <summary>How long a finished file is kept.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "365.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Most bytes of rows in one export; one that grows larger fails. A Parquet file needs the space twice while it is made.</summary>
    [Range(1L << 20, 1L << 44)]
    public long MaxBytes { get; set; } = 20L << 30;

    /// <summary>Most exports that a project keeps, running and finished.</summary>
    [Range(1, 1_000)]
    public int MostPerProject { get; set; } = 20;
}

[OptionsValidator]
internal sealed partial class ExportsOptionsValidator : IValidateOptions<ExportsOptions>;
