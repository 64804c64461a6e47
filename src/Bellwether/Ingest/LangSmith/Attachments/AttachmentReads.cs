using System.Globalization;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Bellwether.Ingest;

/// <summary>
/// Hands over what is kept. Everything in an attachment is hostile: it is a file to be saved, never something that a browser shows under our address.
/// </summary>
internal sealed class AttachmentReads(AttachmentLinks links, AttachmentFiles files, TelemetryReader reader)
{
    // What a browser takes for a document or a program, whatever it is told beside it.
    private static readonly string[] s_active = ["html", "xml", "svg", "script", "xsl", "mathml"];

    /// <summary><c>GET /langsmith/attachments/{token}</c></summary>
    public async Task AnswerAsync(HttpContext context, string token)
    {
        // Nothing of a run that was erased is handed over any more.
        if (links.Open(token) is not { } link
            || (!link.Owner.IsDataset && await reader.ReadAsync(link.Owner.Project, link.Owner.Id, context.RequestAborted) is null)
            || !await TrySendAsync(context, link, new ContentDispositionHeaderValue("attachment")))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    /// <summary><c>GET /api/v1/observations/{id}/attachments?name=…</c></summary>
    public async Task AnswerAsync(HttpContext context, Guid id)
    {
        var name = context.Request.Query["name"].ToString();
        if (name.Length == 0)
        {
            await Results.ValidationProblem(new Dictionary<string, string[]> { ["name"] = ["is needed: the attachment's"] }).ExecuteAsync(context);
            return;
        }
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(FileName(name));
        // Whoever may not see a project gets the answer of what does not exist.
        if (context.User.ProjectFor(context.Request.Query["project"]) is not { } project
            || await reader.ReadAsync(project, id, context.RequestAborted) is not { } run
            || !await TrySendAsync(context, new AttachmentLink(new AttachmentOwner(project, id), name, TypeIn(run, name)), disposition))
        {
            await Results.Problem(statusCode: StatusCodes.Status404NotFound, type: "https://bellwether.dev/errors/not_found", title: "There is no such attachment, or it was not kept.").ExecuteAsync(context);
        }
    }

    private async Task<bool> TrySendAsync(HttpContext context, AttachmentLink link, ContentDispositionHeaderValue disposition)
    {
        if (files.Find(link.Owner, link.File) is not { } file)
        {
            return false;
        }
        var headers = context.Response.Headers;
        context.Response.ContentType = TypeOf(link.ContentType);
        headers.ContentDisposition = disposition.ToString();
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers.CacheControl = "private, no-store";
        await context.Response.SendFileAsync(file.FullName, context.RequestAborted);
        return true;
    }

    private static string TypeIn(ObservationDetail run, string name) =>
        JsonFields.Text(JsonFields.Get(JsonFields.Get(RunAttributes.Read(run.Payload)["attachments"], name), "content_type"));

    private static string TypeOf(string said) =>
        MediaTypeHeaderValue.TryParse(said, out var type) && !s_active.Any(part => type.MediaType.Value!.Contains(part, StringComparison.OrdinalIgnoreCase)) ? type.MediaType.Value! : "application/octet-stream";

    // No folders, and nothing that turns the end of a name around on its way to a person's eyes.
    private static string FileName(string name) => string.Concat(JsonFields.Short(name, 200).Select(letter => char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format || "\\/:*?\"<>|".Contains(letter, StringComparison.Ordinal) ? '_' : letter));
}
