using System.Text;
using System.Text.Json.Nodes;

namespace Bellwether.Ingest;

/// <summary>
/// A dataset as a CSV file, as Phoenix's Python client sends it: a form with the <c>file</c> (mostly compressed by itself), <c>name</c>, <c>action</c>, and the columns
/// that become inputs, outputs and so on. It becomes the JSON of the other way to upload, and all values are texts.
/// </summary>
internal static class PhoenixCsv
{
    private const int MostRows = 100_000;
    private const int MostKeys = 1_000;
    // What a column may become: the name of its list of keys, and of the member in JSON.
    private static readonly (string Keys, string Member)[] s_parts = [("input_keys", "inputs"), ("output_keys", "outputs"), ("metadata_keys", "metadata"), ("split_keys", "splits")];

    /// <param name="body">The form.</param>
    /// <param name="boundary">Between its parts.</param>
    /// <param name="limit">Bytes that may be made of a compressed file.</param>
    public static JsonObject Read(ReadOnlyMemory<byte> body, string boundary, int limit)
    {
        var upload = new JsonObject();
        var keys = s_parts.ToDictionary(part => part.Keys, _ => new List<string>(), StringComparer.Ordinal);
        CsvTable? table = null;
        var parts = new MultipartParts(body, boundary);
        while (parts.MoveNext())
        {
            var part = parts.Current;
            var name = part.Name.EndsWith("[]", StringComparison.Ordinal) ? part.Name[..^2] : part.Name;
            if (name == "file")
            {
                table = table is null ? Table(part, limit) : throw PhoenixRefusal.Invalid("file: may be there once");
            }
            else if (name is "name" or "action" or "description")
            {
                upload[name] = Text(part);
            }
            else if (keys.TryGetValue(name, out var list) && list.Count < MostKeys)
            {
                list.Add(Text(part));
            }
            else
            {
                throw PhoenixRefusal.Invalid($"{JsonFields.Short(part.Name, 100)}: is no field of an upload, or stands there more than {MostKeys} times");
            }
        }
        if (parts.Broken || table is null)
        {
            throw PhoenixRefusal.Invalid(parts.Broken ? "The multipart body is not whole: a part without a name, or no closing boundary." : "file: is needed");
        }
        foreach (var (field, member) in s_parts)
        {
            var columns = keys[field].Distinct().Select(key => (Name: key, Index: table.Columns.ToList().IndexOf(key))).ToList();
            if (columns.Find(column => column.Index < 0) is { Name: { } missing })
            {
                throw PhoenixRefusal.Invalid($"{field}: the file has no column \"{JsonFields.Short(missing, 100)}\"");
            }
            if (columns.Count > 0 || member == "inputs")
            {
                upload[member] = new JsonArray([.. table.Rows.Select(row => member == "splits"
                    ? (JsonNode)new JsonArray([.. columns.Select(column => row[column.Index]).Where(split => split.Length > 0).Select(split => (JsonNode)split)])
                    : new JsonObject(columns.Select(column => KeyValuePair.Create(column.Name, (JsonNode?)row[column.Index].Replace('\0', '\uFFFD')))))]);
            }
        }
        return upload;
    }

    private static CsvTable Table(MultipartPart part, int limit)
    {
        var type = part.ContentType.Split(';')[0].Trim();
        if (type is not ("" or "text/csv" or "application/octet-stream"))
        {
            throw new PhoenixRefusal(Microsoft.AspNetCore.Http.StatusCodes.Status415UnsupportedMediaType, "content_type", "file: must be CSV (text/csv); PyArrow files are not taken here.");
        }
        if (part.Encoding.Length == 0 || part.Encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return CsvTable.Read(part.Content.Span, MostRows);
        }
        var (decoded, refusal) = IngestBody.Decode(part.Content, part.Encoding, limit);
        using (decoded)
        {
            return decoded is null ? throw IngestRefusal.Of(refusal!) : CsvTable.Read(decoded.Span, MostRows);
        }
    }

    private static string Text(MultipartPart part) => Encoding.UTF8.GetString(part.Content.Span[..Math.Min(part.Content.Length, 4_000)]);
}
