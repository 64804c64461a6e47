using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace Bellwether.Detection;

/// <summary>
/// The file of a trained model: <c>BWDM</c>, format, name, version, then the checksum of the packed content and the content. What is
/// wrong with a file is said when it is read, not when a text is checked.
/// </summary>
internal static class ModelFile
{
    private const uint Magic = 0x4D445742;
    private const int Format = 1;
    private const int MaxBytes = 64 * 1024 * 1024;

    public static void Write(Stream file, string name, string version, Action<BinaryWriter> content)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        using (var writer = new BinaryWriter(brotli, Encoding.UTF8))
        {
            content(writer);
        }
        var bytes = packed.ToArray();
        using var head = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true);
        head.Write(Magic);
        head.Write(Format);
        head.Write(name);
        head.Write(version);
        head.Write(XxHash64.HashToUInt64(bytes));
        head.Write(bytes.Length);
        head.Write(bytes);
    }

    /// <exception cref="InvalidDataException">The file is not a whole model of this name; the message says why.</exception>
    public static T Read<T>(Stream file, string name, Func<BinaryReader, string, T> content)
    {
        try
        {
            using var head = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
            if (head.ReadUInt32() != Magic)
            {
                throw new InvalidDataException("it is no model file");
            }
            if (head.ReadInt32() is var format && format != Format)
            {
                throw new InvalidDataException($"its format is {format} and this version reads {Format}");
            }
            if (head.ReadString() is var found && found != name)
            {
                throw new InvalidDataException($"it is the model '{found}'");
            }
            var version = head.ReadString();
            var checksum = head.ReadUInt64();
            var length = head.ReadInt32();
            var bytes = length is >= 0 and <= MaxBytes ? head.ReadBytes(length) : [];
            if (bytes.Length != length || XxHash64.HashToUInt64(bytes) != checksum)
            {
                throw new InvalidDataException("it was cut or changed: the checksum does not fit");
            }
            using var brotli = new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress);
            using var reader = new BinaryReader(brotli, Encoding.UTF8);
            return content(reader, version);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or FormatException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException($"The model of the detector '{name}' cannot be used: {error.Message}", error);
        }
    }

    /// <exception cref="InvalidDataException">The file cannot be opened, or is not a whole model of this name; the message says why.</exception>
    public static T ReadFile<T>(string path, string name, Func<BinaryReader, string, T> content)
    {
        FileStream file;
        try
        {
            file = File.OpenRead(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"The model of the detector '{name}' cannot be opened: {error.Message}", error);
        }
        using (file)
        {
            return Read(file, name, content);
        }
    }

    /// <summary>Reads the model that is shipped in this assembly.</summary>
    public static T ReadShipped<T>(string name, Func<BinaryReader, string, T> content)
    {
        using var file = typeof(ModelFile).Assembly.GetManifestResourceStream($"Detection/{name}.model")
            ?? throw new InvalidDataException($"The model of the detector '{name}' is not in this build.");
        return Read(file, name, content);
    }

    public static void Write(BinaryWriter writer, ReadOnlySpan<float> values)
    {
        writer.Write(values.Length);
        foreach (var value in values)
        {
            writer.Write(value);
        }
    }

    public static float[] ReadFloats(BinaryReader reader, int expected)
    {
        if (reader.ReadInt32() is var length && length != expected)
        {
            throw new InvalidDataException($"it has {length} weights where {expected} belong");
        }
        var values = new float[expected];
        for (var index = 0; index < expected; index++)
        {
            values[index] = reader.ReadSingle();
            if (!float.IsFinite(values[index]))
            {
                throw new InvalidDataException("a weight is not a number");
            }
        }
        return values;
    }
}
