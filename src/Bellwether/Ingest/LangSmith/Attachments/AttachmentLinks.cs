using System.Buffers.Text;
using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary>What the address of an attachment says.</summary>
/// <param name="File">Its name in <see cref="AttachmentFiles"/>.</param>
/// <param name="ContentType">As its sender says it.</param>
internal readonly record struct AttachmentLink(AttachmentOwner Owner, string File, string ContentType);

/// <summary>
/// Addresses of attachments, which clients fetch without a key: LangSmith's are signed ones of an object store. Sealed with the master key, good for an hour.
/// </summary>
internal sealed class AttachmentLinks(SecretBox box, AttachmentFiles files, TimeProvider clock)
{
    private const string Purpose = "langsmith/attachment";
    private const string Dataset = "dataset";
    private const char Separator = '\u001f';
    private const int LongestToken = 8_000;
    private static readonly TimeSpan s_lasts = TimeSpan.FromHours(1);

    /// <summary>Adds the addresses of a run's attachments to the run, in the shapes of both versions of the API.</summary>
    /// <param name="run">The run as it is answered.</param>
    /// <param name="said">Its attachments by name: <c>{"photo":{"content_type","bytes"}}</c>.</param>
    public void Add(JsonObject run, JsonObject said, ProjectId project, Guid id, HttpRequest request)
    {
        var (first, second) = (new JsonObject(), new JsonObject());
        foreach (var (name, attachment) in said)
        {
            if (Url(new AttachmentLink(new AttachmentOwner(project, id), name, JsonFields.Text(JsonFields.Get(attachment, "content_type"))), request) is { } url)
            {
                first["attachment." + name] = new JsonObject { ["presigned_url"] = url, ["mime_type"] = JsonFields.Get(attachment, "content_type")?.DeepClone() };
                second[name] = url;
            }
        }
        if (second.Count > 0)
        {
            (run["s3_urls"], run["attachments"]) = (first, second);
        }
    }

    /// <summary>Null when it is not kept.</summary>
    public string? Url(AttachmentLink link, HttpRequest request) =>
        files.Find(link.Owner, link.File) is null ? null : $"{request.Scheme}://{request.Host}{LangSmithPaths.Mount}/attachments/{Issue(link)}";

    /// <summary>Null for a token that is none, was made elsewhere or has expired.</summary>
    public AttachmentLink? Open(string token) =>
        token.Length is > 0 and <= LongestToken && Base64Url.IsValid(token)
        && box.Open(Base64Url.DecodeFromChars(token), Purpose, out var secret) == Unsealing.Opened
        && secret!.Reveal().Split(Separator, 6) is [var kind, var project, var owner, var seconds, var type, var file]
        && DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture)) > clock.GetUtcNow()
            ? new AttachmentLink(new AttachmentOwner(new ProjectId(project), Guid.Parse(owner, CultureInfo.InvariantCulture), kind == Dataset), file, type) : null;

    private string Issue(AttachmentLink link) => Base64Url.EncodeToString(box.Seal(
        new Secret(string.Join(
            Separator, link.Owner.IsDataset ? Dataset : "run", link.Owner.Project.Value, link.Owner.Id, (clock.GetUtcNow() + s_lasts).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            link.ContentType.Contains(Separator) ? "" : JsonFields.Short(link.ContentType, 200), link.File)),
        Purpose));
}
