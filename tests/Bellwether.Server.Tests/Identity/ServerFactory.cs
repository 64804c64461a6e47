using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Bellwether.Server.Tests;

/// <summary>The whole server in this process on an empty data folder, with a bootstrap key.</summary>
public sealed class ServerFactory : WebApplicationFactory<Program>
{
    public static readonly string AdministratorKey = "matrix-administrator-key";
    private readonly string _folder = Directory.CreateTempSubdirectory("bw-server").FullName;

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
        .UseSetting("Bellwether:DataDirectory", _folder)
        .UseSetting("Bellwether:Bootstrap:ApiKey", AdministratorKey);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
