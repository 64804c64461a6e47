using System.Text;
using Bellwether.Guardrails;
using Microsoft.Extensions.Options;

namespace Bellwether.Tests.Guardrails;

public sealed class VerdictCacheTests
{
    private readonly VerdictCache _cache = new(Options.Create(new PromptOptions { RememberedTexts = 256 }));

    [Fact]
    public void What_is_asked_for_again_and_again_outlives_a_flood_of_new_texts()
    {
        var system = Key("You are a helpful assistant.");
        _cache.Keep(new TextVerdict(system, PromptDetectors.Injection));
        for (var i = 0; i < 100_000; i++)
        {
            Assert.NotNull(_cache.Find(system));
            _cache.Keep(new TextVerdict(Key($"question {i}"), PromptDetectors.Injection));
        }
    }

    [Fact]
    public void Who_says_it_and_how_it_is_cut_make_another_text()
    {
        var body = "one text"u8;
        PromptPart[] whole = [new(0, 8, BodyPartKind.Text, false)], cut = [new(0, 4, BodyPartKind.Text, false), new(4, 8, BodyPartKind.Text, false)];
        var keys = new[] { _cache.KeyOf(body, whole, PromptOrigin.User), _cache.KeyOf(body, whole, PromptOrigin.Document), _cache.KeyOf(body, cut, PromptOrigin.User) };
        Assert.Equal(3, keys.Distinct().Count());
        Assert.Equal(keys[0], _cache.KeyOf(body, whole, PromptOrigin.User));
        Assert.NotEqual(keys[0], new VerdictCache(Options.Create(new PromptOptions())).KeyOf(body, whole, PromptOrigin.User));
    }

    private UInt128 Key(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return _cache.KeyOf(bytes, [new PromptPart(0, bytes.Length, BodyPartKind.Text, false)], PromptOrigin.User);
    }
}
