using System.Text.Json;

namespace Bellwether.Cli.Detectors;

/// <summary>One line of a data file. Texts are material, never instructions.</summary>
/// <param name="Label">1 for what the detector looks for; STS scores reach 5.</param>
internal sealed record LabelledAnswer(string Text, string Context, string Question, string Text2, double Label, string Category, string Source)
{
    public bool IsPositive => Label > 0.5;

    /// <summary>Reads a file by \n alone: raw U+2028 and U+0085 stand within texts.</summary>
    public static List<LabelledAnswer> Read(string folder, string task, string file)
    {
        var path = Path.Combine(folder, task, file);
        var rows = new List<LabelledAnswer>();
        foreach (var line in File.ReadAllText(path).Split('\n'))
        {
            if (line.Length == 0) { continue; }
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            string Field(string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
            rows.Add(new(Field("text"), Field("context"), Field("question"), Field("text2"), root.GetProperty("label").GetDouble(), Field("category"), Field("source")));
        }
        return rows;
    }
}
