using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>A file that came with an observation. Name and type are what its sender says.</summary>
/// <param name="Bytes">As it was sent.</param>
/// <param name="IsKept">False when no more than this is known of it: it was too large, one too many, or there was no room.</param>
public sealed record Attachment(string Name, string ContentType, long Bytes, bool IsKept);

/// <summary>The attachments of an observation, as pages show them.</summary>
public sealed class AttachmentList
{
    private readonly AttachmentFiles _files;

    internal AttachmentList(AttachmentFiles files) => _files = files;

    /// <summary>By name.</summary>
    public ImmutableArray<Attachment> Of(ObservationDetail detail)
    {
        // Attributes of other senders may have the same name and mean something else.
        if (detail.Observation is not { Surface: "langsmith" } run || RunAttributes.Read(detail.Payload)["attachments"] is not JsonObject said)
        {
            return [];
        }
        return [.. said.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => new Attachment(
            one.Key, JsonFields.Text(JsonFields.Get(one.Value, "content_type")), JsonFields.Count(JsonFields.Get(one.Value, "bytes")) ?? 0, _files.Find(new AttachmentOwner(run.Project, run.Id), one.Key) is not null))];
    }
}
