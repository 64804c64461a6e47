using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Bellwether.Datasets;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Bellwether.Ingest;

/// <summary>A file that an upload brings for an example.</summary>
/// <param name="Part">What the request calls it.</param>
internal sealed record ExampleFile(string Part, string Name, string ContentType, ReadOnlyMemory<byte> Content);

/// <summary>
/// Attachments of examples, as an example knows them: <c>{"photo":{"content_type":"image/png","bytes":4096,"file":"…"}}</c>. A file is named after what is in
/// it, so that all versions of a dataset that have it share it; it goes with the dataset.
/// </summary>
internal sealed class ExampleAttachments(AttachmentFiles files, AttachmentLinks links, TelemetryReader reader, CaptureFilters filters, IOptions<AttachmentOptions> options)
{
    private const int MostOfExample = 100;
    private const int LongestName = 200;

    /// <summary>They are on the disk when this ends. All or nothing: half an upload is no version of a dataset.</summary>
    public async Task<JsonObject> KeepAsync(ProjectId project, Guid dataset, IReadOnlyList<ExampleFile> brought, CancellationToken cancellationToken)
    {
        var kept = new JsonObject();
        foreach (var file in brought)
        {
            if (file.Name.Length is 0 or > LongestName || file.Name.Contains('\0'))
            {
                throw LangSmithRefusal.Invalid(file.Part, $"the name of an attachment must have 1 to {LongestName} characters");
            }
            if (file.Content.Length > options.Value.MaxBytes)
            {
                throw LangSmithRefusal.Invalid(file.Part, $"is larger than {options.Value.MaxBytes} bytes (Bellwether:Attachments:MaxBytes)");
            }
            var content = Filtered(file.Content);
            var name = Convert.ToHexStringLower(SHA256.HashData(content.Span));
            var owner = Owner(project, dataset);
            if (files.Find(owner, name) is null && !await files.TryKeepAsync(owner, name, content, options.Value.MaxTotalBytes, cancellationToken))
            {
                throw LangSmithRefusal.Invalid(file.Part, "there is no room for more attachments on this server (Bellwether:Attachments:MaxTotalBytes)");
            }
            kept[file.Name] = new JsonObject { ["content_type"] = JsonFields.Short(file.ContentType, LongestName), ["bytes"] = content.Length, ["file"] = name };
        }
        return kept;
    }

    /// <summary>Those of a run that an example is made of (<c>use_source_run_attachments</c>), as if they were brought.</summary>
    public async Task<IReadOnlyList<ExampleFile>> OfRunAsync(ProjectId project, Guid run, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var said = await reader.ReadAsync(project, run, cancellationToken) is { } detail ? RunAttributes.Read(detail.Payload)["attachments"] : throw LangSmithRefusal.NotFound($"Run {run}");
        var found = new List<ExampleFile>();
        foreach (var name in names)
        {
            var file = files.Find(new AttachmentOwner(project, run), name) ?? throw LangSmithRefusal.NotFound($"Attachment {JsonFields.Short(name, 100)} of run {run}");
            found.Add(new ExampleFile("use_source_run_attachments", name, JsonFields.Text(JsonFields.Get(JsonFields.Get(said, name), "content_type")), await File.ReadAllBytesAsync(file.FullName, cancellationToken)));
        }
        return found;
    }

    /// <summary>
    /// What an example has when an upload was laid over it. <c>{"retain":["a"],"rename":{"b":"c"}}</c> keeps those and drops the others; without it
    /// all stay.
    /// </summary>
    public static string Laid(string known, JsonObject? operations, JsonObject brought)
    {
        var before = LangSmithDatasetJson.Parse(known);
        var laid = new JsonObject();
        if (operations is null)
        {
            laid = before;
        }
        else
        {
            foreach (var name in LangSmithCall.Texts(operations, "retain"))
            {
                laid[name] = Known(name).DeepClone();
            }
            foreach (var (name, to) in operations["rename"] is null ? [] : LangSmithCall.Fields(operations, "rename")!)
            {
                laid[JsonFields.Text(to) is { Length: > 0 and <= LongestName } renamed ? renamed : throw LangSmithRefusal.Invalid("attachments_operations.rename", $"must name texts of 1 to {LongestName} characters")] = Known(name).DeepClone();
            }
        }
        foreach (var (name, file) in brought)
        {
            laid[name] = file!.DeepClone();
        }
        return laid.Count <= MostOfExample ? LangSmithDatasetJson.Text(laid) : throw LangSmithRefusal.Invalid("attachments", $"may be at most {MostOfExample} of an example");

        JsonNode Known(string name) => before[name] ?? throw LangSmithRefusal.Invalid("attachments_operations", $"the example has no attachment {JsonFields.Short(name, 100)}");
    }

    /// <summary><c>{"attachment.photo":{"presigned_url","mime_type"}}</c>; null when it has none.</summary>
    public JsonObject? Urls(ProjectId project, Example example, HttpRequest request)
    {
        var urls = new JsonObject();
        foreach (var (name, said) in LangSmithDatasetJson.Parse(example.Attachments))
        {
            var type = JsonFields.Text(JsonFields.Get(said, "content_type"));
            if (links.Url(new AttachmentLink(Owner(project, example.Dataset), JsonFields.Text(JsonFields.Get(said, "file")), type), request) is { } url)
            {
                urls["attachment." + name] = new JsonObject { ["presigned_url"] = url, ["mime_type"] = type };
            }
        }
        return urls.Count > 0 ? urls : null;
    }

    /// <summary>To be called when the dataset is deleted.</summary>
    public void Remove(ProjectId project, Guid dataset) => files.Remove(Owner(project, dataset));

    private static AttachmentOwner Owner(ProjectId project, Guid dataset) => new(project, dataset, IsDataset: true);

    // Texts are kept as the rows of datasets are. What is a picture or a sound cannot be looked into.
    private ReadOnlyMemory<byte> Filtered(ReadOnlyMemory<byte> content) =>
        !filters.IsEmpty && Utf8.IsValid(content.Span) ? Encoding.UTF8.GetBytes(filters.FilterSaved(Encoding.UTF8.GetString(content.Span))) : content;
}
