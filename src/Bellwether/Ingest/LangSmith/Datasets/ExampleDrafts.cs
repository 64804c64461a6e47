using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Datasets;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>What one request says of an example: JSON, or the parts of a multipart body put together.</summary>
internal sealed class ExampleDrafts(TelemetryReader reader)
{
    public static ExampleDraft Of(Example example) => new()
    {
        Id = example.Id, ExternalId = example.ExternalId, Input = example.Input, Output = example.Output, Metadata = example.Metadata, Splits = example.Splits, Source = example.Source,
    };

    /// <summary>
    /// The examples of <c>&lt;id&gt;</c>, <c>&lt;id&gt;.inputs</c>, <c>&lt;id&gt;.outputs</c>, in the order of their first part. All or
    /// nothing: half an upload is no version of a dataset.
    /// </summary>
    public static IReadOnlyList<JsonObject> OfMultipart(ReadOnlyMemory<byte> body, string? contentType)
    {
        var boundary = MultipartParts.Boundary(contentType) ?? throw LangSmithRefusal.Invalid("Content-Type", "must be multipart/form-data with a boundary");
        var examples = new Dictionary<Guid, JsonObject>();
        var order = new List<JsonObject>();
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
                examples[id] = example = new JsonObject { ["id"] = id.ToString() };
                order.Add(example);
            }
            var field = names.Length > 1 ? names[1] : "";
            if (field.StartsWith("attachment", StringComparison.Ordinal))
            {
                throw LangSmithRefusal.Invalid(shown, "attachments of examples are not kept here");
            }
            if (!LooseJson.TryParse(part.Content.Span, out var value) || value is not JsonObject fields)
            {
                throw LangSmithRefusal.Invalid(shown, "is not a JSON object");
            }
            switch (field)
            {
                case "":
                    JsonFields.Overlay(example, fields);
                    example["id"] = id.ToString();
                    break;
                case "inputs" or "outputs":
                    example[field] = value;
                    break;
                default:
                    throw LangSmithRefusal.Invalid(shown, "is an unknown kind of part");
            }
        }
        return !parts.Broken ? order : throw LangSmithRefusal.Invalid("body", "the multipart body is not whole: a part without a name, or no closing boundary");
    }

    /// <summary>A new example.</summary>
    public async Task<ExampleDraft> NewAsync(JsonObject said, ProjectId project, CancellationToken cancellationToken)
    {
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
        return Laid(said, new ExampleDraft { Id = LangSmithCall.Id(said, "id"), Splits = ["base"], Source = source?.ToString() ?? "" });
    }

    /// <summary>An example with what was said laid over it; absent and null leave what is there.</summary>
    public static ExampleDraft Laid(JsonObject said, ExampleDraft known)
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
