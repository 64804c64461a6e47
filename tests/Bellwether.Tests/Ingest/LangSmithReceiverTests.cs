using System.Net;
using System.Text;
using System.Text.Json;
using Bellwether.Telemetry;
using ZstdSharp;

namespace Bellwether.Tests.Ingest;

/// <summary>What the LangSmith receiver answers, what it refuses and what it never lets one sender's mistake do to the rest.</summary>
public sealed class LangSmithReceiverTests : IAsyncLifetime
{
    private const string Good = "01a20991-96d4-7000-8000-0000000000a1";
    private const string Bad = "01a20991-96d4-7000-8000-0000000000a2";
    private const string Run = """{"name":"x","run_type":"chain","start_time":"2026-11-26T11:59:01Z","end_time":"2026-11-26T11:59:02Z","inputs":{"q":1}}""";

    private LangSmithHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await LangSmithHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("/info")]
    [InlineData("/api/info")]
    [InlineData("/api/v1/info")]
    public async Task Info_promises_what_is_built(string path)
    {
        using var response = await _host.GetAsync(path);
        var info = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("0.18.0", info.GetProperty("version").GetString());
        Assert.True(info.GetProperty("batch_ingest_config").GetProperty("use_multipart_endpoint").GetBoolean());
        Assert.True(info.GetProperty("instance_flags").GetProperty("zstd_compression_enabled").GetBoolean());
        Assert.False(info.GetProperty("instance_flags").GetProperty("sdb_query_enabled").GetBoolean());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("identity")]
    public async Task Bodies_come_in_every_encoding(string encoding)
    {
        var body = LangSmithHost.Multipart(($"post.{Good}", Run));
        using var zstd = new Compressor();
        using var response = await _host.MultipartAsync(encoding switch { "gzip" => OtlpHost.Gzip(body), "zstd" => zstd.Wrap(body).ToArray(), _ => body }, encoding);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("x", _host.Observation(Good).Name);
    }

    [Fact]
    public async Task Pythons_parts_have_a_length_each_and_its_bodies_two()
    {
        // urllib3 and requests_toolbelt: a part-level Content-Length, no filename, the boundary in quotes.
        var body = Encoding.UTF8.GetBytes($"--a b\r\nContent-Disposition: form-data; name=\"post.{Good}\"\r\nContent-Type: application/json\r\nContent-Length: {Run.Length}\r\n\r\n{Run}\r\n--a b--\r\n");
        using var zstd = new Compressor();
        using var response = await _host.MultipartAsync(zstd.Wrap(body).ToArray(), "zstd", "multipart/form-data; boundary=\"a b\"");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("x", _host.Observation(Good).Name);
    }

    [Theory]
    [InlineData("patch.{0}.outputs", "{\"broken\"")]
    [InlineData("post.{0}.inputs", "{\"a\":1,\"a\":2}")]
    [InlineData("post.not-a-uuid", "{}")]
    [InlineData("nonsense", "{}")]
    [InlineData("post.{0}.events", "deep")]
    [InlineData("post.{0}.colour", "{}")]
    [InlineData("feedback.{0}", "[]")]
    [InlineData("feedback.{0}", "{\"score\":1}")]
    public async Task One_broken_part_never_rejects_its_neighbours(string name, string json)
    {
        var deep = json == "deep" ? new string('[', 5000) : json;
        using var response = await _host.MultipartAsync(
            ($"post.{Bad}", Run), (string.Format(System.Globalization.CultureInfo.InvariantCulture, name, Bad), deep), ($"post.{Good}", Run));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(1, answer.GetProperty("rejected").GetInt32());
        Assert.NotEmpty(answer.GetProperty("warnings")[0].GetString()!);
        Assert.Equal("x", _host.Observation(Good).Name);
    }

    [Fact]
    public async Task A_body_that_was_cut_keeps_the_parts_that_came()
    {
        var whole = LangSmithHost.Multipart(($"post.{Good}", Run), ($"post.{Bad}", Run));
        for (var length = 0; length < whole.Length; length += 7)
        {
            using var response = await _host.MultipartAsync(whole[..length]);
            Assert.Contains(response.StatusCode, (HttpStatusCode[])[HttpStatusCode.Accepted, HttpStatusCode.UnprocessableEntity]);
        }
        Assert.Equal("x", _host.Observation(Good).Name);
    }

    [Fact]
    public async Task A_batch_keeps_the_runs_beside_one_without_an_id()
    {
        using var response = await _host.JsonAsync("/runs/batch", $$$"""{"post":[{"id":"nope"},null,7,{"id":"{{{Good}}}","name":"x"}],"patch":"?"}""");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(4, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("rejected").GetInt32());
        Assert.Equal("x", Assert.Single(_host.Intake.Observations).Name);
    }

    [Theory]
    [InlineData("/runs", "{\"id\":\"nope\"}", "id")]
    [InlineData("/runs", "{\"id\":7}", "id")]
    [InlineData("/runs", "[1]", "object")]
    [InlineData("/runs", "{\"a\":1,\"a\":2}", "repeated")]
    [InlineData("/runs/batch", "nonsense", "object")]
    [InlineData("/runs/multipart", "{}", "boundary")]
    [InlineData("/runs/batch", "{\"post\":{}}", "post")]
    [InlineData("/feedback", "{\"key\":\"up\",\"run_id\":\"01a20991-96d4-7000-8000-0000000000a1\",\"score\":\"high\"}", "score")]
    [InlineData("/feedback", "{\"key\":\"up\"}", "run_id")]
    [InlineData("/feedback", "{\"key\":\"up\",\"run_id\":\"nope\"}", "run_id")]
    [InlineData("/feedback", "{\"run_id\":\"01a20991-96d4-7000-8000-0000000000a1\"}", "key")]
    public async Task A_request_of_which_nothing_can_be_kept_is_422_and_says_what_is_wrong(string path, string body, string word)
    {
        using var response = await _host.JsonAsync(path, body);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains(word, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(_host.Intake.Records);
    }

    [Theory]
    [InlineData("GET", "/runs/01a20991-96d4-7000-8000-0000000000a1/share")]
    [InlineData("PUT", "/api/v1/runs/01a20991-96d4-7000-8000-0000000000a1/share")]
    [InlineData("POST", "/runs/group")]
    [InlineData("POST", "/feedback/tokens")]
    [InlineData("POST", "/api/v2/threads/query")]
    public async Task What_is_not_there_is_404_in_words_and_no_refusal_of_the_key(string method, string path)
    {
        using var response = await _host.SendAsync(new HttpMethod(method), path, new ByteArrayContent([]), "application/json");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("not served", JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/runs/multipart")]
    [InlineData("POST", "/runs/batch")]
    [InlineData("POST", "/runs")]
    [InlineData("PATCH", $"/runs/{Good}")]
    [InlineData("POST", "/feedback")]
    public async Task Without_a_valid_key_it_is_401(string method, string path)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        using var response = await _host.SendAsync(new HttpMethod(method), path, content, "application/json", key: "lsv2_unknown");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.DoesNotContain("lsv2", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task A_bomb_is_413_without_a_word_of_retrying(string encoding)
    {
        var body = new byte[64 * 1024 * 1024];
        using var zstd = new Compressor();
        using var response = await _host.MultipartAsync(encoding == "gzip" ? OtlpHost.Gzip(body) : zstd.Wrap(body).ToArray(), encoding);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Null(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task An_unknown_encoding_is_415_and_one_that_lies_400()
    {
        using var unknown = await _host.MultipartAsync([1, 2, 3], "br");
        using var lie = await _host.MultipartAsync([1, 2, 3], "zstd");
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, HttpStatusCode.BadRequest), (unknown.StatusCode, lie.StatusCode));
    }

    [Theory]
    [InlineData("full")]
    [InlineData("append")]
    [InlineData("throws")]
    public async Task Trouble_of_ours_is_503_with_a_time_to_come_back(string trouble)
    {
        _host.Intake.Full = trouble == "full";
        _host.Intake.FullAtAppend = trouble == "append";
        _host.Intake.Throws = trouble == "throws";
        using var runs = await _host.MultipartAsync(($"post.{Good}", Run));
        using var feedback = await _host.JsonAsync("/feedback", $$$"""{"key":"up","run_id":"{{{Good}}}","score":1}""");
        Assert.All([runs, feedback], response => Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (response.StatusCode, response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1))));
    }

    [Theory]
    [InlineData("/feedback")]
    [InlineData("/api/feedback")]
    [InlineData("/api/v1/feedback")]
    public async Task Feedback_comes_before_its_run_and_under_every_base(string path)
    {
        using var response = await _host.JsonAsync(path, $$$"""{"id":"{{{Bad}}}","run_id":"{{{Good}}}","trace_id":"{{{Good}}}","key":"correctness","score":true,"value":"good","comment":"right","correction":null,"feedback_source":{"type":"model","metadata":{"user_id":"judge"}},"start_time":null}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((Bad, Good, "correctness"), (answer.GetProperty("id").GetString(), answer.GetProperty("run_id").GetString(), answer.GetProperty("key").GetString()));
        Assert.True(answer.TryGetProperty("created_at", out _) && answer.TryGetProperty("modified_at", out _));
        var said = Assert.Single(_host.Intake.Records).Annotation!;
        Assert.Equal(
            (Guid.Parse(Bad), Guid.Parse(Good), "correctness", "evaluator", 1d, "good", "right", "judge"),
            (said.Id, said.ObservationId, said.Name, said.Source, said.Number, said.Category, said.Text, said.Author));
    }

    [Fact]
    public async Task Feedback_of_a_part_stands_beside_the_runs()
    {
        using var response = await _host.MultipartAsync(($"feedback.{Bad}", $$$"""{"run_id":"{{{Good}}}","key":"stars","score":4,"value":5}"""), ($"post.{Good}", Run), ($"attachment.{Good}.photo", "JFIF"));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var said = Assert.Single(_host.Intake.Records, record => record.Annotation is not null).Annotation!;
        Assert.Equal((Guid.Parse(Bad), Guid.Parse(Good), 4d, "", "user"), (said.Id, said.ObservationId, said.Number, said.Category, said.Source));
        Assert.Equal(4, LangSmithHost.Json(_host.Run(Good).Payload.Attributes).GetProperty("attachments").GetProperty("photo").GetProperty("bytes").GetInt32());
    }
}
