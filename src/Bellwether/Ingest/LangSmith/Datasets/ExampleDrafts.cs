using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Datasets;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>An example as one request says it.</summary>
/// <param name="Said">Its fields.</param>
internal sealed record ExampleUpload(JsonObject Said)
{
    /// <summary>Point into the request's body.</summary>
    public List<ExampleFile> Files { get; } = [];
}

/// <summary>What one request says of an example: JSON, or the parts of a multipart body put together.</summary>
internal sealed class ExampleDrafts(TelemetryReader reader, ExampleAttachments attachments)
{
    private const string AttachmentPrefix = "attachment.";

    public static ExampleDraft Of(Example example) => new()
    {
        Id = example.Id, ExternalId = example.ExternalId, Input = example.Input, Output = example.Output, Metadata = example.Metadata, Splits = example.Splits, Source = example.Source,
        Attachments = example.Attachments,
    };

    /// <summary>
    /// The examples of <c>&lt;id&gt;</c>, <c>&lt;id&gt;.inputs</c>, <c>&lt;id&gt;.outputs</c>, <c>&lt;id&gt;.attachment.&lt;name&gt;</c> and
    /// <c>&lt;id&gt;.attachments_operations</c>, in the order of their first part. All or nothing: half an upload is no version of a dataset.
    /// </summary>
    public static IReadOnlyList<ExampleUpload> OfMultipart(ReadOnlyMemory<byte> body, string? contentType)
    {
        var boundary = MultipartParts.Boundary(contentType) ?? throw LangSmithRefusal.Invalid("Content-Type", "must be multipart/form-data with a boundary");
        var examples = new Dictionary<Guid, ExampleUpload>();
        var order = new List<ExampleUpload>();
        var parts = new MultipartParts(body, boundary);
        while (parts.MoveNext())
        {
            var part = parts.Current;
            var names = part.Name.Split('.', 2);
            var shown = JsonFields.Short(part.Name, 120);
            if (!Guid.TryParse(names[0], CultureInfo.InvariantCulture, out var id))
            {
                throw LangSmithRefusal.Invalid(shown, "is not a part of an example: its name must begin with a UUID");
            }
            if (!examples.TryGetValue(id, out var example))
            {
                examples[id] = example = new ExampleUpload(new JsonObject { ["id"] = id.ToString() });
                order.Add(example);
            }
            var field = names.Length > 1 ? names[1] : "";
            if (field.StartsWith(AttachmentPrefix, StringComparison.Ordinal))
            {
                // image/png; length=4096
                example.Files.Add(new ExampleFile(shown, field[AttachmentPrefix.Length..], part.ContentType.Split(';')[0].Trim(), part.Content));
                continue;
            }
            if (!LooseJson.TryParse(part.Content.Span, out var value) || value is not JsonObject fields)
            {
                throw LangSmithRefusal.Invalid(shown, "is not a JSON object");
            }
            switch (field)
            {
                case "":
                    JsonFields.Overlay(example.Said, fields);
                    example.Said["id"] = id.ToString();
                    break;
                case "inputs" or "outputs" or "attachments_operations":
                    example.Said[field] = value;
                    break;
                default:
                    throw LangSmithRefusal.Invalid(shown, "is an unknown kind of part");
            }
        }
        return !parts.Broken ? order : throw LangSmithRefusal.Invalid("body", "the multipart body is not whole: a part without a name, or no closing boundary");
    }

    /// <summary>A new example.</summary>
    public async Task<ExampleDraft> NewAsync(ExampleUpload upload, ProjectId project, Guid dataset, CancellationToken cancellationToken)
    {
        var said = upload.Said;
        var source = LangSmithCall.Id(said, "source_run_id");
        if (JsonFields.Scalar(said["use_source_run_io"]) == "true")
        {
            var run = source is { } id ? await reader.ReadAsync(project, id, cancellationToken) : null;
            if (run is null)
            {
                throw LangSmithRefusal.NotFound($"Run {source}");
            }
            var whole = RunJson.Write(run.Observation, run.Payload, [], Guid.Empty, select: null);
            said["inputs"] = whole["inputs"]?.DeepClone();
            said["outputs"] = whole["outputs"]?.DeepClone();
        }
        var ofRun = LangSmithCall.Texts(said, "use_source_run_attachments");
        IReadOnlyList<ExampleFile> files = ofRun.Count == 0 ? upload.Files
            : [.. await attachments.OfRunAsync(project, source ?? throw LangSmithRefusal.Invalid("source_run_id", "is needed: it has the attachments"), ofRun, cancellationToken), .. upload.Files];
        return Laid(said, new ExampleDraft { Id = LangSmithCall.Id(said, "id"), Splits = ["base"], Source = source?.ToString() ?? "" }, await attachments.KeepAsync(project, dataset, files, cancellationToken));
    }

    /// <summary>An example with what was said laid over it; absent and null leave what is there.</summary>
    /// <param name="said">The request's word.</param>
    /// <param name="known">What is there.</param>
    /// <param name="brought">Attachments that came with it, kept.</param>
    public static ExampleDraft Laid(JsonObject said, ExampleDraft known, JsonObject brought)
    {
        var metadata = LangSmithCall.Fields(said, "metadata");
        var splits = Splits(said["split"]) ?? Splits(metadata?[LangSmithDatasetJson.SplitMember]) ?? known.Splits;
        metadata?.Remove(LangSmithDatasetJson.SplitMember);
        return known with
        {
            Input = LangSmithCall.Fields(said, "inputs") is { } inputs ? LangSmithDatasetJson.Text(inputs) : known.Input,
            Output = LangSmithCall.Fields(said, "outputs") is { } outputs ? LangSmithDatasetJson.Text(outputs) : known.Output,
            Metadata = metadata is not null ? LangSmithDatasetJson.Text(metadata) : known.Metadata,
            Splits = splits,
            Attachments = ExampleAttachments.Laid(known.Attachments, LangSmithCall.Fields(said, "attachments_operations"), brought),
        };
    }

    private static IReadOnlyList<string>? Splits(JsonNode? node) => node switch
    {
        null => null,
        JsonArray items => [.. items.Select(item => Split(JsonFields.Text(item)))],
        _ => [Split(JsonFields.Text(node))],
    };

    private static string Split(string name) => name.Length is > 0 and <= 200 ? LangSmithCall.Checked("split", name) : throw LangSmithRefusal.Invalid("split", "must be a text of 1 to 200 characters, or a list of such");
}
