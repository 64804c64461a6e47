using System.Net;
using System.Text;
using Bellwether.Telemetry;

namespace Bellwether.Tests.Ingest;

/// <summary>Requests in the form of mixpanel 0.24 for Node, and of the import API.</summary>
public sealed class MixpanelReceiverTests : IAsyncLifetime
{
    private AnalyticsHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await AnalyticsHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static string Call(string properties, string name = "Answered", string? token = null) =>
        $$$"""{"event":"{{{name}}}","properties":{"token":"{{{token ?? AnalyticsHost.Key}}}","mp_lib":"node","distinct_id":"u-1",{{{properties.TrimStart('{')}}}}""";

    private static string Base64(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json));

    [Fact]
    public async Task Track_is_a_get_whose_answer_is_exactly_1()
    {
        var (status, answer) = await _host.GetAsync("/track?ip=0&verbose=0&data=" + Uri.EscapeDataString(Base64(
            Call("""{"time":1795694370,"$insert_id":"0199c2a47d3b7c119a654f3d2c1b0a99","model":"gpt-4o-mini","provider":"OpenAI","input_tokens":12,"output_tokens":7,"latency_ms":1500,"cost_usd":0.01,"session":"s-1","plan":"pro","prompt":"Hi","response":"Hello"}"""))));

        Assert.Equal((HttpStatusCode.OK, "1"), (status, answer));
        var call = Assert.Single(_host.Intake.Observations);
        Assert.Equal(("0199c2a4-7d3b-7c11-9a65-4f3d2c1b0a99", "mixpanel", ObservationKind.Llm, ObservationState.Ok, "Answered"), (call.Id.ToString(), call.Surface, call.Kind, call.State, call.Name));
        Assert.Equal(("gpt-4o-mini", "openai", "u-1", "s-1"), (call.Model, call.Provider, call.User, call.Session));
        Assert.Equal((12, 7, 1_500, 0.01m), (call.Usage.InputTokens, call.Usage.OutputTokens, call.Timings.TotalMs, call.Cost!.TotalUsd));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795694370).AddSeconds(-1.5), call.StartTime);
        Assert.Equal("plan=pro", string.Join(' ', call.Properties.Select(property => $"{property.Key}={property.Value}")));
        Assert.Equal("""{"text":"Hello"}""", Encoding.UTF8.GetString(_host.Texts("Answered").Output.Span));
        Assert.DoesNotContain(AnalyticsHost.Key, Encoding.UTF8.GetString(_host.Texts("Answered").Attributes.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_is_a_form_whose_base64_the_client_does_not_escape()
    {
        // ">>>" has a + in base64.
        var body = "data=" + Base64($"[{Call("""{"model":"m","input_tokens":1,"note":"a?>b>>>???"}""")},{Call("""{"page":"/"}""", "Opened")}]");
        Assert.Contains("+", body, StringComparison.Ordinal);
        var (status, answer) = await _host.PostAsync("/track?ip=0&verbose=1", new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded"));

        Assert.Equal((HttpStatusCode.OK, """{"status":1,"error":null}"""), (status, answer));
        Assert.Equal("Answered", Assert.Single(_host.Intake.Observations).Name);
    }

    [Fact]
    public async Task What_our_own_sink_sends_is_read_back_with_the_start_that_it_says()
    {
        await _host.PostAsync("/track?ip=0&verbose=0", new FormUrlEncodedContent([new("data", Base64($"[{Call("""{"time":1795694370000,"$insert_id":"0199c2a47d3b7c119a654f3d2c1b0a99","model":"m","provider":"openai","endpoint":"chat","name":"call","state":"timeout","error_type":"timeout","latency_ms":250}""", "ai_call")}]"))]));

        var call = _host.Step("call");
        Assert.Equal((DateTimeOffset.FromUnixTimeSeconds(1795694370), ObservationState.Timeout, ErrorTypes.Timeout, "chat"), (call.StartTime, call.State, call.ErrorType, call.Endpoint));
    }

    [Theory]
    [InlineData("array")]
    [InlineData("lines")]
    public async Task Json_to_import_gets_the_newer_answer(string form)
    {
        var events = new[] { Call("""{"model":"m","latency":1}""", "One"), Call("""{"model":"m","latency":2}""", "Two") };
        var body = form == "array" ? $"[{string.Join(',', events)}]" : string.Join('\n', [events[0], "{broken", events[1], ""]);
        var (status, answer) = await _host.PostJsonAsync("/import?strict=1&project_id=1", body);

        Assert.Equal((HttpStatusCode.OK, 200, "OK", 2), (status, answer.GetProperty("code").GetInt32(), answer.GetProperty("status").GetString(), answer.GetProperty("num_records_imported").GetInt32()));
        Assert.Equal(form == "array" ? [] : [1], answer.GetProperty("failed_records").EnumerateArray().Select(failed => failed.GetProperty("index").GetInt32()));
        Assert.Equal(["One", "Two"], _host.Intake.Observations.Select(step => step.Name));
        Assert.Equal(form == "array" ? 0 : 1, _host.Refusals.Read().Sum(refusal => refusal.Count));
    }

    [Fact]
    public async Task Each_event_is_taken_by_its_own_key_and_the_one_without_a_key_alone_is_rejected()
    {
        var (_, answer) = await _host.PostAsync("/track", new StringContent($"[{Call("""{"model":"m","latency":1}""", token: "unknown")},{Call("""{"model":"m","latency":1}""", "Good")}]"));

        Assert.Equal("1", answer);
        Assert.Equal("Good", Assert.Single(_host.Intake.Observations).Name);
        Assert.Equal(("mixpanel", false, "key"), Assert.Single(_host.Refusals.Read()) is var refusal ? (refusal.Source, refusal.WholeRequest, refusal.Reason) : default);
    }

    [Theory]
    [InlineData("/engage", "$set")]
    [InlineData("/groups", "$set_once")]
    public async Task Profiles_are_acknowledged_and_not_kept(string path, string what)
    {
        var (status, answer) = await _host.PostAsync(path, new FormUrlEncodedContent([new("data", Base64($$$"""[{"$token":"{{{AnalyticsHost.Key}}}","$distinct_id":"u-1","{{{what}}}":{"plan":"pro"}}]"""))]));

        Assert.Equal((HttpStatusCode.OK, "1"), (status, answer));
        Assert.Empty(_host.Intake.Records);
    }

    [Theory]
    [InlineData("data=!!!")]
    [InlineData("nothing=1")]
    [InlineData("[{]")]
    [InlineData("7")]
    public async Task A_body_that_cannot_be_read_is_400_with_0(string body)
    {
        var (status, answer) = await _host.PostAsync("/track?api_key=" + AnalyticsHost.Key, new StringContent(body));

        Assert.Equal((HttpStatusCode.BadRequest, "0"), (status, answer));
    }

    [Fact]
    public async Task An_unknown_key_is_401_and_a_full_journal_503_with_a_time_to_come_back()
    {
        var (unknown, zero) = await _host.PostAsync("/track", new StringContent(Call("""{"model":"m"}""", token: "unknown")));
        _host.Intake.Full = true;
        var (full, _) = await _host.PostAsync("/track", new StringContent(Call("""{"model":"m"}""")));

        Assert.Equal((HttpStatusCode.Unauthorized, "0", HttpStatusCode.ServiceUnavailable, "7"), (unknown, zero, full, _host.RetryAfter));
    }
}
