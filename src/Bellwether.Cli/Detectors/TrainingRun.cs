using System.Diagnostics;
using System.Globalization;
using Bellwether.Detection;

namespace Bellwether.Cli.Detectors;

/// <summary><c>detectors train</c>: writes each model. The same data gives the same file.</summary>
internal static class TrainingRun
{
    public static void Run(string data, string folder, string? only, TextWriter output)
    {
        Directory.CreateDirectory(folder);
        if (only is null or InjectionModel.Name)
        {
            var dev = LabelledText.Read(Path.Combine(data, "injection", "dev.jsonl"));
            Write(folder, InjectionModel.Name, version => new InjectionTrainer(data).Train(dev, version).Write, output);
        }
        if (only is null or HarmModel.Name)
        {
            var dev = LabelledText.Read(Path.Combine(data, "harm", "dev.jsonl"));
            Write(folder, HarmModel.Name, version => new HarmTrainer(data).Train(dev, version).Write, output);
        }
    }

    private static void Write(string folder, string name, Func<string, Action<BinaryWriter>> train, TextWriter output)
    {
        const string Version = "2026.11";
        var started = Stopwatch.GetTimestamp();
        var content = train(Version);
        var path = Path.Combine(folder, name + ".model");
        using (var file = File.Create(path))
        {
            ModelFile.Write(file, name, Version, content);
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {new FileInfo(path).Length / 1024} KB in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s"));
    }
}
