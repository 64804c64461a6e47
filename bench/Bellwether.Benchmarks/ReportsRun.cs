using System.Globalization;
using System.Text;
using System.Text.Json;
using Bellwether.Detection;
using Bellwether.Quality;

namespace Bellwether.Benchmarks;

/// <summary>
/// <c>-- reports folder [units]</c>: a line for every text of the folder's <c>.jsonl</c> files and for so many units of every text of <see cref="HostileCorpus"/>,
/// with all that detectors and validators say of it, to the last bit. Who makes them faster compares the lines of two builds.
/// </summary>
internal static class ReportsRun
{
    private static readonly InjectionDetector s_injection = new(InjectionModel.Shipped);
    private static readonly HarmDetector s_harm = new(HarmModel.Shipped);
    private static readonly LeakDetector s_leak = new();
    private static readonly AnswerValidators s_validators = new();

    public static int Run(string[] args)
    {
        var units = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100_000;
        using var output = new StreamWriter(Console.OpenStandardOutput(), Encoding.UTF8);
        foreach (var (name, text) in HostileCorpus.Pieces.Select(piece => (piece.Name, HostileCorpus.Make(piece.Piece, units)))
            .Append(("all mixed", HostileCorpus.Mixed(units))).Concat(HostileCorpus.Noises.Select(noise => (noise.Name, HostileCorpus.Noise(noise.Kinds, units)))))
        {
            Write(output, name, new(text) { Question = text[..40], Context = HostileCorpus.SystemPrompt });
        }
        foreach (var file in Directory.EnumerateFiles(args[0], "*.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var number = 0;
            foreach (var line in File.ReadLines(file))
            {
                using var row = JsonDocument.Parse(line);
                var text = Field(row.RootElement, "text");
                Write(output, $"{Path.GetRelativePath(args[0], file)}:{++number}", new(text) { Question = Field(row.RootElement, "question"), Context = Field(row.RootElement, "context") is { Length: > 0 } context ? context : Field(row.RootElement, "system") });
            }
        }
        return 0;
    }

    private static string Field(JsonElement row, string name) => row.ValueKind == JsonValueKind.Object && row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static void Write(StreamWriter output, string name, AnswerUnderTest test)
    {
        var said = new StringBuilder();
        foreach (var channel in Enum.GetValues<TextChannel>())
        {
            var input = new DetectorInput(test.Answer, channel) { System = test.Context };
            foreach (var report in (ReadOnlySpan<DetectorReport>)[s_injection.Check(input), s_harm.Check(input), s_leak.Check(input)])
            {
                said.Append(CultureInfo.InvariantCulture, $" | {report.Score:R} {report.Verdict} {string.Join(',', report.Spans)} {string.Join(',', report.Reasons)} {string.Join(',', report.Parts.IsDefault ? [] : report.Parts.Select(part => $"{part.Score:R}"))}");
            }
        }
        var found = new FindingBuffer();
        PersonalDataScanner.Scan(test.Answer, found);
        said.Append(" | ").AppendJoin(',', found.Items.ToArray());
        foreach (var result in s_validators.Check(test))
        {
            said.Append(CultureInfo.InvariantCulture, $" | {result.Verdict} {result.Score:R} {result.Reason} {string.Join(',', result.Spans)}");
        }
        // What was found in a hostile text fills pages; its hash tells as well whether it is the same.
        var text = said.ToString().ReplaceLineEndings(" ");
        output.WriteLine(text.Length < 2_000 ? name + text : $"{name} | {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)))}");
    }
}
