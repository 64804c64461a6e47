using System.Security.Cryptography;
using System.Text;
using Bellwether.Primitives;

namespace Bellwether.Ingest;

/// <summary>
/// Attachments in the data folder, one file each: <c>attachments/&lt;project&gt;/&lt;owner&gt;/&lt;name&gt;</c>, where project and name are hashes: what a client
/// writes is never a path.
/// </summary>
internal sealed class AttachmentFiles
{
    private readonly string _folder;
    private long _bytes;

    public AttachmentFiles(DataFolder data)
    {
        _folder = data.Sub("attachments");
        _bytes = new DirectoryInfo(_folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
    }

    /// <summary>Of all of them.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>It is on the disk when this ends; one of the same name is replaced. False when there is no room under the limit.</summary>
    public async Task<bool> TryKeepAsync(AttachmentOwner owner, string name, ReadOnlyMemory<byte> content, long mostInAll, CancellationToken cancellationToken)
    {
        if (Interlocked.Add(ref _bytes, content.Length) > mostInAll)
        {
            Interlocked.Add(ref _bytes, -content.Length);
            return false;
        }
        var path = PathOf(owner, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var before = new FileInfo(path) is { Exists: true } known ? known.Length : 0;
        try
        {
            // A reader sees the file before or the file after, never half of one.
            var part = path + ".part";
            await using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await file.WriteAsync(content, cancellationToken);
                file.Flush(flushToDisk: true);
            }
            File.Move(part, path, overwrite: true);
        }
        catch
        {
            Interlocked.Add(ref _bytes, -content.Length);
            throw;
        }
        Interlocked.Add(ref _bytes, -before);
        return true;
    }

    /// <summary>Null when it is not kept.</summary>
    public FileInfo? Find(AttachmentOwner owner, string name) => new FileInfo(PathOf(owner, name)) is { Exists: true } file ? file : null;

    /// <summary>Runs of a project that have some.</summary>
    public IEnumerable<Guid> Runs(ProjectId project) =>
        new DirectoryInfo(FolderOf(project)) is { Exists: true } folder
            ? folder.EnumerateDirectories().Select(run => Guid.TryParseExact(run.Name, "N", out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty)
            : [];

    /// <summary>Removes all of these runs'; returns how many there were.</summary>
    public long Remove(ProjectId project, IEnumerable<Guid> runs) => runs.Sum(run => Remove(new AttachmentOwner(project, run)));

    /// <summary>Removes all of an owner's; returns how many there were.</summary>
    public long Remove(AttachmentOwner owner)
    {
        var folder = new DirectoryInfo(FolderOf(owner));
        if (!folder.Exists)
        {
            return 0;
        }
        var files = folder.GetFiles();
        folder.Delete(recursive: true);
        Interlocked.Add(ref _bytes, -files.Sum(file => file.Length));
        return files.Length;
    }

    private string PathOf(AttachmentOwner owner, string name) => Path.Combine(FolderOf(owner), Hash(name));

    private string FolderOf(AttachmentOwner owner) => Path.Combine(FolderOf(owner.Project), owner.Folder);

    private string FolderOf(ProjectId project) => Path.Combine(_folder, Hash(project.Value));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
