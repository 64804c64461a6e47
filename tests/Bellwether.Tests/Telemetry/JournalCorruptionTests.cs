using Bellwether.Telemetry;

namespace Bellwether.Tests.Telemetry;

/// <summary>The corruptions that Prometheus tests its write-ahead log with, and a bit flipped everywhere: never a wrong record.</summary>
public sealed class JournalCorruptionTests : IDisposable
{
    private const int Count = 20;
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, int> Corruptions => new()
    {
        // what is done to record 10 (or the file) and how many of 20 records survive
        { "torn last record", 19 },
        { "segment header", 20 },
        { "order", 19 },
        { "magic", 19 },
        { "checksum", 19 },
        { "length", 19 },
        { "content", 19 },
        { "zeroed", 19 },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Corruptions))]
    public void Loses_only_the_record_that_was_damaged_and_says_where(string corruption, int survivors)
    {
        var (path, bytes, frames) = Write();
        var (start, length) = frames[9];
        switch (corruption)
        {
            case "torn last record":
                Array.Resize(ref bytes, bytes.Length - 17);
                break;
            case "segment header":
                bytes[9] ^= 0xff;
                break;
            case "order":
                // The tenth record again in the place of the eleventh, which is equally long.
                bytes.AsSpan(start, length).CopyTo(bytes.AsSpan(frames[10].Start));
                break;
            case "magic":
                bytes[start] ^= 1;
                break;
            case "checksum":
                bytes[start + 16] ^= 1;
                break;
            case "length":
                bytes[start + 5] ^= 1;
                break;
            case "content":
                bytes[start + JournalFormat.FrameHeader + 30] ^= 1;
                break;
            case "zeroed":
                bytes.AsSpan(start, length).Clear();
                break;
            default:
                Assert.Fail(corruption);
                break;
        }
        File.WriteAllBytes(path, bytes);

        using var journal = new JournalHarness(_folder.Path);
        var (numbers, damage) = journal.ReadAll();
        Assert.Equal(survivors, numbers.Count);
        var place = Assert.Single(damage);
        Assert.Equal(corruption switch
        {
            "torn last record" => frames[19].Start,
            "segment header" => 0,
            "order" => frames[10].Start,
            _ => start,
        }, place.Offset);
        Assert.Equal(corruption == "torn last record", place.TornTail);
        // What comes after a damaged journal is appended and read as ever.
        journal.Append(5);
        Assert.Equal(survivors + 5, journal.ReadAll().Numbers.Count);
    }

    [Fact]
    public void A_flipped_bit_anywhere_costs_at_most_one_record_and_never_makes_a_wrong_one()
    {
        var (path, bytes, _) = Write();
        for (var at = 0; at < bytes.Length; at += 7)
        {
            var damaged = bytes.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(path, damaged);
            using var journal = new JournalHarness(_folder.Path);
            var (numbers, _) = journal.ReadAll();
            Assert.True(numbers.Count >= Count - 1, $"{numbers.Count} records after a flip at {at}");
        }
    }

    [Fact]
    public void A_file_cut_anywhere_keeps_the_records_before_the_cut()
    {
        var (path, bytes, frames) = Write();
        for (var length = 0; length <= bytes.Length; length += 13)
        {
            File.WriteAllBytes(path, bytes[..length]);
            using var journal = new JournalHarness(_folder.Path);
            Assert.Equal(frames.Count(frame => frame.Start + frame.Length <= length), journal.ReadAll().Numbers.Count);
            if (!File.Exists(path))
            {
                File.WriteAllBytes(path, bytes);
            }
        }
    }

    [Fact]
    public void A_record_hidden_in_a_prompt_is_not_found_when_its_surroundings_are_damaged()
    {
        // A frame as another journal would have written it, inside a payload of ours.
        var buffer = RecordBuffer.Rent();
        buffer.Reserve(JournalFormat.FrameHeader);
        RecordCodec.Write(Records.Observation(99), buffer);
        JournalFormat.BeginFrame(buffer.Written);
        JournalFormat.EndFrame(buffer.Written, 99, salt: 12345);
        var hidden = buffer.Written.ToArray();
        buffer.Return();
        using (var journal = new JournalHarness(_folder.Path))
        {
            var record = Records.Observation(1);
            Assert.Null(journal.Append(record.With(record.Observation!, new ObservationPayload { Input = hidden })));
            Assert.Null(journal.Append(Records.Observation(2)));
        }
        var path = Directory.GetFiles(_folder.Path, "*.bwj").Single();
        var bytes = File.ReadAllBytes(path);
        bytes[JournalFormat.SegmentHeader] ^= 1;
        File.WriteAllBytes(path, bytes);

        using var reopened = new JournalHarness(_folder.Path);
        Assert.Equal([2], reopened.ReadAll().Numbers);
    }

    private (string Path, byte[] Bytes, List<(int Start, int Length)> Frames) Write()
    {
        using (var journal = new JournalHarness(_folder.Path))
        {
            for (var i = 1; i <= Count; i++)
            {
                // Equally long, so that one can take another's place.
                Assert.Null(journal.Append(Padded(i)));
            }
        }
        var path = Directory.GetFiles(_folder.Path, "*.bwj").Single();
        var bytes = File.ReadAllBytes(path);
        var frames = new List<(int, int)>();
        for (var at = JournalFormat.SegmentHeader; at < bytes.Length;)
        {
            var length = JournalFormat.FrameLength(bytes.AsSpan(at));
            frames.Add((at, length));
            at += length;
        }
        Assert.Equal(Count, frames.Count);
        return (path, bytes, frames);
    }

    private static TelemetryRecord Padded(int number)
    {
        var record = Records.Observation(number);
        return record.With(record.Observation! with { RequestId = $"req-{number:d5}" }, record.Payload);
    }
}
