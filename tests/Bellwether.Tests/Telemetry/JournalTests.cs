using System.Buffers.Binary;
using Bellwether.Telemetry;

namespace Bellwether.Tests.Telemetry;

public sealed class JournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_segment_that_was_ended_goes_when_all_of_it_is_stored_although_nothing_more_is_written()
    {
        using var journal = new JournalHarness(_folder.Path);
        journal.Append(3);
        var ended = Assert.Single(Directory.GetFiles(_folder.Path, "*" + JournalFormat.Extension));

        journal.Journal.EndSegment();
        journal.Journal.Release(2);
        Assert.True(File.Exists(ended), "A record of it is not stored yet.");
        journal.Journal.Release(3);
        Assert.False(File.Exists(ended));

        journal.Journal.EndSegment();
        journal.Append(2);
        Assert.Equal([4, 5], journal.ReadAll(3).Numbers);
    }

    /// <summary>Its file is not open any more, and until something is written there is none behind it.</summary>
    [Fact]
    public void A_segment_of_an_earlier_run_can_be_ended_before_anything_is_written()
    {
        using (var before = new JournalHarness(_folder.Path))
        {
            before.Append(3);
        }
        using var journal = new JournalHarness(_folder.Path);
        var old = Assert.Single(Directory.GetFiles(_folder.Path, "*" + JournalFormat.Extension));

        journal.Journal.EndSegment();
        journal.Journal.EndSegment();
        journal.Journal.Release(3);

        Assert.False(File.Exists(old));
        journal.Append(2);
        Assert.Equal([4, 5], journal.ReadAll(3).Numbers);
    }

    [Fact]
    public void Reads_back_what_was_appended_over_segments_and_restarts()
    {
        for (var run = 0; run < 3; run++)
        {
            using var journal = new JournalHarness(_folder.Path, segmentBytes: 4096);
            journal.Append(100);
            Assert.True(journal.Journal.SegmentCount > 3);
            Assert.Equal(Enumerable.Range(1, (run + 1) * 100), journal.ReadAll().Numbers);
        }
    }

    [Fact]
    public void Reads_while_it_is_written()
    {
        using var journal = new JournalHarness(_folder.Path, segmentBytes: 8192);
        using var reader = new JournalReader(journal.Journal, damage => Assert.Fail(damage.ToString()));
        for (var i = 1; i <= 200; i++)
        {
            Assert.False(reader.TryRead(i - 1, out _, out _));
            journal.Append(1);
            Assert.True(reader.TryRead(i - 1, out var sequence, out _));
            Assert.Equal(i, sequence);
        }
    }

    [Fact]
    public void Keeps_a_record_larger_than_a_segment()
    {
        using var journal = new JournalHarness(_folder.Path, segmentBytes: 64 * 1024);
        journal.Append(1);
        journal.Append(1, payloadBytes: 20 << 20);
        journal.Append(1);
        Assert.Equal([1, 2, 3], journal.ReadAll().Numbers);
    }

    [Fact]
    public async Task Acknowledges_after_the_flush()
    {
        var files = new FaultyFiles();
        using var journal = new JournalHarness(_folder.Path, files: files);
        journal.Append(10);
        Assert.True(await journal.Journal.WhenDurableAsync(10));
        Assert.True(files.Flushes > 0);
    }

    [Fact]
    public async Task A_failed_flush_is_never_acknowledged_and_a_new_segment_goes_on()
    {
        var files = new FaultyFiles { FailFlush = () => new IOException("EIO", 5) };
        using var journal = new JournalHarness(_folder.Path, files: files);
        journal.Append(1);
        Assert.False(await journal.Journal.WhenDurableAsync(1));
        Assert.Equal("journal_failed", journal.Append(Records.Observation(2))?.Code);

        files.FailFlush = null;
        Assert.True(journal.Journal.TryRecover());
        Assert.Null(journal.Append(Records.Observation(2)));
        Assert.True(await journal.Journal.WhenDurableAsync(2));
        Assert.Equal([1, 2], journal.ReadAll().Numbers);
    }

    [Fact]
    public void Every_write_that_fails_leaves_whole_records_only()
    {
        // ENOSPC at the n-th write, half of it done, for every n until a run has no fault.
        for (var n = 1; ; n++)
        {
            using var folder = new TemporaryFolder();
            var files = new FaultyFiles();
            files.FailWriteAt(n, halfDone: true);
            var kept = new List<int>();
            using (var journal = new JournalHarness(folder.Path, segmentBytes: 4096, files))
            {
                for (var i = 0; i < 40; i++)
                {
                    var number = (int)journal.Journal.LastSequence + 1;
                    if (journal.Append(Records.Observation(number)) is { } fault)
                    {
                        Assert.Equal("disk_full", fault.Code);
                        Assert.True(journal.Journal.TryRecover());
                        continue;
                    }
                    kept.Add(number);
                }
                Assert.Equal(kept, journal.ReadAll().Numbers);
            }
            using var reopened = new JournalHarness(folder.Path, segmentBytes: 4096);
            Assert.Equal(kept, reopened.ReadAll().Numbers);
            if (!files.Failed)
            {
                Assert.True(n > 40);
                return;
            }
        }
    }

    [Fact]
    public void Forgets_segments_that_the_store_has_passed()
    {
        using var journal = new JournalHarness(_folder.Path, segmentBytes: 4096);
        journal.Append(100);
        journal.Journal.Release(100);
        Assert.Equal(1, journal.Journal.SegmentCount);
        journal.Append(1);
        Assert.Equal(101, journal.ReadAll(after: 100).Numbers.Single());
    }

    [Fact]
    public void Refuses_a_folder_that_is_in_use_and_names_the_holder()
    {
        using var first = new JournalHarness(_folder.Path);
        var error = Assert.Throws<JournalInUseException>(() => new JournalHarness(_folder.Path));
        Assert.Contains($"process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_journal_of_a_newer_version()
    {
        var path = Path.Combine(_folder.Path, JournalFormat.FileName(1, 7));
        var header = JournalFormat.SegmentHeaderBytes(1, 7);
        header[4] = 2;
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(24), Crc32C(header.AsSpan(0, 24)));
        File.WriteAllBytes(path, header);
        Assert.Throws<InvalidDataException>(() => new JournalHarness(_folder.Path));
    }

    // A second way to compute the checksum: bit by bit, as the standard defines it.
    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78u : crc >> 1;
            }
        }
        return ~crc;
    }
}
