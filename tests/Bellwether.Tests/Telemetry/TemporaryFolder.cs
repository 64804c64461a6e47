namespace Bellwether.Tests.Telemetry;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("bellwether-test").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
