using System.Text;
using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bellwether.Tests;

public sealed class RequestBodyTests
{
    private static async Task<(NewKey? Value, IResult? Refusal)> ReadAsync(byte[] body, string contentType = "application/json")
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = contentType;
        context.Request.Body = new MemoryStream(body);
        return await RequestBody.ReadAsync(context.Request, IdentityJson.Default.NewKey, CancellationToken.None);
    }

    private static string FieldOf(IResult? refusal) =>
        Assert.Single(Assert.IsType<HttpValidationProblemDetails>(Assert.IsType<ProblemHttpResult>(refusal).ProblemDetails).Errors).Key;

    [Theory]
    [InlineData("""{"name":"a","project":"other"}""", "project")]
    [InlineData("""{"name":"a","spend":0}""", "spend")]
    [InlineData("""{"name":"a","name":"b"}""", "name")]
    [InlineData("""{"name":"a","NAME":"b"}""", "NAME")]
    [InlineData("""{"name":1}""", "name")]
    [InlineData("""{"role":"emperor"}""", "role")]
    [InlineData("""{"role":2}""", "role")]
    [InlineData("""{"models":[1]}""", "models[0]")]
    [InlineData("""{"expiresAt":"tomorrow"}""", "expiresAt")]
    [InlineData("{", "")]
    [InlineData("null", "")]
    [InlineData("[]", "")]
    [InlineData("", "")]
    public async Task A_mistake_is_a_problem_that_names_the_field(string body, string field) =>
        Assert.Equal(field, FieldOf((await ReadAsync(Encoding.UTF8.GetBytes(body))).Refusal));

    [Theory]
    [InlineData("""{"name":"cut \ud83d"}""", "name", "has text with half of a surrogate pair")]
    [InlineData("""{"models":["a","\ude00"]}""", "models[1]", "has text with half of a surrogate pair")]
    [InlineData("""{"\ud83d":"a"}""", "", "has text with half of a surrogate pair")]
    [InlineData("""{"name":1,"models":["\ude00"]}""", "name", "has a value of the wrong type")]
    [InlineData("""{"name":1,"role":"\ud83d\ude00"}""", "name", "has a value of the wrong type")]
    [InlineData("""{"role":"emperor"}""", "role", "must be one of viewer, editor, administrator")]
    [InlineData("""{"role":2}""", "role", "must be one of viewer, editor, administrator")]
    [InlineData("[]", "", "must be a JSON object")]
    [InlineData("7", "", "must be a JSON object")]
    [InlineData("null", "", "must be a JSON object")]
    [InlineData("{} x", "", "is not valid JSON")]
    public async Task A_mistake_is_called_what_it_is(string body, string field, string problem)
    {
        var refusal = (await ReadAsync(Encoding.UTF8.GetBytes(body))).Refusal;
        Assert.Equal(field, FieldOf(refusal));
        Assert.Equal(problem, Assert.Single(Assert.IsType<HttpValidationProblemDetails>(Assert.IsType<ProblemHttpResult>(refusal).ProblemDetails).Errors[field]));
    }

    [Fact]
    public async Task Invalid_utf8_a_depth_bomb_and_a_huge_body_are_refused()
    {
        Assert.NotNull((await ReadAsync([.. "{\"name\":\""u8, 0xff, 0xfe, .. "\"}"u8])).Refusal);
        Assert.NotNull((await ReadAsync(Encoding.UTF8.GetBytes("{\"name\":" + new string('[', 10_000)))).Refusal);
        Assert.Equal(413, Assert.IsType<ProblemHttpResult>((await ReadAsync(new byte[300_000])).Refusal).StatusCode);
        Assert.Equal(415, Assert.IsType<ProblemHttpResult>((await ReadAsync([], "text/plain")).Refusal).StatusCode);
    }

    [Fact]
    public async Task A_right_body_is_read()
    {
        var (value, refusal) = await ReadAsync("""{"name":"a","role":"editor","models":["m*"]}"""u8.ToArray());

        Assert.Null(refusal);
        Assert.Equal(("a", Role.Editor, "m*"), (value!.Name, value.Role, value.Models![0]));
    }
}
