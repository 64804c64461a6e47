using System.Globalization;

namespace Bellwether.Telemetry;

/// <summary>Keeps a second process out of a journal. The lock goes with the process, also when that is killed.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    public static FolderLock Take(string folder)
    {
        var path = Path.Combine(folder, "lock");
        var holder = Path.Combine(folder, "lock.holder");
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(holder, string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}"));
            return new FolderLock(file);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException) && File.Exists(holder))
        {
            throw new JournalInUseException(folder, ReadHolder(holder), e);
        }
    }

    public void Dispose() => _file.Dispose();

    private static string ReadHolder(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}

/// <summary>Two processes must not write one data folder.</summary>
public sealed class JournalInUseException(string folder, string holder, Exception inner)
    : IOException($"The data folder is in use: {folder} is locked by {holder}. Stop that process, or set Bellwether:DataDirectory to another folder.", inner);
