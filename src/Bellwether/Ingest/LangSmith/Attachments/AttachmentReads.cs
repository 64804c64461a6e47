using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Bellwether.Ingest;

/// <summary>
/// <c>GET /langsmith/attachments/{token}</c>. Everything in an attachment is hostile: it is handed over as a file to be saved, never as something that a
/// browser shows under our address.
/// </summary>
internal sealed class AttachmentReads(AttachmentLinks links, AttachmentFiles files, TelemetryReader reader)
{
    // What a browser takes for a document or a program, whatever it is told beside it.
    private static readonly string[] s_active = ["html", "xml", "svg", "script", "xsl", "mathml"];

    public async Task AnswerAsync(HttpContext context, string token)
    {
        // Nothing of a run that was erased is handed over any more.
        if (links.Open(token) is not var (project, run, name)
            || await reader.ReadAsync(project, run, context.RequestAborted) is not { } detail
            || files.Find(project, run, name) is not { } file)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var said = JsonFields.Get(JsonFields.Get(RunAttributes.Read(detail.Payload), "attachments"), name);
        var headers = context.Response.Headers;
        context.Response.ContentType = TypeOf(JsonFields.Text(JsonFields.Get(said, "content_type")));
        headers.ContentDisposition = "attachment";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers.CacheControl = "private, no-store";
        await context.Response.SendFileAsync(file.FullName, context.RequestAborted);
    }

    private static string TypeOf(string said) =>
        MediaTypeHeaderValue.TryParse(said, out var type) && !s_active.Any(part => type.MediaType.Value!.Contains(part, StringComparison.OrdinalIgnoreCase)) ? type.MediaType.Value! : "application/octet-stream";
}
