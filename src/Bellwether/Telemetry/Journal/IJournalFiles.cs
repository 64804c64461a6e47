using Microsoft.Win32.SafeHandles;

namespace Bellwether.Telemetry;

/// <summary>The few file operations whose failure the journal must survive. A second implementation fails on demand in the tests.</summary>
internal interface IJournalFiles
{
    /// <summary>Creates a file of a size that the disk has promised to hold: a full disk shows here and not in the middle of a record.</summary>
    SafeFileHandle Create(string path, long bytes);

    void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset);

    void Flush(SafeFileHandle file);

    (long Free, long Total) Space(string folder);
}

/// <inheritdoc/>
internal sealed class JournalFiles : IJournalFiles
{
    public SafeFileHandle Create(string path, long bytes)
    {
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.None, bytes);
        try
        {
            // A length that does not grow with each record keeps a flush from writing the inode too.
            RandomAccess.SetLength(file, bytes);
            return file;
        }
        catch
        {
            file.Dispose();
            File.Delete(path);
            throw;
        }
    }

    public void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(file, bytes, offset);

    public void Flush(SafeFileHandle file) => RandomAccess.FlushToDisk(file);

    public (long Free, long Total) Space(string folder)
    {
        var drive = new DriveInfo(folder);
        return (drive.AvailableFreeSpace, drive.TotalSize);
    }
}
