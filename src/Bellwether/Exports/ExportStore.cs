using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Bellwether.Primitives;

namespace Bellwether.Exports;

/// <summary>Exports and their files in the data folder: <c>exports/&lt;id&gt;.json</c> says how far it is, <c>.part</c> holds its rows, <c>.jsonl</c> or <c>.parquet</c> is what is fetched.</summary>
internal sealed class ExportStore(DataFolder data)
{
    private readonly ConcurrentDictionary<Guid, Export> _all = Load(data.Sub("exports"));
    private readonly Lock _writing = new();

    public string Folder { get; } = data.Sub("exports");

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Export> Of(ProjectId project) => [.. _all.Values.Where(export => export.Project == project.Value).OrderByDescending(export => export.CreatedAt).ThenByDescending(export => export.Id)];

    public Export? Find(ProjectId project, Guid id) => Find(id) is { } export && export.Project == project.Value ? export : null;

    public Export? Find(Guid id) => _all.GetValueOrDefault(id);

    /// <summary>The oldest that is not over.</summary>
    public Export? Next() => _all.Values.Where(export => !export.IsOver).MinBy(export => export.CreatedAt);

    public IEnumerable<Export> FinishedBefore(DateTimeOffset time) => _all.Values.Where(export => export.FinishedAt < time);

    /// <summary>False when the project has as many as it may.</summary>
    public bool TryAdd(Export export, int most)
    {
        lock (_writing)
        {
            if (_all.Values.Count(other => other.Project == export.Project) >= most)
            {
                return false;
            }
            Write(export);
            return true;
        }
    }

    /// <summary>Says how far it is; false when it was removed or erased in the meantime.</summary>
    public bool Save(Export export)
    {
        lock (_writing)
        {
            if (_all.GetValueOrDefault(export.Id) is null or { State: ExportState.Erased })
            {
                return false;
            }
            Write(export);
            return true;
        }
    }

    /// <summary>
    /// Takes away what it has and says why there is no file. Where the disk does not even take the word, this process knows it and the next
    /// one begins the export again, since its rows are gone.
    /// </summary>
    public void Fail(Export export, string problem, DateTimeOffset now)
    {
        lock (_writing)
        {
            File.Delete(Rows(export));
            File.Delete(FilePath(export));
            if (_all.GetValueOrDefault(export.Id) is not { State: not ExportState.Erased } known)
            {
                return;
            }
            var failed = known with { State = ExportState.Failed, Problem = problem, FinishedAt = now };
            try
            {
                Write(failed);
            }
            catch (IOException)
            {
                _all[export.Id] = failed;
            }
        }
    }

    /// <summary>Removes the files of exports that have rows and says why in their place. Returns how many there were.</summary>
    public int Erase(Func<Export, bool> which, string why, DateTimeOffset now)
    {
        lock (_writing)
        {
            var erased = _all.Values.Where(export => export.State is ExportState.Running or ExportState.Done && which(export)).ToList();
            foreach (var export in erased)
            {
                // First the word, so that a kill in between leaves a file that nobody can fetch and that goes with its word.
                Write(export with { State = ExportState.Erased, FileBytes = null, Cursor = null, Problem = why, FinishedAt = now });
                File.Delete(Rows(export));
                File.Delete(FilePath(export));
            }
            return erased.Count;
        }
    }

    public void Remove(Export export)
    {
        lock (_writing)
        {
            _all.TryRemove(export.Id, out _);
            // What is being written now is taken away by its writer.
            foreach (var file in (string[])[Path(export.Id, "json"), Rows(export), FilePath(export)])
            {
                File.Delete(file);
            }
        }
    }

    public string Rows(Export export) => Path(export.Id, "part");

    public string FilePath(Export export) => Path(export.Id, export.Format == ExportFormat.Parquet ? "parquet" : "jsonl");

    // What an earlier process left. A file that is no export of ours is left alone.
    private static ConcurrentDictionary<Guid, Export> Load(string folder)
    {
        var all = new ConcurrentDictionary<Guid, Export>();
        foreach (var file in Directory.EnumerateFiles(folder, "*.json"))
        {
            try
            {
                if (JsonSerializer.Deserialize(File.ReadAllBytes(file), ExportJson.Default.Export) is { } export)
                {
                    all[export.Id] = export;
                }
            }
            catch (JsonException)
            {
                // Written whole or not at all (Save), so this is somebody else's.
            }
        }
        return all;
    }

    // Readers find the one before or this one. Throws IOException when the disk does not take it.
    private void Write(Export export)
    {
        var file = Path(export.Id, "json");
        try
        {
            using (var stream = new FileStream(file + ".new", FileMode.Create, FileAccess.Write))
            {
                JsonSerializer.Serialize(stream, export, ExportJson.Default.Export);
                stream.Flush(flushToDisk: true);
            }
            File.Move(file + ".new", file, overwrite: true);
        }
        catch (IOException)
        {
            File.Delete(file + ".new");
            throw;
        }
        _all[export.Id] = export;
    }

    private string Path(Guid id, string kind) => System.IO.Path.Combine(Folder, $"{id.ToString("N", CultureInfo.InvariantCulture)}.{kind}");
}
