using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bellwether.Detection;

namespace Bellwether.Cli.Detectors;

/// <summary>A row of labelled data, or of our own writing.</summary>
internal sealed record LabelledText(string Text, bool Positive, string Category, string Source, TextChannel Channel)
{
    public string Licence { get; init; } = "Apache-2.0 (written for this)";

    /// <summary>Written for this.</summary>
    public bool Own => Source.StartsWith("own:", StringComparison.Ordinal);

    /// <summary>Which set of templates wrote it, 1 and up; 0 for public texts.</summary>
    public int Hand { get; init; }

    /// <summary>Families of the public texts that one of our own stands in or beside: where such a family is left out, so is what quotes it.</summary>
    public IReadOnlyList<string> Quotes { get; init; } = [];

    /// <summary>What may not be on both sides of a fold: sources that were cut from one another begin with the same word.</summary>
    public string Family => Own ? Source : Source.Split('-')[0];

    /// <summary>Reads a JSONL file. Only <c>\n</c> ends a row: the texts hold raw U+2028 and U+0085.</summary>
    public static List<LabelledText> Read(string path)
    {
        var rows = new List<LabelledText>();
        foreach (var line in File.ReadAllText(path, Encoding.UTF8).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var row = JsonSerializer.Deserialize(line, LabelledJson.Default.LabelledRow) ?? throw new InvalidDataException($"{path}: a row is null.");
            var channel = row.Channel switch { "document" => TextChannel.Document, "system" => TextChannel.System, _ => TextChannel.User };
            rows.Add(new LabelledText(row.Text, row.Label == 1, row.Category, row.Source, channel) { Licence = row.Licence });
        }
        return rows;
    }
}

internal sealed record LabelledRow(string Text, int Label, string Category, string Source, string Licence, string? Channel);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LabelledRow))]
internal sealed partial class LabelledJson : JsonSerializerContext;
