using System.Buffers.Text;
using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary>
/// Addresses of attachments, which clients fetch without a key: LangSmith's are signed ones of an object store. Sealed with the master key, good for an hour.
/// </summary>
internal sealed class AttachmentLinks(SecretBox box, AttachmentFiles files, TimeProvider clock)
{
    private const string Purpose = "langsmith/attachment";
    private const char Separator = '\u001f';
    private const int LongestToken = 4_000;
    private static readonly TimeSpan s_lasts = TimeSpan.FromHours(1);

    /// <summary>Adds the addresses of a run's attachments to the run, in the shapes of both versions of the API.</summary>
    /// <param name="run">The run as it is answered.</param>
    /// <param name="said">Its attachments by name: <c>{"photo":{"content_type","bytes"}}</c>.</param>
    public void Add(JsonObject run, JsonObject said, ProjectId project, Guid id, HttpRequest request)
    {
        var (first, second) = (new JsonObject(), new JsonObject());
        foreach (var (name, attachment) in said)
        {
            if (files.Find(project, id, name) is null)
            {
                continue;
            }
            var url = $"{request.Scheme}://{request.Host}{LangSmithPaths.Mount}/attachments/{Issue(project, id, name)}";
            first["attachment." + name] = new JsonObject { ["presigned_url"] = url, ["mime_type"] = JsonFields.Get(attachment, "content_type")?.DeepClone() };
            second[name] = url;
        }
        if (second.Count > 0)
        {
            (run["s3_urls"], run["attachments"]) = (first, second);
        }
    }

    /// <summary>Null for a token that is none, was made elsewhere or has expired.</summary>
    public (ProjectId Project, Guid Run, string Name)? Open(string token) =>
        token.Length is > 0 and <= LongestToken && Base64Url.IsValid(token)
        && box.Open(Base64Url.DecodeFromChars(token), Purpose, out var secret) == Unsealing.Opened
        && secret!.Reveal().Split(Separator, 4) is [var project, var run, var seconds, var name]
        && DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture)) > clock.GetUtcNow()
            ? (new ProjectId(project), Guid.Parse(run, CultureInfo.InvariantCulture), name) : null;

    private string Issue(ProjectId project, Guid run, string name) => Base64Url.EncodeToString(box.Seal(
        new Secret(string.Join(Separator, project.Value, run, (clock.GetUtcNow() + s_lasts).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), name)), Purpose));
}
