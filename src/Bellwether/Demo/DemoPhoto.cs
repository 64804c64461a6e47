using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Bellwether.Demo;

/// <summary>A small picture (hills at dusk) for prompts with images, drawn here so that no file has to ship.</summary>
internal static class DemoPhoto
{
    private const int Width = 96;
    private const int Height = 64;

    public static readonly string Base64 = Convert.ToBase64String(Draw());

    private static byte[] Draw()
    {
        using var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, CompressionLevel.Optimal, leaveOpen: true))
        {
            Span<byte> row = stackalloc byte[1 + Width * 3];
            for (var y = 0; y < Height; y++)
            {
                for (var x = 0; x < Width; x++)
                {
                    var far = 34 + 6 * Math.Sin(x / 11.0);
                    var near = 46 + 8 * Math.Sin(x / 17.0 + 2);
                    var (red, green, blue) = y > near ? (38, 60, 52) : y > far ? (74, 98, 104) : (230 - y * 2, 150 - y, 90 + y);
                    (row[1 + x * 3], row[2 + x * 3], row[3 + x * 3]) = ((byte)red, (byte)green, (byte)blue);
                }
                zlib.Write(row);
            }
        }
        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        (header[8], header[9]) = (8, 2);
        Chunk(png, "IHDR"u8, header);
        Chunk(png, "IDAT"u8, pixels.ToArray());
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> name, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        name.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.HashToUInt32(chunk.AsSpan(4, 4 + data.Length)));
        png.Write(chunk);
    }
}
