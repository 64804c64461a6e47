using System.Diagnostics;
using System.Text;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Bunit;
using CsCheck;

namespace Bellwether.Dashboard.Tests;

public sealed class RequestTextTests : BunitContext
{
    [Theory]
    [InlineData("a\u202Eb", "RLO")]
    [InlineData("a\u200Bb", "ZWSP")]
    [InlineData("\u001b[31m", "ESC")]
    [InlineData("x\u0000y", "NUL")]
    [InlineData("\U000E0068\U000E0069", "hidden tags: hi")]
    public void What_is_invisible_gets_a_mark(string text, string mark) =>
        Assert.Equal(mark, Assert.Single(VisibleText.Split(text), run => run.Mark is not null).Mark);

    [Theory, InlineData(ObservationState.Refused, "the caller"), InlineData(ObservationState.ProviderError, "the provider")]
    public void Broken_JSON_is_the_fault_of_who_sent_it(ObservationState state, string blame)
    {
        var now = DateTimeOffset.UnixEpoch;
        var call = new Observation { Id = Guid.CreateVersion7(now), Project = ProjectId.Default, StartTime = now, Kind = ObservationKind.Llm, State = state, ErrorType = ErrorTypes.ValidationMalformed };
        Assert.Equal(blame, ErrorMeaning.Of(call).Blame);
    }

    [Fact]
    public void Half_a_surrogate_pair_gets_a_mark() => Assert.Equal("�", Assert.Single(VisibleText.Split(new string('\uD800', 1))).Mark);

    [Theory]
    [InlineData("plain, ünïcode, 漢字, עברית, 👩‍👩‍👧 and ❤️\n\ttab\r\n")]
    [InlineData("می‌خواهم")]
    public void Ordinary_text_of_any_script_stays_as_it_is(string text) => Assert.Equal([new TextRun(text)], VisibleText.Split(text));

