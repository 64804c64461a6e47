using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace Bellwether.Telemetry;

/// <summary>Where a list of groups goes on. Opaque to callers: base64url of version, the last row's time in Unix ms, and its name.</summary>
internal static class GroupCursor
{
    private const byte Version = 1;
    private const int Head = 1 + sizeof(long);
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Write(GroupPosition position)
    {
        var name = Encoding.UTF8.GetBytes(position.Group[0]);
        var bytes = new byte[Head + name.Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), (long)(position.Value ?? 0));
        name.CopyTo(bytes, Head);
        return Base64Url.EncodeToString(bytes);
    }

    public static GroupPosition Parse(string text)
    {
        if (Base64Url.IsValid(text) && Base64Url.DecodeFromChars(text) is { Length: > Head } bytes && bytes[0] == Version)
        {
            try
            {
                return new GroupPosition(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1)), [s_strict.GetString(bytes.AsSpan(Head))]);
            }
            catch (DecoderFallbackException)
            {
                // Refused below, as what else was not written here.
            }
        }
        throw new TelemetryQueryException("cursor", "The cursor is not one that a page returned.");
    }
}
