using System.Diagnostics;
using System.Globalization;
using Bellwether.Detection;
using Bellwether.References;

namespace Bellwether.Cli.Detectors;

/// <summary><c>detectors train</c>: writes each model and its card. The same data gives the same files.</summary>
internal static class TrainingRun
{
    private const string Version = "2026.11";

    private static readonly TrainedValidator[] s_validators = [OffTopicEvaluation.Validator, GroundednessEvaluation.Validator];

    public static void Run(string data, string folder, string? only, TextWriter output)
    {
        Directory.CreateDirectory(folder);
        if (only is null or InjectionModel.Name)
        {
            TrainInjection(data, folder, output);
        }
        if (only is null or HarmModel.Name)
        {
            TrainHarm(data, folder, output);
        }
        foreach (var validator in s_validators.Where(validator => only is null || only == validator.Name))
        {
            validator.Train(data, folder);
            output.WriteLine($"{validator.Name}: written to {folder}");
        }
        if (only is null or LexicalSimilarity.Name)
        {
            TrainSimilarity(data, folder, output);
        }
    }

    private static void TrainSimilarity(string data, string folder, TextWriter output)
    {
        SimilarityEvaluation.Train(data, folder);
        output.WriteLine($"{LexicalSimilarity.Name}: written to {folder}");
    }

    private static void TrainInjection(string data, string folder, TextWriter output)
    {
        var started = Stopwatch.GetTimestamp();
        var dev = LabelledText.Read(Path.Combine(data, "injection", "dev.jsonl"));
        var trainer = new InjectionTrainer(data);
        var model = trainer.Train(dev, Version);
        Write(folder, InjectionModel.Name, model.Write, started, output);
        var detector = new InjectionDetector(model);
        ModelCard.Write(Path.Combine(folder, "injection.md"), InjectionModel.Name, Version, "Prompt injection, jailbreaks and extraction of the system prompt, in prompts and in documents.", trainer.Rows,
        [
            ("dev", Scores.Auroc([.. dev.Select(row => (detector.Check(new DetectorInput(row.Text, row.Channel)).Score, row.Positive))])),
            ("folds by source on the public part of train", Auroc(trainer.FoldScores.Where(row => !row.Row.Own))),
        ]);
    }

    private static void TrainHarm(string data, string folder, TextWriter output)
    {
        var started = Stopwatch.GetTimestamp();
        var dev = LabelledText.Read(Path.Combine(data, "harm", "dev.jsonl"));
        var trainer = new HarmTrainer(data);
        var model = trainer.Train(dev, Version);
        Write(folder, HarmModel.Name, model.Write, started, output);
        ModelCard.Write(Path.Combine(folder, "harm.md"), HarmModel.Name, Version, "Abusive text, harmful requests and harmful answers, each by a head of its own.", trainer.Rows,
            Enum.GetValues<HarmHead>().SelectMany(head => new[]
            {
                ($"{head}: dev", Auroc(dev.Where(row => HarmTrainer.Concerns(row, head)).Select(row => new ScoredText(row, HarmTrainer.Score(model, head, row.Text))))),
                ($"{head}: folds by source on train", Auroc(trainer.FoldScores[(int)head])),
            }));
    }

    private static double Auroc(IEnumerable<ScoredText> rows) => Scores.Auroc([.. rows.Select(row => (row.Score, row.Row.Positive))]);

    private static void Write(string folder, string name, Action<BinaryWriter> content, long started, TextWriter output)
    {
        var path = Path.Combine(folder, name + ".model");
        using (var file = File.Create(path))
        {
            ModelFile.Write(file, name, Version, content);
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {new FileInfo(path).Length / 1024} KB in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s"));
    }
}
