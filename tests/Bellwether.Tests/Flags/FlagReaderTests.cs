using System.Text.Json;
using Bellwether.Flags;

namespace Bellwether.Tests;

/// <summary>What is taken as a flag, and which field is at fault when it is not.</summary>
public sealed class FlagReaderTests
{
    [Theory]
    [InlineData("""{"type":"boolean"}""", "key", "must be")]
    [InlineData("""{"key":"a//b","type":"boolean"}""", "key", "must be")]
    [InlineData("""{"key":"a/../b","type":"boolean"}""", "key", "must be")]
    [InlineData("""{"key":"/a","type":"boolean"}""", "key", "must be")]
    [InlineData("""{"key":"a?b","type":"boolean"}""", "key", "must be")]
    [InlineData("""{"key":"a"}""", "type", "is needed")]
    [InlineData("""{"key":"a","type":"bolean"}""", "type", "did you mean boolean?")]
    [InlineData("""{"key":"a","type":"string"}""", "variants", "must be 1 to 50")]
    [InlineData("""{"key":"a","type":"string","variants":{"x":1},"default":"x"}""", "variants.x", "must be a string")]
    [InlineData("""{"key":"a","type":"number","variants":{"x":1e999},"default":"x"}""", "variants.x", "must be a number")]
    [InlineData("""{"key":"a","type":"object","variants":{"x":null},"default":"x"}""", "variants.x", "must be an object")]
    [InlineData("""{"key":"a","type":"object","variants":{"x":{"y":["\ud83d"]}},"default":"x"}""", "variants.x", "not valid Unicode")]
    [InlineData("""{"key":"a","type":"string","variants":{"x":"1"}}""", "default", "is needed")]
    [InlineData("""{"key":"a","type":"boolean","default":"onn"}""", "default", "did you mean on?")]
    [InlineData("""{"key":"a","type":"boolean","hash":"murmur"}""", "hash", "is not a hash")]
    [InlineData("""{"key":"a","type":"boolean","salt":"a:b"}""", "salt", "must be")]
    [InlineData("""{"key":"a","type":"boolean","split":[{"variant":"on","weight":2500},{"variant":"off","weight":7000}]}""", "split", "9500 together")]
    [InlineData("""{"key":"a","type":"boolean","split":[{"variant":"on","weight":5000},{"variant":"on","weight":5000}]}""", "split", "twice")]
    [InlineData("""{"key":"a","type":"boolean","split":[]}""", "split", "must be 1 to 50 arms")]
    [InlineData("""{"key":"a","type":"boolean","split":[{"variant":"maybe","weight":10000}]}""", "split[0].variant", "is not a variant")]
    [InlineData("""{"key":"a","type":"boolean","split":[{"variant":"on","weight":-1},{"variant":"off","weight":10001}]}""", "split[1].weight", "must be 0 to 10000")]
    [InlineData("""{"key":"a","type":"boolean","split":[null]}""", "split[0].weight", "must be 0 to 10000")]
    [InlineData("""{"key":"a","type":"boolean","rollout":100}""", "rollout", "needs a split")]
    [InlineData("""{"key":"a","type":"boolean","hash":"md5","rollout":100,"split":[{"variant":"on","weight":10000}]}""", "rollout", "sha256 only")]
    [InlineData("""{"key":"a","type":"boolean","hash":"md5_variant","split":[{"variant":"on","weight":9000},{"variant":"off","weight":1000}]}""", "split", "equal weights")]
    [InlineData("""{"key":"a","type":"boolean","rules":[null]}""", "rules[0].when", "conditions")]
    [InlineData("""{"key":"a","type":"boolean","rules":[{"when":[{"attribute":"x","operator":"eq","value":"y"}]}]}""", "rules[0].variant", "or split is needed")]
    [InlineData("""{"key":"a","type":"boolean","rules":[{"when":[{"operator":"eq","value":"y"}],"variant":"on"}]}""", "rules[0].when[0].attribute", "is needed")]
    [InlineData("""{"key":"a","type":"boolean","rules":[{"when":[{"attribute":"x","operator":"equals","value":"y"}],"variant":"on"}]}""", "rules[0].when[0].operator", "is not an operator")]
    [InlineData("""{"key":"a","type":"boolean","rules":[{"when":[{"attribute":"x","operator":"eq"}],"variant":"on"}]}""", "rules[0].when[0].value", "must be a text")]
    [InlineData("""{"key":"a","type":"boolean","rules":[{"when":[{"attribute":"x","operator":"in","value":"y"}],"variant":"on"}]}""", "rules[0].when[0].value", "must be a list")]
    [InlineData("""{"key":"a","type":"boolean","rules":[{"when":[{"attribute":"x","operator":"gt","value":"5"}],"variant":"on"}]}""", "rules[0].when[0].value", "must be a number")]
    [InlineData("""{"key":"a","type":"boolean","rules":[{"when":[{"attribute":"x","operator":"eq","value":"\ud83d"}],"variant":"on"}]}""", "rules[0].when[0].value", "not valid Unicode")]
    [InlineData("""{"key":"a","type":"boolean","rules":[{"when":[{"attribute":"x","operator":"matches","value":"("}],"variant":"on"}]}""", "rules[0].when[0].value", "is not a regular expression")]
    [InlineData("""{"key":"a","type":"boolean","rules":[{"when":[{"attribute":"x","operator":"matches","value":"(a)\\1"}],"variant":"on"}]}""", "rules[0].when[0].value", "back-reference")]
    [InlineData("""{"key":"a","type":"boolean","rules":[{"when":[{"attribute":"x","operator":"eq","value":1}],"split":[{"variant":"on","weight":1}]}]}""", "rules[0].split", "must be 10000")]
    public void A_mistake_is_told_with_its_field(string body, string field, string says)
    {
        var read = FlagSamples.Read(body);
        Assert.Null(read.Value);
        Assert.Contains(says, string.Join("; ", read.Errors.GetValueOrDefault(field, [$"nothing of {field}, but {string.Join(", ", read.Errors.Keys)}"])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"key":"team/a.b_c:d-1","type":"boolean"}""")]
    [InlineData("""{"key":"a","type":"number","variants":{"low":2.50,"high":1e3},"default":"low","description":"d","enabled":false}""")]
    [InlineData("""{"key":"a","type":"object","variants":{"x":{"b":[1,{"c":null}],"a":"ü"},"y":[]},"default":"y"}""")]
    [InlineData("""{"key":"a","type":"boolean","rules":[{"name":"n","when":[{"attribute":"x","operator":"notIn","value":[1,"a",true]}],"split":[{"variant":"off","weight":1},{"variant":"on","weight":9999}],"rollout":10},{"when":[{"attribute":"x","operator":"matches","value":"^a+$"}],"variant":"on"}],"split":[{"variant":"on","weight":10000}],"rollout":500}""")]
    public void What_was_read_is_written_and_read_again_as_it_was(string body)
    {
        var flag = FlagSamples.Flag(body);
        var written = JsonSerializer.Serialize(FlagBody.Of(flag), FlagJson.Default.FlagBody);
        Assert.Equal(written, JsonSerializer.Serialize(FlagBody.Of(FlagSamples.Flag(written)), FlagJson.Default.FlagBody));
    }

    [Fact]
    public void The_salt_stays_and_the_version_goes_up()
    {
        var first = FlagSamples.Flag("""{"key":"a","type":"boolean"}""");
        var second = FlagSamples.Read("""{"key":"a","type":"boolean","default":"on"}""", first).Value!;
        Assert.Equal(("exp-a", 1, 2), (second.Salt, first.Version, second.Version));
        Assert.Contains("salt", FlagSamples.Read("""{"key":"a","type":"boolean","salt":"other"}""", first).Errors.Keys);
    }
}