    [Fact]
    public void Runs_put_together_are_the_text() =>
        Gen.String.Sample(text => { Assert.Equal(text, string.Concat(VisibleText.Split(text).Select(run => run.Text))); });

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("[x](javascript:alert(1))")]
    [InlineData("![](http://127.0.0.1:9/?d=1)")]
    [InlineData("<img src=x onerror=alert(1)>")]
    public void A_message_is_text_whatever_it_says(string hostile)
    {
        var chat = Render<ChatView>(parameters => parameters.Add(view => view.Transcript,
            new Transcript([new(hostile, [new(TranscriptPartKind.Text, hostile), new(TranscriptPartKind.ToolCall, hostile) { Name = hostile }, new(TranscriptPartKind.Media, hostile)])], [new(hostile, hostile, hostile)], false)));

        Assert.Empty(chat.FindAll("script, img, a, iframe"));
        Assert.Contains(hostile, chat.Find(".prose").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_very_long_message_is_folded_and_unfolds_by_steps()
    {
        var text = Render<SafeText>(parameters => parameters.Add(view => view.Text, new string('x', 1_000_000)));
        Assert.Equal(4_000, text.Find(".safe-text").TextContent.Length);
        text.Find("button").Click();
        Assert.Equal(44_000, text.Find(".safe-text").TextContent.Length);
    }

    [Fact]
    public void Code_fences_part_a_message()
    {
        var blocks = MessageBlocks.Of("Do:\n```bash\nls -l\n```\nand ``` not this\n```\nopen");
        Assert.Equal([("Do:", false, ""), ("ls -l", true, "bash"), ("and ``` not this", false, ""), ("open", true, "")], blocks.Select(block => (block.Text, block.IsCode, block.Language)));
    }

    [Fact]
    public void Json_is_laid_out_and_coloured_without_changing_what_it_says()
    {
        var pretty = PrettyJson.Of(Encoding.UTF8.GetBytes("""{"a":[1.10,"x: \"y\"",true],"ü":null}"""));
        Assert.Equal("""{"a":[1.10,"x: \"y\"",true],"ü":null}""", string.Concat(pretty.Lines.Select(line => line.Trim())).Replace("\": ", "\":", StringComparison.Ordinal).Replace("x:\\\"", "x: \\\"", StringComparison.Ordinal).Replace("x:", "x: ", StringComparison.Ordinal).Replace("x:  ", "x: ", StringComparison.Ordinal));
        foreach (var line in pretty.Lines) { Assert.Equal(line, string.Concat(PrettyJson.Tokens(line, true).Select(token => token.Text))); }
        Assert.False(PrettyJson.Of("{\"a\":"u8.ToArray()).IsJson);
    }

    [Fact]
    public void A_shell_reads_a_quoted_body_as_exactly_that_body()
    {
        var bodies = Gen.String[Gen.Char["ab'\"\\$`!\n\t (){};&|<>*?~#@%\u00e9\u202e\u001b\r"], 0, 40].Array[40].Single();
        var script = new StringBuilder();
        foreach (var body in bodies)
        {
            // $(…) takes newlines off the end, so a dot guards them.
            script.Append("printf '%s.' ").Append(CurlCommand.Quote(body)).Append(" | od -An -v -tx1 | tr -d ' \\n'; echo\n");
            script.Append("{ printf '%b' ").Append(CurlCommand.QuoteForPrintf(body)).Append("; printf .; } | od -An -v -tx1 | tr -d ' \\n'; echo\n");
        }
        var lines = Shell(script.ToString());
        for (var i = 0; i < bodies.Length; i++)
        {
            var expected = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(bodies[i] + "."));
            Assert.Equal((expected, expected), (lines[2 * i], lines[(2 * i) + 1]));
        }
    }

    [Fact]
    public void The_curl_command_holds_no_key_no_control_and_no_way_out_of_its_quotes()
    {
        var start = DateTimeOffset.UnixEpoch;
        var hostile = RequestsServer.Simple(ProjectId.Default, start) with { User = "a'; rm -rf ~; '", Session = "x\r\nEvil: 1", Name = "POST /v1/$(touch x)`y`" };
        var command = CurlCommand.Write(hostile, new() { Input = Encoding.UTF8.GetBytes("{\"a\":\"'; touch /tmp/pwned; \u202e \u009b '\"}"), Headers = "> authorization: Bearer sk-secret\n> anthropic-version: 2023-06-01" }, "http://localhost:5080");

        Assert.DoesNotContain("secret", command, StringComparison.Ordinal);
        Assert.DoesNotContain("Evil", command, StringComparison.Ordinal);
        Assert.DoesNotContain(command, c => char.IsControl(c) && c != '\n' || c == '\u202e');
        Assert.Contains("anthropic-version: 2023-06-01", command, StringComparison.Ordinal);
        // What the shell makes of it: a stand-in for curl prints its arguments.
        var arguments = Shell("curl() { for a in \"$@\"; do printf '%s\\n' \"$a\"; done; }\nBELLWETHER_KEY=key\n" + command + "\n");
        Assert.Contains("Authorization: Bearer key", arguments);
        Assert.Contains("x-bellwether-user: a'; rm -rf ~; '", arguments);
        Assert.Contains("{\"a\":\"'; touch /tmp/pwned; \\u202e \\u009b '\"}", arguments);
        Assert.Contains("http://localhost:5080/v1/$(touch%20x)`y`", arguments);
    }

    [Fact]
    public void A_body_too_long_for_an_argument_goes_in_by_standard_input()
    {
        var body = "{\"a\":\"" + new string('x', 200_000) + "\"}";
        var command = CurlCommand.Write(RequestsServer.Simple(ProjectId.Default, DateTimeOffset.UnixEpoch), new() { Input = Encoding.UTF8.GetBytes(body) }, "http://h");
        Assert.Equal(body, Assert.Single(Shell("curl() { cat; }\n" + command + "\n"), line => line.Length > 0));
    }

    private static string[] Shell(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", "-s") { RedirectStandardInput = true, RedirectStandardOutput = true, StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8 })!;
        var output = shell.StandardOutput.ReadToEndAsync();
        shell.StandardInput.Write(script);
        shell.StandardInput.Close();
        shell.WaitForExit();
        return output.GetAwaiter().GetResult().Split('\n');
    }
}
