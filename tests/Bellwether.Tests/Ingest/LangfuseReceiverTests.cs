using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Bellwether.Tests.Gateway;

namespace Bellwether.Tests.Ingest;

/// <summary>What the Langfuse receiver answers, what it refuses and what it never lets one event do to the rest.</summary>
public sealed class LangfuseReceiverTests : IAsyncLifetime
{
    private static readonly string s_good = LangfuseHost.Event("span-create", """{"id":"A","traceId":"T","name":"good","startTime":"2026-11-26T11:59:00Z","endTime":"2026-11-26T11:59:01Z"}""", id: "good");

    private LangfuseHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await LangfuseHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("""{"id":"x","type":"colour-create","timestamp":"2026-11-26T11:59:00Z","body":{}}""", "type: is not known")]
    [InlineData("""{"id":"x","type":"create","timestamp":"2026-11-26T11:59:00Z","body":{}}""", "type: is not known")]
    [InlineData("""{"id":"x","type":"span-create","timestamp":"2026-11-26T11:59:00Z","body":[]}""", "body: must be an object")]
    [InlineData("""{"id":"x","type":"span-create","timestamp":"2026-11-26T11:59:00Z"}""", "body: must be an object")]
    [InlineData("""{"id":"x","type":"span-update","timestamp":"2026-11-26T11:59:00Z","body":{"name":"y"}}""", "body.id: is needed")]
    [InlineData("""{"type":"span-create","timestamp":"2026-11-26T11:59:00Z","body":{}}""", "id: must be a text")]
    [InlineData("\"nothing\"", "id: must be a text")]
    [InlineData("null", "id: must be a text")]
    [InlineData("""{"id":"x","type":"score-create","timestamp":"2026-11-26T11:59:00Z","body":{"traceId":"T","value":1}}""", "body.name: must have")]
    [InlineData("""{"id":"x","type":"score-create","timestamp":"2026-11-26T11:59:00Z","body":{"name":"n","value":1}}""", "body.traceId: or observationId or sessionId")]
    [InlineData("""{"id":"x","type":"score-create","timestamp":"2026-11-26T11:59:00Z","body":{"traceId":"T","name":"n"}}""", "body.value: must be")]
    [InlineData("""{"id":"x","type":"score-create","timestamp":"2026-11-26T11:59:00Z","body":{"traceId":"T","name":"n","value":2,"dataType":"BOOLEAN"}}""", "body.value: must be")]
    [InlineData("""{"id":"x","type":"score-create","timestamp":"2026-11-26T11:59:00Z","body":{"traceId":"T","name":"n","value":2,"dataType":"CATEGORICAL"}}""", "body.value: must be")]
    public async Task One_broken_event_is_told_with_its_field_and_never_rejects_its_neighbours(string broken, string problem)
    {
        var (status, answer) = await _host.SendAsync(broken, s_good, LangfuseHost.Event("score-create", """{"traceId":"T","name":"fine","value":1}"""));

        Assert.Equal(HttpStatusCode.MultiStatus, status);
        var error = Assert.Single(answer.GetProperty("errors").EnumerateArray());
        Assert.StartsWith(problem, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(400, error.GetProperty("status").GetInt32());
        Assert.Equal(2, answer.GetProperty("successes").GetArrayLength());
        Assert.Equal(("good", 201), (answer.GetProperty("successes")[0].GetProperty("id").GetString(), answer.GetProperty("successes")[0].GetProperty("status").GetInt32()));
        Assert.Equal("good", Assert.Single(_host.Intake.Observations).Name);
        Assert.Equal("fine", Assert.Single(_host.Annotations).Name);
    }

    [Theory]
    [InlineData("""{"id":"A","traceId":"T","name":"odd","startTime":"never","endTime":12}""")]
    [InlineData("""{"id":"A","traceId":"T","name":"odd","startTime":"1066-10-14T00:00:00Z","endTime":"9999-12-31T23:59:59Z"}""")]
    [InlineData("""{"id":"A","traceId":"T","name":"odd","metadata":[1,2],"tags":"x","input":0,"output":false,"level":7,"usage":[],"modelParameters":"hot"}""")]
    [InlineData("""{"id":"A","traceId":{"a":1},"name":"odd","parentObservationId":["x"],"promptVersion":{},"statusMessage":null,"level":"ERROR"}""")]
    [InlineData("""{"id":"A","traceId":"\ud83d <script> \u0000","name":"odd","input":{"\u0000":"\ud83d"},"metadata":{"":"x","\u0000":"y"}}""")]
    public async Task Nonsense_in_a_field_loses_the_field_and_not_the_step(string body)
    {
        await _host.KeepAsync(LangfuseHost.Event("generation-create", body), LangfuseHost.Event("trace-create", body.Replace("\"A\"", "\"T\"", StringComparison.Ordinal)), s_good.Replace("\"A\"", "\"B\"", StringComparison.Ordinal));

        Assert.Contains(_host.Intake.Observations, step => step.Name == "odd" && step.SpanId == "A");
        Assert.All(_host.Intake.Observations, step => Assert.InRange(step.StartTime, LangfuseHost.Now.AddDays(-1), LangfuseHost.Now.AddDays(1)));
    }

    [Fact]
    public async Task Texts_and_metadata_that_are_too_long_are_cut_and_said_to_be()
    {
        var metadata = string.Join(',', Enumerable.Range(0, 300).Select(i => $"\"k{i}\":\"{new string('m', 1000)}\""));
        await _host.KeepAsync(LangfuseHost.Event("span-create", $$"""{"id":"A","traceId":"T","name":"{{new string('n', 5000)}}","metadata":{ {{metadata}} },"input":"{{new string('x', 100)}}"}"""));

        var step = Assert.Single(_host.Intake.Observations);
        Assert.Equal((256, 64), (step.Name.Length, step.Properties.Length));
        var attributes = LangfuseHost.Json(_host.Intake.Records[0].Payload.Attributes);
        Assert.Equal("metadata", attributes.GetProperty("bellwether.cut")[0].GetString());
    }

    [Theory]
    [InlineData("not json", "The body must be one JSON object")]
    [InlineData("{\"batch\":[", "The body must be one JSON object")]
    [InlineData("{\"batch\":{}}", "batch: must be an array")]
    [InlineData("[]", "The body must be one JSON object")]
    [InlineData("null", "The body must be one JSON object")]
    public async Task A_body_that_is_no_batch_is_a_clear_400_in_json(string body, string message)
    {
        var (status, answer) = await _host.PostAsync("/api/public/ingestion", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(message, answer.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Basic !!!")]
    [InlineData("Basic cGs6YnctdW5rbm93bg==")]
    [InlineData("Bearer pk-lf-1")]
    public async Task Without_a_valid_key_nothing_is_taken(string credentials)
    {
        foreach (var (status, answer) in new[] { await _host.PostAsync("/api/public/ingestion", "{\"batch\":[]}", credentials), await _host.PostAsync("/api/public/scores", "{}", credentials), await _host.GetAsync("/api/public/projects", credentials) })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, status);
            Assert.Equal("UnauthorizedError", answer.GetProperty("error").GetString());
        }
    }

    [Fact]
    public async Task Health_needs_no_key()
    {
        var (status, answer) = await _host.GetAsync("/api/public/health", "");

        Assert.Equal((HttpStatusCode.OK, "OK"), (status, answer.GetProperty("status").GetString()));
    }

    [Theory]
    [InlineData(true, false, false, "7")]
    [InlineData(false, true, false, "7")]
    [InlineData(false, false, true, "5")]
    public async Task Trouble_that_passes_is_a_503_in_json_with_Retry_After_and_never_a_500(bool full, bool atAppend, bool throws, string after)
    {
        (_host.Intake.Full, _host.Intake.FullAtAppend, _host.Intake.Throws) = (full, atAppend, throws);
        var (status, answer) = await _host.SendAsync(s_good);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, after), (status, _host.RetryAfter));
        Assert.NotEmpty(answer.GetProperty("message").GetString()!);

        (_host.Intake.Full, _host.Intake.FullAtAppend, _host.Intake.Throws) = (false, false, false);
        await _host.KeepAsync(s_good);
        Assert.Equal("good", Assert.Single(_host.Intake.Observations).Name);
    }

    [Fact]
    public async Task Bodies_are_decoded_and_bounded()
    {
        var body = Encoding.UTF8.GetBytes($$"""{"batch":[{{s_good}}]}""");
        var (status, _) = await _host.PostAsync("/api/public/ingestion", Encoded(OtlpHost.Gzip(body), "gzip"));
        Assert.Equal(HttpStatusCode.MultiStatus, status);
        (status, _) = await _host.PostAsync("/api/public/ingestion", Encoded(OtlpHost.Gzip(new byte[LangfuseHost.MaxBodyBytes + 1]), "gzip"));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, null), (status, _host.RetryAfter));
        (status, _) = await _host.PostAsync("/api/public/ingestion", Encoded(body, "snappy"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, status);

        static ByteArrayContent Encoded(byte[] bytes, string encoding)
        {
            var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            content.Headers.ContentEncoding.Add(encoding);
            return content;
        }
    }

    [Fact]
    public async Task The_key_may_stand_on_either_side_of_the_colon_or_alone()
    {
        foreach (var credentials in new[] { $"Bearer {GatewayHost.Key}", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{GatewayHost.Key}:sk-lf-any")) })
        {
            var (status, _) = await _host.PostAsync("/api/public/ingestion", $$"""{"batch":[{{s_good}}]}""", credentials);
            Assert.Equal(HttpStatusCode.MultiStatus, status);
        }
    }
}
