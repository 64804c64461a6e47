using Bellwether.Detection;

namespace Bellwether.Server.Tests;

/// <summary>The models of the build, with a byte that was changed on the way.</summary>
internal static class BrokenModels
{
    public static async Task WriteAsync(string folder, string name)
    {
        await using var shipped = typeof(DetectorModels).Assembly.GetManifestResourceStream($"Detection/{name}.model")!;
        var bytes = new byte[shipped.Length];
        await shipped.ReadExactlyAsync(bytes);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(Path.Combine(folder, name + ".model"), bytes);
    }
}
