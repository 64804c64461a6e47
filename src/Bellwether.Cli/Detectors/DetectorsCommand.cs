using Bellwether.Detection;

namespace Bellwether.Cli.Detectors;

/// <summary><c>bellwether detectors eval|train --data &lt;folder&gt;</c>.</summary>
internal static class DetectorsCommand
{
    public const string Usage = """
        bellwether detectors eval  --data <folder> [--only <detector>] [--models <folder>]
        bellwether detectors train --data <folder> --output <folder> [--only <detector>]

        eval   measures the detectors on labelled texts and prints one table for each; --models takes trained models that are not built in yet.
        train  trains the models and writes them, with a card for each, into the output folder.
        The data folder has one folder for each task (injection, harm, …) with train.jsonl and dev.jsonl.
        """;

    // One line for each detector that can be measured.
    private static readonly Dictionary<string, Func<string, string?, IEnumerable<EvaluationRow>>> s_evaluations = new()
    {
        [InjectionModel.Name] = static (data, models) => InjectionEvaluation.Run(data, Model(models, InjectionModel.Name, InjectionModel.Read) ?? InjectionModel.Shipped),
        [HarmModel.Name] = static (data, models) => HarmEvaluation.Run(data, Model(models, HarmModel.Name, HarmModel.Read) ?? HarmModel.Shipped),
        ["pii"] = static (data, _) => PersonalDataEvaluation.Run(data),
        ["leak"] = static (data, _) => LeakEvaluation.Run(data),
        ["repetition"] = static (data, _) => RepetitionEvaluation.Run(data),
        ["off_topic"] = static (data, _) => OffTopicEvaluation.Run(data),
        ["groundedness"] = static (data, _) => GroundednessEvaluation.Run(data),
        ["similarity"] = static (data, _) => SimilarityEvaluation.Run(data),
    };

    public static int Run(string[] args, TextWriter output)
    {
        var (data, only, folder, models) = Read(args);
        switch (args[0])
        {
            case "eval":
                foreach (var (name, run) in s_evaluations)
                {
                    if (only is null || only == name)
                    {
                        EvaluationTable.Write(run(data, models), output);
                    }
                }
                return 0;
            case "train":
                TrainingRun.Run(data, folder ?? throw new UsageException($"--output is missing.\n{Usage}"), only, output);
                return 0;
            default:
                throw new UsageException(Usage);
        }
    }

    private static (string Data, string? Only, string? Output, string? Models) Read(string[] args)
    {
        if (args.Length % 2 == 0)
        {
            throw new UsageException(Usage);
        }
        string? data = null, only = null, output = null, models = null;
        for (var index = 1; index < args.Length; index += 2)
        {
            switch (args[index])
            {
                case "--data": data = args[index + 1]; break;
                case "--only": only = args[index + 1]; break;
                case "--models": models = args[index + 1]; break;
                case "--output": output = args[index + 1]; break;
                default: throw new UsageException($"There is no option '{args[index]}'.\n{Usage}");
            }
        }
        if (data is null)
        {
            throw new UsageException($"--data is missing.\n{Usage}");
        }
        return Directory.Exists(data) ? (data, only, output, models) : throw new UsageException($"--data: there is no folder '{data}'.");
    }

    private static T? Model<T>(string? folder, string name, Func<BinaryReader, string, T> read) where T : class
    {
        if (folder is null)
        {
            return null;
        }
        using var file = File.OpenRead(Path.Combine(folder, name + ".model"));
        return ModelFile.Read(file, name, read);
    }
}
