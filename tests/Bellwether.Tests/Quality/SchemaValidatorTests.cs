using Bellwether.Quality;

namespace Bellwether.Tests;

public sealed class SchemaValidatorTests
{
    private const string Person = """
        {"type":"object","additionalProperties":false,"required":["name","age"],
         "properties":{"name":{"type":"string","minLength":1,"pattern":"^[A-Z]"},"age":{"type":"integer","minimum":0,"maximum":150},
           "tags":{"type":"array","items":{"enum":["a","b"]},"maxItems":2,"uniqueItems":true},"boss":{"anyOf":[{"$ref":"#"},{"type":"null"}]},
           "kind":{"$ref":"#/$defs/kind"}},"$defs":{"kind":{"const":"person"}}}
        """;

    private static ValidatorResult Check(string answer, string schema = Person) => SchemaValidator.Check(new(answer) { Schema = schema });

    [Theory]
    [InlineData("""{"name":"Ann","age":3}""")]
    [InlineData("""{"name":"Ann","age":3.0,"tags":["a","b"],"boss":{"name":"Bo","age":50,"boss":null},"kind":"person"}""")]
    [InlineData("```json\n{\"name\":\"Ann\",\"age\":3}\n```")]
    public void What_fits_passes(string answer) => Assert.Equal(ValidatorVerdict.Pass, Check(answer).Verdict);

    [Theory]
    [InlineData("""{"name":"Ann"}""", "lacks 'age'")]
    [InlineData("""{"name":"Ann","age":"3"}""", "$.age")]
    [InlineData("""{"name":"Ann","age":3.5}""", "$.age")]
    [InlineData("""{"name":"Ann","age":151}""", "$.age")]
    [InlineData("""{"name":"ann","age":3}""", "pattern")]
    [InlineData("""{"name":"Ann","age":3,"colour":"red"}""", "'colour'")]
    [InlineData("""{"name":"Ann","age":3,"tags":["a","c"]}""", "$.tags[1]")]
    [InlineData("""{"name":"Ann","age":3,"tags":["a","a"]}""", "twice")]
    [InlineData("""{"name":"Ann","age":3,"boss":{"name":"Bo"}}""", "$.boss")]
    [InlineData("""{"name":"Ann","age":3,"kind":"dog"}""", "$.kind")]
    [InlineData("""{"name":"Ann","age":3""", "not valid JSON")]
    [InlineData("Ann is 3.", "not valid JSON")]
    public void What_does_not_fit_is_told_with_its_place(string answer, string said)
    {
        var result = Check(answer);
        Assert.Equal(ValidatorVerdict.Fail, result.Verdict);
        Assert.Contains(said, result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"unevaluatedProperties":false}""")]
    [InlineData("""{"$ref":"https://example.org/schema.json"}""")]
    [InlineData("""{"$ref":"#/$defs/none"}""")]
    [InlineData("""{"properties":{"name":{"pattern":"(?=a)b"}}}""")]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"type":"thing"}""")]
    [InlineData("not json")]
    public void What_cannot_be_judged_is_unknown_and_never_a_guess(string schema) => Assert.Equal(ValidatorVerdict.Unknown, Check("""{"name":"Ann","age":3}""", schema).Verdict);

    [Fact]
    public void A_pattern_made_to_be_slow_is_not()
    {
        var answer = "{\"a\":\"" + new string('a', 200_000) + "!\"}";
        Assert.Equal(ValidatorVerdict.Fail, Check(answer, """{"properties":{"a":{"pattern":"^(a+)+$"}}}""").Verdict);
    }

    [Fact]
    public void One_and_one_point_nought_are_the_same_element_of_a_set()
    {
        const string Set = """{"type":"array","uniqueItems":true}""";
        Assert.Equal(ValidatorVerdict.Fail, Check("[1, 1.0]", Set).Verdict);
        Assert.Equal(ValidatorVerdict.Pass, Check("""[1, "1", 10, 1.5, 1e2, true]""", Set).Verdict);
    }
}
