using System.Globalization;

namespace Bellwether.Storage.DuckDb;

/// <summary>Keeps a second process out of a folder. The operating system lets go of it when the process ends, however it ends.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    public static FolderLock Take(string folder)
    {
        var path = Path.Combine(folder, "store.lock");
        var holderPath = Path.Combine(folder, "store.holder");
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(holderPath, string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}"));
            return new FolderLock(file);
        }
        catch (IOException error) when (error is not (DirectoryNotFoundException or FileNotFoundException))
        {
            var holder = File.Exists(holderPath) ? File.ReadAllText(holderPath) : "another process";
            throw new IOException($"The telemetry store in {folder} is in use by {holder}, which holds {path}. Two servers cannot share a data folder.", error);
        }
    }

    public void Dispose() => _file.Dispose();
}
