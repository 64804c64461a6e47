using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Bellwether.Server.Tests;

/// <summary>Requests for flags and about them.</summary>
internal static class FlagRequests
{
    public static readonly string All = "/ofrep/v1/evaluate/flags";

    /// <summary>With the administrator's key.</summary>
    public static Task<HttpResponseMessage> SendAsync(this WebApplicationFactory<Program> server, HttpMethod method, string path, string? body, CancellationToken cancellationToken) =>
        server.AskAsync(method, path, body, ServerFactory.AdministratorKey, cancellationToken);

    /// <param name="key">Null: none.</param>
    /// <param name="headers">More of them.</param>
    public static async Task<HttpResponseMessage> AskAsync(
        this WebApplicationFactory<Program> server, HttpMethod method, string path, string? body, string? key, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        using var client = server.CreateClient();
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public static async Task PutFlagAsync(this WebApplicationFactory<Program> server, string key, string body, CancellationToken cancellationToken)
    {
        using var put = await server.SendAsync(HttpMethod.Put, $"/api/v1/flags/{key}", body, cancellationToken);
        Assert.True(put.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK, await put.Content.ReadAsStringAsync(cancellationToken));
    }
}

/// <summary>Another server in this process, with a data folder of its own and one setting more.</summary>
internal sealed class ServerWith : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bw-flags").FullName;

    public ServerWith(ServerFactory like, string setting, string value) =>
        Server = like.WithWebHostBuilder(builder => builder.UseSetting(setting, value).UseSetting("Bellwether:DataDirectory", _folder));

    public WebApplicationFactory<Program> Server { get; }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
