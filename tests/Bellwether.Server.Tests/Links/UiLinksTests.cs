using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Bellwether.Server.Tests;

/// <summary>Addresses of other products' pages: what is not here is not found, and nobody sees more by them than by our own pages.</summary>
public sealed class UiLinksTests(ServerFactory server) : IClassFixture<ServerFactory>
{
    private const string Nothing = "01a20991-96d4-7000-8000-0000000000a1";

    [Theory]
    [InlineData("/o/{tenant}/datasets/" + Nothing)]
    [InlineData("/o/{tenant}/datasets/" + Nothing + "/compare?selectedSessions=" + Nothing)]
    [InlineData("/o/{tenant}/projects/p/" + Nothing)]
    [InlineData("/o/{tenant}/projects/p/" + Nothing + "/r/" + Nothing)]
    [InlineData("/o/{tenant}/datasets/not-an-id")]
    [InlineData("/o/{tenant}/projects/p/not-an-id")]
    [InlineData("/o/" + Nothing + "/datasets/" + Nothing)]
    [InlineData("/o/not-an-id/datasets/" + Nothing)]
    [InlineData("/project/default/traces/" + Nothing)]
    [InlineData("/project/elsewhere/traces/" + Nothing)]
    [InlineData("/trace/" + Nothing)]
    [InlineData("/trace/%2F%2Fevil.example")]
    public async Task What_does_not_exist_is_not_found(string path)
    {
        using var response = await GetAsync(path.Replace("{tenant}", await TenantAsync(), StringComparison.Ordinal), ServerFactory.AdministratorKey);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("/o/" + Nothing + "/datasets/" + Nothing)]
    [InlineData("/trace/" + Nothing)]
    public async Task A_browser_that_is_not_signed_in_signs_in_first(string path)
    {
        using var response = await GetAsync(path, null);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Contains("/signin?", response.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dataset_that_is_there_is_shown_and_an_experiment_of_another_is_not_compared()
    {
        using var made = await SendAsync("/langsmith/datasets", """{"name":"linked"}""");
        var id = System.Text.Json.JsonDocument.Parse(await made.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString();
        var tenant = await TenantAsync();
        using var page = await GetAsync($"/o/{tenant}/datasets/{id}", ServerFactory.AdministratorKey);
        Assert.Equal((HttpStatusCode.Found, $"/p/default/experiments/{id}"), (page.StatusCode, page.Headers.Location!.OriginalString));
        using var project = await SendAsync("/langsmith/sessions", $$"""{"name":"on another","reference_dataset_id":"{{Nothing}}"}""");
        var experiment = System.Text.Json.JsonDocument.Parse(await project.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString();
        using var compared = await GetAsync($"/o/{tenant}/datasets/{id}/compare?selectedSessions={experiment}", ServerFactory.AdministratorKey);
        Assert.Equal(HttpStatusCode.NotFound, compared.StatusCode);
    }

    // As the SDK finds it: a project says whose it is.
    private async Task<string> TenantAsync()
    {
        using var client = server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/langsmith/sessions?limit=1");
        request.Headers.Add("x-api-key", ServerFactory.AdministratorKey);
        using var response = await client.SendAsync(request);
        return System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement[0].GetProperty("tenant_id").GetString()!;
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string body)
    {
        using var client = server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Add("x-api-key", ServerFactory.AdministratorKey);
        return await client.SendAsync(request);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? key)
    {
        using var client = server.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
        return await client.SendAsync(request);
    }
}
