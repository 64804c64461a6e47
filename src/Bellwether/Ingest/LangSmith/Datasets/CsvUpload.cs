using System.Text;
using System.Text.Json.Nodes;
using Bellwether.Datasets;

namespace Bellwether.Ingest;

/// <summary><c>POST /datasets/upload</c>: a CSV file becomes a dataset, a row an example. All of it is kept, or nothing.</summary>
internal sealed class CsvUpload(DatasetStore datasets)
{
    private const int MostRows = 10_000;
    private const int MostKeys = 1_000;
    private static readonly string[] s_kinds = ["kv", "llm", "chat"];

    public async Task<LangSmithAnswer> UploadAsync(LangSmithCall call)
    {
        var form = Form(call);
        var table = CsvTable.Read(form.File.Content.Span, MostRows);
        var inputs = Columns(table, "input_keys", form.Inputs);
        var outputs = Columns(table, "output_keys", form.Outputs);
        if (inputs.Count == 0)
        {
            throw LangSmithRefusal.Invalid("input_keys", "at least one column is needed");
        }
        var kind = form.Texts.GetValueOrDefault("data_type", "kv");
        if (!s_kinds.Contains(kind))
        {
            throw LangSmithRefusal.Invalid("data_type", "must be kv, llm or chat");
        }
        var examples = table.Rows.Select((row, i) => new ExampleDraft
        {
            Id = Guid.CreateVersion7(call.Now.AddMilliseconds(i)),
            Input = Fields(row, inputs),
            Output = outputs.Count > 0 ? Fields(row, outputs) : "",
            Splits = ["base"],
        }).ToList();
        // Without a name the file's is the dataset's.
        var name = form.Texts.GetValueOrDefault("name", "") is { Length: > 0 } said ? said : form.File.FileName;
        var draft = new DatasetDraft(name) { Description = form.Texts.GetValueOrDefault("description", ""), Kind = kind, Metadata = "{}" };
        var dataset = LangSmithDatasetJson.Done(await datasets.CreateAsync(call.Project, draft, call.Aborted), "Dataset");
        if (examples.Count > 0)
        {
            var revised = await datasets.ReviseAsync(call.Project, dataset.Id, ExampleChanges.Add(examples), call.Aborted);
            if (revised.Value is null)
            {
                await datasets.DeleteAsync(call.Project, dataset.Id, call.Aborted);
            }
            LangSmithDatasetJson.Done(revised, "Example");
        }
        return new(LangSmithDatasetJson.Write((await datasets.FindAsync(call.Project, dataset.Id, call.Aborted))!, experiments: 0));
    }

    private static (MultipartPart File, List<string> Inputs, List<string> Outputs, Dictionary<string, string> Texts) Form(LangSmithCall call)
    {
        var boundary = MultipartParts.Boundary(call.Context.Request.ContentType) ?? throw LangSmithRefusal.Invalid("Content-Type", "must be multipart/form-data with a boundary");
        MultipartPart? file = null;
        var (inputs, outputs) = (new List<string>(), new List<string>());
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var parts = new MultipartParts(call.Bytes, boundary);
        while (parts.MoveNext())
        {
            var part = parts.Current;
            switch (part.Name)
            {
                case "file":
                    file = file is null ? part : throw LangSmithRefusal.Invalid("file", "may be there once");
                    break;
                case "input_keys" or "output_keys":
                    var keys = part.Name == "input_keys" ? inputs : outputs;
                    keys.Add(Text(part));
                    if (keys.Count > MostKeys)
                    {
                        throw LangSmithRefusal.Invalid(part.Name, $"may be at most {MostKeys}");
                    }
                    break;
                case "name" or "description" or "data_type":
                    texts[part.Name] = Text(part);
                    break;
                default:
                    throw LangSmithRefusal.Invalid(JsonFields.Short(part.Name, 120), "is no field of an upload: file, input_keys, output_keys, name, description and data_type are");
            }
        }
        return !parts.Broken ? (file ?? throw LangSmithRefusal.Invalid("file", "is needed"), inputs, outputs, texts)
            : throw LangSmithRefusal.Invalid("body", "the multipart body is not whole: a part without a name, or no closing boundary");
    }

    private static string Text(MultipartPart part) => LangSmithCall.Checked(part.Name, Encoding.UTF8.GetString(part.Content.Span));

    private static List<(string Name, int Index)> Columns(CsvTable table, string field, IEnumerable<string> keys) =>
        [.. keys.Distinct().Select(key => table.Columns.ToList().IndexOf(key) is >= 0 and var index ? (key, index)
            : throw LangSmithRefusal.Invalid(field, $"the file has no column \"{JsonFields.Short(key, 100)}\"; it has {JsonFields.Short(string.Join(", ", table.Columns), 300)}"))];

    // A null character is no text for the store; others are what somebody wrote.
    private static string Fields(string[] row, List<(string Name, int Index)> columns) => LangSmithDatasetJson.Text(new JsonObject(
        columns.Select(column => KeyValuePair.Create(column.Name, (JsonNode?)row[column.Index].Replace('\0', '\uFFFD')))));
}
