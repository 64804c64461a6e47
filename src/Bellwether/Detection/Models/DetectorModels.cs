using System.Collections.Immutable;

namespace Bellwether.Detection;

/// <param name="Detector">As API and policies name it.</param>
/// <param name="Reason">A sentence for the operator.</param>
public sealed record BrokenModel(string Detector, string Reason);

/// <summary>The models that detectors run on, and those that cannot be used.</summary>
public sealed class DetectorModels
{
    private readonly List<BrokenModel> _broken = [];

    internal DetectorModels(DetectionOptions options)
    {
        Injection = Load(options.ModelDirectory, InjectionModel.Name, InjectionModel.Read, static () => InjectionModel.Shipped);
        Harm = Load(options.ModelDirectory, HarmModel.Name, HarmModel.Read, static () => HarmModel.Shipped);
        Broken = [.. _broken];
    }

    /// <summary>The detectors that this server runs without; empty when all is well.</summary>
    public ImmutableArray<BrokenModel> Broken { get; }

    /// <summary>Null when it cannot be used.</summary>
    internal InjectionModel? Injection { get; }

    internal HarmModel? Harm { get; }

    private T? Load<T>(string folder, string name, Func<BinaryReader, string, T> content, Func<T> shipped) where T : class
    {
        try
        {
            var path = Path.Combine(folder, name + ".model");
            return folder.Length > 0 && File.Exists(path) ? ModelFile.ReadFile(path, name, content) : shipped();
        }
        catch (InvalidDataException error)
        {
            _broken.Add(new BrokenModel(name, error.Message));
            return null;
        }
    }
}
