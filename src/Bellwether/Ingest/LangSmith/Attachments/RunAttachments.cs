using System.Text.Unicode;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Ingest;

/// <summary>An attachment as a request brings it.</summary>
/// <param name="ContentType">Without parameters.</param>
internal sealed record RunAttachment(Guid Run, string Name, string ContentType, byte[] Content);

/// <summary>Keeps what runs bring with them, within its limits. An attachment that cannot be kept never costs its run.</summary>
internal sealed class RunAttachments(AttachmentFiles files, CaptureFilters filters, IOptions<AttachmentOptions> options, LangSmithMeters meters, ILogger<RunAttachments> logger)
{
    private const int MostOfRun = 100;

    /// <summary>To be called when the runs are journalled: a file whose run is nowhere is one that was erased.</summary>
    public async Task KeepAsync(ProjectId project, IEnumerable<RunAttachment> attachments, CancellationToken cancellationToken)
    {
        var dropped = 0;
        foreach (var run in attachments.GroupBy(attachment => attachment.Run))
        {
            var number = 0;
            foreach (var attachment in run)
            {
                dropped += ++number <= MostOfRun && await TryKeepAsync(project, attachment, cancellationToken) ? 0 : 1;
            }
        }
        meters.AttachmentsDropped(dropped);
    }

    private async Task<bool> TryKeepAsync(ProjectId project, RunAttachment attachment, CancellationToken cancellationToken)
    {
        if (attachment.Content.Length > options.Value.MaxBytes)
        {
            return false;
        }
        try
        {
            var content = Filtered(attachment);
            return await files.TryKeepAsync(new AttachmentOwner(project, attachment.Run), attachment.Name, content, options.Value.MaxTotalBytes, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Log.AttachmentNotKept(logger, error.GetType().Name);
            return false;
        }
    }

    // Texts are kept as prompts are. What is a picture or a sound cannot be looked into.
    private ReadOnlyMemory<byte> Filtered(RunAttachment attachment) => Utf8.IsValid(attachment.Content) ? filters.FilterInput(attachment.Content) : attachment.Content;
}
