using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>The npm packages @openfeature/ofrep-provider and @openfeature/ofrep-web-provider ask a real server with nothing but address and key given.</summary>
public sealed class OfrepClientsTests(OfrepClients clients) : IClassFixture<OfrepClients>
{
    private JsonElement Server => clients["server"];

    [Fact]
    public void A_server_gets_values_of_every_type_with_reason_variant_and_version()
    {
        Assert.Equal(("true", "on", "TARGETING_MATCH"), Facts(Server, "targeted"));
        Assert.Equal(("false", "off", "UNKNOWN"), Facts(Server, "others"));
        Assert.Equal(("2.5", "low", "STATIC"), Facts(Server, "number"));
        Assert.Equal(("""{"colours":["black","grey"],"contrast":7}""", "dark", "STATIC"), Facts(Server, "object"));
        Assert.Equal(1, Server.GetProperty("number").GetProperty("version").GetInt32());
        Assert.Equal(("false", "off", "SPLIT"), Facts(Server, "outside"));
        Assert.Equal(("true", "on", "SPLIT"), Facts(Server, "inside"));
        Assert.Equal(("2.5", "low", "STATIC"), Facts(Server, "byHeader"));
    }

    [Fact]
    public void A_key_with_a_raw_slash_is_found()
    {
        Assert.Equal(("\"Good day\"", "formal", "STATIC"), Facts(Server, "slash"));
        // Other clients encode it.
        Assert.Equal("Good day", Server.GetProperty("encoded").GetString());
    }

    [Fact]
    public void A_disabled_flag_is_off_and_no_error() => Assert.Equal(("false", "off", "DISABLED"), Facts(Server, "disabled"));

    [Theory]
    [InlineData("nobody", "TARGETING_KEY_MISSING", "true")]
    [InlineData("missing", "FLAG_NOT_FOUND", "true")]
    [InlineData("mismatch", "TYPE_MISMATCH", "true")]
    [InlineData("stranger", "GENERAL", "7")]
    public void What_goes_wrong_is_told_and_the_application_has_its_own_default(string name, string code, string value)
    {
        var facts = Server.GetProperty(name);
        Assert.Equal((code, "ERROR", value), (facts.GetProperty("errorCode").GetString(), facts.GetProperty("reason").GetString(), facts.GetProperty("value").GetRawText()));
    }

    [Fact]
    public void A_server_sees_a_change_with_its_next_question() => Assert.Equal(("100", "high", "STATIC"), Facts(Server, "changed"));

    [Fact]
    public void A_page_gets_all_flags_at_once()
    {
        var page = clients["polling"];
        Assert.Equal(("true", "on", "TARGETING_MATCH"), Facts(page, "targeted"));
        Assert.Equal(("\"Good day\"", "formal", "STATIC"), Facts(page, "slash"));
        Assert.Equal(("""{"colours":["black","grey"],"contrast":7}""", "dark", "STATIC"), Facts(page, "object"));
        Assert.Equal(("true", "on", "SPLIT"), Facts(page, "inside"));
        Assert.Equal(("false", "off", "DISABLED"), Facts(page, "disabled"));
        Assert.Equal("FLAG_NOT_FOUND", page.GetProperty("missing").GetProperty("errorCode").GetString());
    }

    [Fact]
    public void A_poll_sends_the_tag_as_it_came_and_gets_304_until_something_changes_and_then_the_page_sees_it()
    {
        var page = clients["polling"];
        var traffic = page.GetProperty("traffic").EnumerateArray().ToArray();
        Assert.Equal((200, JsonValueKind.Null), (traffic[0].GetProperty("status").GetInt32(), traffic[0].GetProperty("ifNoneMatch").ValueKind));
        Assert.Equal((304, traffic[0].GetProperty("etag").GetString()), (traffic[1].GetProperty("status").GetInt32(), traffic[1].GetProperty("ifNoneMatch").GetString()));
        Assert.Equal(304, traffic[2].GetProperty("status").GetInt32());
        Assert.Equal(["team/a/greeting"], page.GetProperty("changes")[0].EnumerateArray().Select(flag => flag.GetString()));
        Assert.Equal(("\"Hi\"", "short", "STATIC"), Facts(page, "after"));
    }

    [Fact]
    public void Another_context_is_evaluated_anew()
    {
        var someone = clients["polling"].GetProperty("someoneElse");
        Assert.Equal(("false", "off", "UNKNOWN"), Facts(someone, "targeted"));
        Assert.Equal(("false", "off", "SPLIT"), Facts(someone, "half"));
    }

    [Fact]
    public void A_page_that_does_not_poll_sees_a_change_by_its_stream()
    {
        var page = clients["streaming"];
        Assert.Equal(("false", "off", "SPLIT"), Facts(page, "before"));
        Assert.Equal(("true", "on", "SPLIT"), Facts(page, "after"));
        Assert.Contains("half", page.GetProperty("changes")[0].EnumerateArray().Select(flag => flag.GetString()));
        var asked = page.GetProperty("traffic").EnumerateArray().Last().GetProperty("path").GetString();
        Assert.Contains("flagConfigEtag=", asked, StringComparison.Ordinal);
        Assert.Contains("flagConfigLastModified=", asked, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_without_a_user_has_what_needs_none_and_the_others_say_why()
    {
        var page = clients["nobody"];
        Assert.Equal("TARGETING_KEY_MISSING", page.GetProperty("half").GetProperty("errorCode").GetString());
        Assert.Equal(("100", "high", "STATIC"), Facts(page, "limit"));
    }

    [Fact]
    public void A_page_with_a_wrong_key_does_not_become_ready() => Assert.Equal("PROVIDER_FATAL", clients["stranger"].GetProperty("error").GetString());

    private static (string, string?, string?) Facts(JsonElement of, string name)
    {
        var facts = of.GetProperty(name);
        return (facts.GetProperty("value").GetRawText(), facts.GetProperty("variant").GetString(), facts.GetProperty("reason").GetString());
    }
}
