using System.Diagnostics;
using System.Globalization;

namespace Bellwether.Server.Tests;

/// <summary>A real file system of a few megabytes (tmpfs) that can be filled to its last byte. Needs the right to mount: root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _filler;

    public SmallDisk(int megabytes)
    {
        Folder = Directory.CreateTempSubdirectory("bellwether-disk").FullName;
        _filler = Path.Combine(Folder, "filler");
        var size = megabytes.ToString(CultureInfo.InvariantCulture);
        if (Run("mount", "-t", "tmpfs", "-o", $"size={size}m", "bellwether-test", Folder) is { Code: not 0 } mount)
        {
            Directory.Delete(Folder);
            Assert.Fail($"This test needs a disk of its own that it can fill, and mounting one failed. Run the tests as root (in a container: with CAP_SYS_ADMIN). {mount.Error}");
        }
    }

    public string Folder { get; }

    public long Free => new DriveInfo(Folder).AvailableFreeSpace;

    /// <summary>Somebody else's file takes every byte that is left, but for so many.</summary>
    public void Fill(long leave = 0)
    {
        using var file = new FileStream(_filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var bytes = new byte[4_096];
        try
        {
            while (leave == 0 || Free > leave)
            {
                file.Write(bytes);
            }
        }
        catch (IOException)
        {
            // Full: what the test wants.
        }
    }

    public void Clear() => File.Delete(_filler);

    public void Dispose()
    {
        // Lazily, since a process that was just killed may not have let go of its files yet.
        Run("umount", "-l", Folder);
        Directory.Delete(Folder);
    }

    private static (int Code, string Error) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
