namespace Bellwether.Primitives;

/// <summary>The folder that holds everything a server keeps: journal, telemetry, state, keys. Absolute; created at start.</summary>
public sealed record DataFolder(string Path)
{
    /// <summary>A sub-folder by name, created when missing.</summary>
    public string Sub(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;
}
