using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Bellwether.Server.Tests;

/// <summary>The whole server in this process on an empty data folder, with a bootstrap key; ready when a test gets it.</summary>
public sealed class ServerFactory : WebApplicationFactory<Program>, IAsyncLifetime
{
    public static readonly string AdministratorKey = "matrix-administrator-key";
    private readonly string _folder = Directory.CreateTempSubdirectory("bw-server").FullName;

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
        .UseSetting("Bellwether:DataDirectory", _folder)
        .UseSetting("Bellwether:Otlp:GrpcPort", "0")
        .UseSetting("Bellwether:Otlp:HttpPort", "0")
        .UseSetting("Bellwether:Bootstrap:ApiKey", AdministratorKey);

    /// <summary>Waits until records are taken: the server answers a moment before its store is open.</summary>
    public async ValueTask InitializeAsync()
    {
        using var client = CreateClient();
        while (true)
        {
            using var ready = await client.GetAsync("/readyz");
            if (ready.IsSuccessStatusCode)
            {
                return;
            }
            await Task.Delay(20);
        }
    }

    /// <summary>Posts a JSON body with the administrator's key.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, string body, CancellationToken cancellationToken)
    {
        using var client = CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdministratorKey);
        return await client.SendAsync(request, cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
