using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

/// <summary>Where an address leads that names no page, or no project.</summary>
[Collection(nameof(SettingsCollection))]
public sealed class AddressTests(SettingsServer server, Browser browser)
{
    [Fact]
    public async Task An_address_that_nobody_serves_says_so_to_a_person_and_stays_bare_for_a_program()
    {
        await using var watched = await server.OpenAsync(browser, "/settings/providers");
        var answer = await watched.Page.GotoAsync("/nowhere");
        Assert.Equal(404, answer!.Status);
        await Assertions.Expect(watched.Page.GetByText("There is nothing at this address")).ToBeVisibleAsync();

        // The same session, as a program asks.
        var bare = await watched.Page.APIRequest.GetAsync(server.Url + "/nowhere");
        Assert.Equal(404, bare.Status);
        Assert.DoesNotContain("<html", await bare.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_that_does_not_exist_is_none_for_an_administrator_too()
    {
        await using var watched = await server.OpenAsync(browser, "/settings/providers");
        await watched.Page.GotoAsync("/p/nobody-made-it");
        await Assertions.Expect(watched.Page.GetByText("There is no such project")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_first_page_leads_to_the_project_that_has_calls()
    {
        await using var other = new SecondProjectServer();
        await other.InitializeAsync();
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(other.Url) };
        var answer = await client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("/p/empty", answer.Headers.Location is { IsAbsoluteUri: true } absolute ? absolute.AbsolutePath : answer.Headers.Location?.ToString());
    }

    private sealed class SecondProjectServer : DashboardServer
    {
        protected override async Task FillAsync(ITelemetryStore store) =>
            await store.AppendAsync(GeneratedTelemetry.Days(new ProjectId("empty"), TimeProvider.System.GetUtcNow(), calls: 20), CancellationToken.None);
    }
}
