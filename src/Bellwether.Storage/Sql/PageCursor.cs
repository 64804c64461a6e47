using System.Buffers.Binary;
using System.Buffers.Text;
using Bellwether.Telemetry;

namespace Bellwether.Storage.Sql;

/// <summary>The last row of a page; the next page starts behind it. Opaque to callers: base64url of version, ticks and id.</summary>
internal readonly record struct PageCursor(long Ticks, Guid Id)
{
    private const byte Version = 1;
    private const int Size = 1 + sizeof(long) + 16;

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], Ticks);
        Id.TryWriteBytes(bytes[9..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    public static PageCursor Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[Size];
        return text.Length == Base64Url.GetEncodedLength(Size)
            && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, bytes, out var written)
            && written == Size && bytes[0] == Version
            ? new PageCursor(BinaryPrimitives.ReadInt64BigEndian(bytes[1..]), new Guid(bytes[9..], bigEndian: true))
            : throw new TelemetryQueryException("cursor", "The cursor is not one that a page returned.");
    }
}
