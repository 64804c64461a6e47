using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace Bellwether.Telemetry;

/// <summary>
/// The bytes of a segment, described in docs/journal.md.
/// <code>
/// segment = header frame* zero*
/// header  = "BWJ1" | version u32 | first sequence u64 | salt u64 | crc u32 | zero to 64 bytes
/// frame   = magic u32 | length u32 | sequence u64 | payload crc u32 | header crc u32 | payload
/// </code>
/// All little-endian; CRC-32C. The header's CRC is seeded with the segment's salt, so that a frame which a caller hid in a
/// prompt is never taken for one of ours when the bytes around it are damaged.
/// </summary>
internal static class JournalFormat
{
    public const int SegmentHeader = 64;
    public const int FrameHeader = 24;
    public const uint FrameMagic = 0xB3_17_E4_0Au;
    public const string Extension = ".bwj";
    public static readonly int LargestPayload = 1 << 30;
    private const uint Version = 1;
    private static ReadOnlySpan<byte> SegmentMagic => "BWJ1"u8;

    public static ulong NewSalt()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    // The name carries what the header says, so that a damaged header does not cost the segment.
    public static string FileName(long firstSequence, ulong salt) =>
        string.Create(CultureInfo.InvariantCulture, $"{firstSequence:d19}-{salt:x16}{Extension}");

    public static bool TryParseName(string path, out long firstSequence, out ulong salt)
    {
        var name = Path.GetFileNameWithoutExtension(path.AsSpan());
        salt = 0;
        firstSequence = 0;
        return name.Length == 36 && name[19] == '-'
            && long.TryParse(name[..19], NumberStyles.None, CultureInfo.InvariantCulture, out firstSequence)
            && ulong.TryParse(name[20..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out salt);
    }

    public static byte[] SegmentHeaderBytes(long firstSequence, ulong salt)
    {
        var bytes = new byte[SegmentHeader];
        SegmentMagic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), firstSequence);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), salt);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24), Crc(0, bytes.AsSpan(0, 24)));
        return bytes;
    }

    public static bool IsSegmentHeader(ReadOnlySpan<byte> bytes, long firstSequence, ulong salt) =>
        bytes.SequenceEqual(SegmentHeaderBytes(firstSequence, salt));

    /// <summary>True for the header of a segment that a newer version wrote: it must be left alone, not taken for damage.</summary>
    public static bool IsNewerVersion(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 28 && bytes.StartsWith(SegmentMagic)
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) > Version
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]) == Crc(0, bytes[..24]);

    /// <summary>Writes what is known before the sequence is.</summary>
    public static void BeginFrame(Span<byte> frame)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame, FrameMagic);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], frame.Length - FrameHeader);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[16..], Crc(0, frame[FrameHeader..]));
    }

    public static int FrameLength(ReadOnlySpan<byte> frame) => FrameHeader + BinaryPrimitives.ReadInt32LittleEndian(frame[4..]);

    public static void EndFrame(Span<byte> frame, long sequence, ulong salt)
    {
        BinaryPrimitives.WriteInt64LittleEndian(frame[8..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[20..], HeaderCrc(frame, salt));
    }

    public static bool TryReadHeader(ReadOnlySpan<byte> header, ulong salt, out long sequence, out int length)
    {
        sequence = BinaryPrimitives.ReadInt64LittleEndian(header[8..]);
        length = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(header) == FrameMagic
            && BinaryPrimitives.ReadUInt32LittleEndian(header[20..]) == HeaderCrc(header, salt)
            && length >= 0 && length <= LargestPayload;
    }

    public static bool IsPayload(ReadOnlySpan<byte> frame) =>
        BinaryPrimitives.ReadUInt32LittleEndian(frame[16..]) == Crc(0, frame[FrameHeader..]);

    private static uint HeaderCrc(ReadOnlySpan<byte> header, ulong salt) => Crc(BitOperations.Crc32C(0u, salt), header[..20]);

    private static uint Crc(uint seed, ReadOnlySpan<byte> bytes)
    {
        var crc = ~seed;
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }
        foreach (var one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }
        return ~crc;
    }
}
