using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.Options;

namespace Bellwether.Exports;

/// <summary>
/// Makes the file of one export: rows page by page into a file of lines, which a restart goes on with, then the file that is fetched. A
/// Parquet file cannot be gone on with, so it is made of the lines in one go.
/// </summary>
internal sealed class ExportRun(
    TelemetryReader reader, ExportStore exports, IJournalFiles files, IOptions<ExportsOptions> options, IOptions<TelemetryOptions> telemetry, TimeProvider clock)
{
    private const int RowsAtOnce = 1_000;
    // Each has two texts of a megabyte at most, and what else its sender said.
    private const int TextsAtOnce = 25;

    public async Task MakeAsync(Export export, CancellationToken cancellationToken)
    {
        try
        {
            if (!export.IsRead)
            {
                export = await ReadAsync(export, cancellationToken);
            }
            if (exports.Find(export.Id) is { IsOver: false })
            {
                await FinishAsync(export, cancellationToken);
            }
        }
        catch (ExportFailedException failure)
        {
            exports.Fail(export, failure.Message, clock.GetUtcNow());
        }
        catch (TelemetryQueryException mistake)
        {
            exports.Fail(export, $"{mistake.Field}: {mistake.Message}", clock.GetUtcNow());
        }
        catch (IOException error) when (!cancellationToken.IsCancellationRequested)
        {
            // The disk is full or broken; the words of the system say which, and hold no content.
            exports.Fail(export, $"The file could not be written: {error.Message}", clock.GetUtcNow());
        }
        finally
        {
            if (exports.Find(export.Id) is null or { State: ExportState.Erased })
            {
                File.Delete(exports.Rows(export));
                File.Delete(exports.FilePath(export));
            }
        }
    }

    private async Task<Export> ReadAsync(Export export, CancellationToken cancellationToken)
    {
        var filter = FilterSyntax.TryParse(export.Q, out var expression, out var problem) ? expression : throw new ExportFailedException(problem!.Message);
        var (project, window) = (new ProjectId(export.Project), new TimeRange(export.From, export.To));
        export = export with { State = ExportState.Running, Total = export.Total ?? await reader.CountAsync(project, window, filter, cancellationToken) };
        await using var file = new FileStream(exports.Rows(export), FileMode.OpenOrCreate, FileAccess.Write);
        if (file.Length < export.Bytes)
        {
            // What is known to be written is not there: it failed on a disk that was too full to say so, or the disk lost it.
            export = export with { Rows = 0, Bytes = 0, Cursor = null };
        }
        // Behind what is known to be written may be half a page.
        file.SetLength(export.Bytes);
        file.Seek(0, SeekOrigin.End);
        var rows = new ArrayBufferWriter<byte>();
        await using var json = new Utf8JsonWriter(rows, new JsonWriterOptions { SkipValidation = true });
        while (!export.IsRead && exports.Save(export))
        {
            var page = await reader.ReadPageAsync(new ObservationPageRequest(project, window, RowsAtOnce) { Where = filter.Where, Text = filter.Text, Cursor = export.Cursor }, cancellationToken);
            foreach (var some in page.Items.Chunk(export.Texts ? TextsAtOnce : RowsAtOnce))
            {
                LeaveRoom();
                var details = export.Texts ? await DetailsAsync(project, [.. some], cancellationToken) : [];
                for (var i = 0; i < some.Length; i++)
                {
                    ObservationLines.Write(rows, json, some[i], details.IsEmpty ? null : details[i]);
                }
                await file.WriteAsync(rows.WrittenMemory, cancellationToken);
                rows.Clear();
            }
            await file.FlushAsync(cancellationToken);
            file.Flush(flushToDisk: true);
            if (file.Length > options.Value.MaxBytes)
            {
                throw new ExportFailedException($"The rows are larger than {options.Value.MaxBytes} bytes (Bellwether:Exports:MaxBytes). Take a shorter time or a narrower filter.");
            }
            export = export with { Rows = export.Rows + page.Items.Length, Bytes = file.Length, Cursor = page.Next, IsRead = page.Next is null };
        }
        exports.Save(export);
        return export;
    }

    private async Task<ImmutableArray<ObservationDetail>> DetailsAsync(ProjectId project, ImmutableArray<Observation> observations, CancellationToken cancellationToken)
    {
        var payloads = await reader.ReadPayloadsAsync(project, observations, cancellationToken);
        var owners = observations.SelectMany(observation => ObservationIds.Targets(observation).Select(target => (Target: target, observation.Id))).DistinctBy(pair => pair.Target).ToDictionary(pair => pair.Target, pair => pair.Id);
        var said = new List<Annotation>();
        string? cursor = null;
        do
        {
            var query = new AnnotationQuery(project, AnnotationQuery.AllTime) { Observations = [.. owners.Keys] };
            var page = await reader.ReadAnnotationsAsync(new AnnotationPageRequest(query, RowsAtOnce) { Cursor = cursor }, cancellationToken);
            said.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        // Oldest first, as one observation is read.
        said.Reverse();
        var byOwner = said.ToLookup(annotation => owners[annotation.ObservationId]);
        return [.. observations.Select((observation, i) => new ObservationDetail(observation, payloads[i], [.. byOwner[observation.Id]]))];
    }

    private async Task FinishAsync(Export export, CancellationToken cancellationToken)
    {
        var (rows, file) = (exports.Rows(export), exports.FilePath(export));
        if (export.Format == ExportFormat.Jsonl)
        {
            // After a restart it may have been moved already.
            if (File.Exists(rows))
            {
                File.Move(rows, file, overwrite: true);
            }
        }
        else
        {
            await ParquetFile.WriteAsync(rows, file, LeaveRoom, cancellationToken);
        }
        exports.Save(export with { State = ExportState.Done, FileBytes = new FileInfo(file).Length, FinishedAt = clock.GetUtcNow() });
        File.Delete(rows);
    }

    // Calls are refused when the disk is nearly full, and an export must not bring that about.
    private void LeaveRoom(long coming = 0)
    {
        var (free, total) = files.Space(exports.Folder);
        if (free - coming < 2 * Math.Min(telemetry.Value.MinimumFreeBytes, total / 50))
        {
            throw new ExportFailedException("The disk is nearly full. Make room, or take a shorter time or a narrower filter.");
        }
    }
}

/// <summary>An export that cannot be made; the message is for its owner.</summary>
internal sealed class ExportFailedException(string message) : Exception(message);
