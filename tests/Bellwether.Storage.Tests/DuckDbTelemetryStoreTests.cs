using Bellwether.Primitives;
using Bellwether.Storage.DuckDb;
using Bellwether.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Bellwether.Storage.Tests;

public sealed partial class DuckDbTelemetryStoreTests : TelemetryStoreConformance
{
    protected override async Task<IStoreUnderTest> CreateAsync() => await DuckDbUnderTest.CreateAsync();
}

/// <summary>A DuckDB store in a folder of its own, which goes with it.</summary>
internal sealed class DuckDbUnderTest : IStoreUnderTest
{
    private DuckDbUnderTest(DataFolder folder) => Folder = folder;

    public DataFolder Folder { get; }
    public FakeTimeProvider Clock { get; } = new(Samples.Noon.AddDays(1));
    public DuckDbTelemetryStore Duck { get; private set; } = null!;
    public ITelemetryStore Store => Duck;

    public static async Task<DuckDbUnderTest> CreateAsync()
    {
        var subject = new DuckDbUnderTest(new DataFolder(Directory.CreateTempSubdirectory("bellwether-store-").FullName));
        await subject.OpenAsync();
        return subject;
    }

    public DuckDbTelemetryStore New() => new(Folder, Options.Create(new DuckDbOptions()), Clock, NullLogger<DuckDbTelemetryStore>.Instance);

    public async Task<long> OpenAsync()
    {
        Duck = New();
        return await Duck.OpenAsync(CancellationToken.None);
    }

    public async Task<long> ReopenAsync()
    {
        await Duck.DisposeAsync();
        return await OpenAsync();
    }

    public Task SettleAsync() => Duck.SealAllAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Duck.DisposeAsync();
        Directory.Delete(Folder.Path, recursive: true);
    }
}
