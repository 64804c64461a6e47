using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bellwether.Dashboard.Tests;

public sealed class StoppingTests
{
    [Fact]
    public async Task A_server_that_stops_takes_no_pages_connection_any_more()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        await using var app = builder.Build();
        app.UseDashboard();
        app.Run(context => context.Response.WriteAsync("taken", context.RequestAborted));
        await app.StartAsync();
        using var client = app.GetTestClient();
        Assert.Equal("taken", await client.GetStringAsync("/_blazor?id=1"));

        app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        using var refused = await client.GetAsync("/_blazor?id=1");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("taken", await client.GetStringAsync("/healthz"));
    }
}
