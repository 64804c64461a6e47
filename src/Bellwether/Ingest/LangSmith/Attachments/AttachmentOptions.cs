using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Bellwether.Ingest;

/// <summary>Section <c>Bellwether:Attachments</c>: files that runs bring with them.</summary>
public sealed class AttachmentOptions
{
    /// <summary>Largest attachment that is kept, in bytes; of a larger one only name, type and size are. 0 keeps none.</summary>
    [Range(0, 64 * 1024 * 1024)]
    public int MaxBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>Bytes of all attachments together on this server; beyond them no new one is kept.</summary>
    [Range(0L, 1L << 44)]
    public long MaxTotalBytes { get; set; } = 10L << 30;
}

[OptionsValidator]
internal sealed partial class AttachmentOptionsValidator : IValidateOptions<AttachmentOptions>;
