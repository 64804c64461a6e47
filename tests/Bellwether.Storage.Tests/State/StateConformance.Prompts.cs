using Bellwether.Ingest;
using Bellwether.Primitives;

namespace Bellwether.Storage.Tests;

public abstract partial class StateConformance
{
    private static readonly ProjectId s_shop = new("shop");

    [Fact]
    public async Task A_prompt_has_numbered_versions_and_each_of_its_labels_is_at_one_of_them()
    {
        await Migrator().RunAsync(None);
        var store = new LangfusePromptStore(State);
        Assert.Equal(1, await store.AddAsync(s_shop, PromptDraft("a/b 😀", "production", "eu") with { Tags = """["x"]""" }, _clock.GetUtcNow(), None));
        Assert.Equal(2, await store.AddAsync(s_shop, PromptDraft("a/b 😀", "production"), _clock.GetUtcNow(), None));
        Assert.Equal(1, await store.AddAsync(new ProjectId("elsewhere"), PromptDraft("a/b 😀"), _clock.GetUtcNow(), None));
        Assert.Equal(0, await store.AddAsync(s_shop, PromptDraft("a/b 😀") with { Kind = "chat" }, _clock.GetUtcNow(), None));

        Assert.Equal(["2 production,latest", "1 eu"], await LabelsAsync());
        Assert.All(await store.VersionsAsync(s_shop, "a/b 😀", None), prompt => Assert.Equal(("""["x"]""", """{"prompt":"Hi"}"""), (prompt.Tags, prompt.Body)));

        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(await store.LabelAsync(s_shop, "a/b 😀", 1, ["production"], _clock.GetUtcNow(), None));
        Assert.False(await store.LabelAsync(s_shop, "a/b 😀", 3, ["eu"], _clock.GetUtcNow(), None));
        Assert.Equal(["2 latest", "1 eu,production"], await LabelsAsync());
        var first = (await store.VersionsAsync(s_shop, "a/b 😀", None))[1];
        Assert.Equal(TimeSpan.FromSeconds(5), first.UpdatedAt - first.CreatedAt);

        Assert.Equal(1, await store.RemoveAsync(s_shop, "a/b 😀", [1, 7], None));
        Assert.Equal(["2 latest"], await LabelsAsync());
        Assert.Single(await store.AllAsync(new ProjectId("elsewhere"), None));

        async Task<IEnumerable<string>> LabelsAsync() => (await store.VersionsAsync(s_shop, "a/b 😀", None)).Select(prompt => $"{prompt.Version} {string.Join(',', prompt.Labels)}");
    }

    [Fact]
    public async Task Of_processes_that_add_versions_at_once_each_gets_a_number_of_its_own()
    {
        await Migrator().RunAsync(None);
        await using var again = OpenAgain();
        var stores = new[] { new LangfusePromptStore(State), new LangfusePromptStore(again) };

        var made = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => stores[i % 2].AddAsync(s_shop, PromptDraft("raced", "production"), _clock.GetUtcNow(), None))));

        Assert.Equal(Enumerable.Range(1, 12), made.Select(version => version!.Value).Order());
        Assert.Single(await stores[0].VersionsAsync(s_shop, "raced", None), prompt => prompt.Labels.Contains("production"));
    }

    private static LangfusePromptDraft PromptDraft(string name, params string[] labels) => new(name, "text", """{"prompt":"Hi"}""", null, labels);
}
