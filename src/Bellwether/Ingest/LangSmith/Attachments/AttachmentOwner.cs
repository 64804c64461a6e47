using System.Globalization;
using Bellwether.Primitives;

namespace Bellwether.Ingest;

/// <summary>What attachments belong to, and go with: a run, or a dataset whose examples have them.</summary>
internal readonly record struct AttachmentOwner(ProjectId Project, Guid Id, bool IsDataset = false)
{
    private const string DatasetPrefix = "dataset-";

    /// <summary>Name of its folder.</summary>
    public string Folder => (IsDataset ? DatasetPrefix : "") + Id.ToString("N", CultureInfo.InvariantCulture);
}
