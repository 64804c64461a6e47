namespace Bellwether.Cli.Detectors;

/// <summary><c>bellwether detectors eval|train --data &lt;folder&gt;</c>.</summary>
internal static class DetectorsCommand
{
    public const string Usage = """
        bellwether detectors eval  --data <folder> [--only <detector>]
        bellwether detectors train --data <folder> --output <folder> [--only <detector>]

        eval   measures the detectors on labelled texts and prints one table for each.
        train  trains the models and writes them, with a card for each, into the output folder.
        The data folder has one folder for each task (injection, harm, …) with train.jsonl and dev.jsonl.
        """;

    // One line for each detector that can be measured.
    private static readonly Dictionary<string, Func<string, IEnumerable<EvaluationRow>>> s_evaluations = new()
    {
        ["leak"] = LeakEvaluation.Run,
        ["repetition"] = RepetitionEvaluation.Run,
        ["off_topic"] = OffTopicEvaluation.Run,
        ["groundedness"] = GroundednessEvaluation.Run,
    };

    private static readonly TrainedValidator[] s_trained = [OffTopicEvaluation.Validator, GroundednessEvaluation.Validator];

    public static int Run(string[] args, TextWriter output)
    {
        var (data, only, folder) = Read(args);
        switch (args[0])
        {
            case "eval":
                foreach (var (name, run) in s_evaluations)
                {
                    if (only is null || only == name)
                    {
                        EvaluationTable.Write(run(data), output);
                    }
                }
                return 0;
            case "train" when folder is not null:
                Directory.CreateDirectory(folder);
                foreach (var validator in s_trained.Where(validator => only is null || only == validator.Name))
                {
                    validator.Train(data, folder);
                    output.WriteLine($"{validator.Name}: written to {folder}");
                }
                return 0;
            default:
                throw new UsageException(Usage);
        }
    }

    private static (string Data, string? Only, string? Output) Read(string[] args)
    {
        if (args.Length % 2 == 0)
        {
            throw new UsageException(Usage);
        }
        string? data = null, only = null, output = null;
        for (var index = 1; index < args.Length; index += 2)
        {
            switch (args[index])
            {
                case "--data": data = args[index + 1]; break;
                case "--only": only = args[index + 1]; break;
                case "--output": output = args[index + 1]; break;
                default: throw new UsageException($"There is no option '{args[index]}'.\n{Usage}");
            }
        }
        if (data is null)
        {
            throw new UsageException($"--data is missing.\n{Usage}");
        }
        return Directory.Exists(data) ? (data, only, output) : throw new UsageException($"--data: there is no folder '{data}'.");
    }
}
