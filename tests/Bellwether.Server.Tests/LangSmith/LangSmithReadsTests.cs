using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>LangSmith's SDK reads back, changes and evaluates with nothing but the address changed (tests/clients/langsmith/reads.mjs).</summary>
public sealed class LangSmithReadsTests(LangSmithReaders clients) : IClassFixture<LangSmithReaders>
{
    [Theory]
    [InlineData("runs_new")]
    [InlineData("runs_old")]
    public void Runs_are_found_by_every_question(string name)
    {
        var listed = Result(name).GetProperty("listed");
        Assert.Equal("agent,ask,broken,lookup", Names(listed, "all"));
        Assert.Equal("agent,broken", Names(listed, "roots"));
        Assert.Equal("ask", Names(listed, "llm"));
        Assert.Equal("broken", Names(listed, "failed"));
        Assert.Equal("agent,ask,lookup", Names(listed, "fine"));
        Assert.Equal("agent", Names(listed, "tag"));
        Assert.Equal("agent,broken", Names(listed, "either"));
        Assert.Equal("ask", Names(listed, "tokens"));
        Assert.Equal("agent,broken,lookup", Names(listed, "not"));
        Assert.Equal("agent", Names(listed, "metadata").Split(',')[0]);
        Assert.Equal("agent", Names(listed, "feedback"));
        Assert.Equal("", Names(listed, "feedbackBelow"));
        Assert.Contains("agent", Names(listed, "thread"), StringComparison.Ordinal);
        Assert.Equal("agent,ask,lookup", Names(listed, "of_good_traces"));
        Assert.Equal("broken", Names(listed, "of_failed_traces"));
        Assert.Equal("lookup", Names(listed, "of_rated_traces"));
        Assert.Equal("ask", Names(listed, "text"));
        Assert.Equal("ask", Names(listed, "search"));
        Assert.Equal("agent", Names(listed, "by_id"));
        Assert.Equal("agent,ask,lookup", Names(listed, "of_trace"));
        Assert.Equal("ask,lookup", Names(listed, "children"));
        Assert.Equal("", Names(listed, "later"));
    }

    [Theory]
    [InlineData("runs_new")]
    [InlineData("runs_old")]
    public void A_run_is_read_with_its_children_texts_tokens_and_feedback(string name)
    {
        var result = Result(name);
        var root = result.GetProperty("root");
        Assert.Equal(("agent", "chain", "success", "Weather in Malmö?"), (Text(root, "name"), Text(root, "run_type"), Text(root, "status"), Text(root.GetProperty("inputs"), "input")));
        Assert.Equal("nightly", root.GetProperty("tags")[0].GetString());
        Assert.Equal("pro", Text(root.GetProperty("extra").GetProperty("metadata"), "plan"));
        Assert.Equal(4, root.GetProperty("feedback_stats").GetProperty("stars").GetProperty("avg").GetDouble());
        Assert.Equal(
            ["""["lookup","retriever",true,true]""", """["ask","llm",true,true]"""],
            result.GetProperty("children").EnumerateArray().Select(child => child.GetRawText()));
        var call = result.GetProperty("llm");
        Assert.Equal((1500, 1000, 500), (call.GetProperty("total_tokens").GetInt32(), call.GetProperty("prompt_tokens").GetInt32(), call.GetProperty("completion_tokens").GetInt32()));
        Assert.Equal(0.00045m, call.GetProperty("total_cost").GetDecimal());
        Assert.Equal(Text(root, "id"), Text(call, "parent_run_id"));
        Assert.True(result.GetProperty("sorted").GetBoolean());
        Assert.Equal(["id", "name", "total_tokens"], Fields(result.GetProperty("selected")).Where(field => field is not ("start_time" or "end_time")).Order());
        Assert.Contains("agent", result.GetProperty("thread").EnumerateArray().Select(step => step.GetString()));
        Assert.Contains("not found", Text(result.GetProperty("missing"), "message")!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runs_new")]
    [InlineData("runs_old")]
    public void Statistics_add_up_what_matches_and_a_mistake_names_its_place(string name)
    {
        var result = Result(name);
        var (stats, calls) = (result.GetProperty("stats"), result.GetProperty("calls"));
        Assert.Equal((4, 0.25, 1500), (stats.GetProperty("run_count").GetInt32(), stats.GetProperty("error_rate").GetDouble(), stats.GetProperty("total_tokens").GetInt32()));
        Assert.Equal((1, 0.00045m), (calls.GetProperty("run_count").GetInt32(), calls.GetProperty("total_cost").GetDecimal()));
        Assert.Equal(4, stats.GetProperty("feedback_stats").GetProperty("stars").GetProperty("avg").GetDouble());
        var message = Text(result.GetProperty("mistake"), "message")!;
        Assert.Contains("422", message, StringComparison.Ordinal);
        Assert.Contains("filter: at character 29", message, StringComparison.Ordinal);
        // Two traces with the tokens of all their steps.
        Assert.Equal((name, 2, 1500), (Text(result.GetProperty("project"), "name"), result.GetProperty("project").GetProperty("run_count").GetInt32(), result.GetProperty("project").GetProperty("total_tokens").GetInt32()));
        Assert.True(result.GetProperty("exists").GetBoolean());
    }

    [Theory]
    [InlineData("v2")]
    [InlineData("v2_mounted")]
    public void The_second_version_answers_with_what_is_asked_for(string name)
    {
        var result = Result(name);
        var found = Assert.Single(result.GetProperty("found").EnumerateArray());
        Assert.Equal(("second", "TOOL", "SUCCESS", "go"), (Text(found, "name"), Text(found, "run_type"), Text(found, "status"), Text(found.GetProperty("inputs"), "input")));
        Assert.Equal(["id", "inputs", "name", "project_id", "run_type", "status", "trace_id"], Fields(found).Order());
        Assert.Equal(["id"], Fields(Assert.Single(result.GetProperty("bare").EnumerateArray())));
        Assert.Equal(("second", "done"), (Text(result.GetProperty("one"), "name"), Text(result.GetProperty("one").GetProperty("outputs"), "outputs")));
        Assert.Equal("second", Text(Assert.Single(result.GetProperty("traces").EnumerateArray()).GetProperty("root_run"), "name"));
        Assert.Empty(result.GetProperty("elsewhere").EnumerateArray());
        Assert.Equal("second", Text(Assert.Single(result.GetProperty("steps").GetProperty("items").EnumerateArray()), "name"));
        Assert.Contains("406", Text(result.GetProperty("stream"), "message")!, StringComparison.Ordinal);
    }

    [Fact]
    public void Pages_follow_one_another_without_a_gap_and_without_a_repeat()
    {
        var result = Result("pages");
        Assert.Equal((230, 230, 230, 230, 120), (Number(result, "runs"), Number(result, "ids"), Number(result, "inputs"), Number(result, "sorted"), Number(result, "some")));
    }

    [Theory]
    [InlineData("csv_new")]
    [InlineData("csv_old")]
    public void A_csv_file_becomes_a_dataset_with_a_row_for_each_example_or_nothing(string name)
    {
        var result = Result(name);
        var dataset = result.GetProperty("dataset");
        Assert.Equal((name, "of a file", "kv", 2), (Text(dataset, "name"), Text(dataset, "description"), Text(dataset, "data_type"), Number(dataset, "example_count")));
        Assert.Equal(
            ["""{"inputs":{"question":"What is \"1,5\" + 1?","level":"1"},"outputs":{"answer":"two\r\nand a half"}}""", """{"inputs":{"question":"How are you?","level":"2"},"outputs":{"answer":""}}"""],
            result.GetProperty("examples").EnumerateArray().Select(example => example.GetRawText()));
        Assert.Equal($"{name} by its file.csv", Text(result, "unnamed"));
        Assert.Contains("409", Text(result.GetProperty("taken"), "message")!, StringComparison.Ordinal);
        Assert.Contains("input_keys: the file has no column", Text(result.GetProperty("column"), "message")!, StringComparison.Ordinal);
        Assert.Contains("file: row 3 has 1 values and the header has 2", Text(result.GetProperty("row"), "message")!, StringComparison.Ordinal);
        Assert.False(result.GetProperty("none").GetBoolean());
    }

    [Theory]
    [InlineData("attachments_new")]
    [InlineData("attachments_old")]
    public async Task Attachments_come_back_as_they_were_sent_never_as_a_page_and_go_with_their_run(string name)
    {
        var result = Result(name);
        Assert.Equal(1, Number(result.GetProperty("inputs"), "q"));
        var files = result.GetProperty("fetched").EnumerateObject().ToDictionary(file => file.Name, file => file.Value);
        Assert.Equal(["attachment.big one", "attachment.page", "attachment.photo"], files.Keys.Order(StringComparer.Ordinal));
        Assert.All(files.Values, file => Assert.Equal(
            (200, "attachment", "nosniff", "sandbox; default-src 'none'", true),
            (Number(file, "status"), Text(file, "disposition"), Text(file, "sniff"), Text(file, "policy"), file.GetProperty("same").GetBoolean())));
        var (photo, page) = (files["attachment.photo"], files["attachment.page"]);
        Assert.Equal(("image/png", "image/png", 13), (Text(photo, "type"), Text(photo, "contentType"), Number(photo, "length")));
        Assert.Equal(("text/html", "application/octet-stream"), (Text(page, "type"), Text(page, "contentType")));
        Assert.Equal(200_000, Number(files["attachment.big one"], "length"));
        if (result.GetProperty("v2").ValueKind != JsonValueKind.Null)
        {
            Assert.Equal(["big one", "page", "photo"], result.GetProperty("v2").EnumerateArray().Select(file => file.GetString()));
        }

        using var http = new HttpClient { BaseAddress = clients.Server.Address };
        http.DefaultRequestHeaders.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", BellwetherProcess.ApiKey);
        using var body = new StringContent($$$"""{"where":[{"field":"id","op":"eq","values":["{{{Text(result, "id")}}}"]}]}""", System.Text.Encoding.UTF8, "application/json");
        using var erased = await http.PostAsync("/api/v1/observations/erase", body);
        var answer = JsonDocument.Parse(await erased.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((1, 3), (Number(answer, "erased"), Number(answer.GetProperty("copies"), "attachments")));
        using var gone = await http.GetAsync(result.GetProperty("urls")[0].GetString());
        Assert.Equal(System.Net.HttpStatusCode.NotFound, gone.StatusCode);
        var run = Guid.Parse(Text(result, "id")!).ToString("N");
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(clients.Server.DataFolder, "attachments"), "*", SearchOption.AllDirectories), path => path.Contains(run, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("example_files_new")]
    [InlineData("example_files_old")]
    public void Attachments_of_examples_are_kept_over_versions_handed_to_evaluations_and_go_with_the_dataset(string name)
    {
        var result = Result(name);
        const string Picture = "[200,\"image/png\",\"image/png\",\"attachment\",\"nosniff\",\"\\u0089PNG\\r\\n----\\u0000ÿþ\"]";
        const string Note = "[200,\"text/html\",\"application/octet-stream\",\"attachment\",\"nosniff\",\"<b>a note</b>\"]";
        const string Scan = "[200,\"application/pdf\",\"application/pdf\",\"attachment\",\"nosniff\",\"%PDF\"]";
        const string More = "[200,\"text/plain\",\"text/plain\",\"attachment\",\"nosniff\",\"more\"]";
        Same($$"""[{"picture":{{Picture}},"note":{{Note}}},{}]""", result.GetProperty("made"));
        Same($$"""[{"picture":{{Picture}},"note":{{Note}}},{},{"picture":{{Picture}}},{"scan":{{Scan}}}]""", result.GetProperty("listed"));
        Same($$"""[{"q":4},{"scan":{{Scan}}}]""", result.GetProperty("ofRun"));
        Same("[null,null,null,null]", result.GetProperty("plain"));
        Same("[[1,2,1],[2,0,1],[3,1,1],[4,1,1]]", result.GetProperty("rows"));
        Same($$"""{"picture":{{Picture}},"note":{{Note}}}""", result.GetProperty("untouched"));
        Same($$"""{"note":{{Note}},"photo":{{Picture}},"more":{{More}}}""", result.GetProperty("changed"));
        Same("{}", result.GetProperty("emptied"));
        Same("""[["note","picture"],[],["picture"],["scan"]]""", result.GetProperty("before"));
        Assert.Contains(".attachment.huge: is larger than 10485760 bytes", Text(result.GetProperty("large"), "message")!, StringComparison.Ordinal);
        Assert.Contains("attachments_operations: the example has no attachment not there", Text(result.GetProperty("unknown"), "message")!, StringComparison.Ordinal);
        Assert.Contains("not found", Text(result.GetProperty("nowhere"), "message")!, StringComparison.Ordinal);
        Assert.Equal((1, 4, 404), (Number(result, "uploaded"), Number(result, "count"), Number(result, "gone")));
        var folder = "dataset-" + Guid.Parse(Text(result, "dataset")!).ToString("N");
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(clients.Server.DataFolder, "attachments"), folder, SearchOption.AllDirectories));

        static void Same(string expected, JsonElement found) => Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, found), $"Expected {expected}, got {found.GetRawText()}");
    }

    [Theory]
    [InlineData("links_new")]
    [InlineData("links_old")]
    public async Task Every_address_that_the_SDK_prints_leads_to_our_page_of_the_same(string name)
    {
        var result = Result(name);
        var (dataset, first, second) = (Text(result, "dataset")!, result.GetProperty("ids")[0].GetString()!, result.GetProperty("ids")[1].GetString()!);
        var trace = Text(result, "trace")!.Replace("-", "", StringComparison.Ordinal);
        Assert.Equal($"/p/default/traces/{trace}?step={Text(result, "run")}", await FollowAsync(Text(result, "runUrl")!));
        Assert.Equal($"/p/default/experiments/{dataset}", await FollowAsync(Text(result, "datasetUrl")!));
        Assert.Equal($"/p/default/experiments/{dataset}?a={first}", await FollowAsync(Text(result, "experimentUrl")!));
        Assert.Equal($"/p/default/experiments/{dataset}?a={first}", await FollowAsync(Text(result, "oneUrl")!));
        Assert.Equal($"/p/default/experiments/{dataset}/compare?a={first}&b={second}", await FollowAsync(Text(result, "compareUrl")!));
        Assert.Equal($"/p/default/traces?single=1&q=endpoint%3A%22{name}%20app%22", await FollowAsync(Text(result, "projectUrl")!));
    }

    [Theory]
    [InlineData("projects_new")]
    [InlineData("projects_old")]
    public void Projects_are_made_found_changed_and_deleted_with_their_runs(string name)
    {
        var result = Result(name);
        Assert.Equal((name, "a project"), (Text(result.GetProperty("made"), "name"), Text(result.GetProperty("made"), "description")));
        Assert.Contains("409", Text(result.GetProperty("conflict"), "message")!, StringComparison.Ordinal);
        Assert.Equal(Text(result.GetProperty("made"), "id"), Text(result.GetProperty("again"), "id"));
        Assert.Equal(("changed", "2026-11-26T12:00:00.000Z"), (Text(result.GetProperty("changed"), "description"), Text(result.GetProperty("changed"), "end_time")));
        Assert.Equal(name, Assert.Single(result.GetProperty("listed").EnumerateArray()).GetString());
        Assert.Equal((1, 1), (Number(result, "ofTeam"), Number(result, "before")));
        Assert.Contains(Text(result.GetProperty("made"), "id")!, Text(result, "url")!, StringComparison.Ordinal);
        Assert.False(result.GetProperty("existsAfter").GetBoolean());
        Assert.Contains("not found", Text(result.GetProperty("read"), "message")!, StringComparison.Ordinal);
        Assert.Contains("renamed", Text(result.GetProperty("renamed"), "message")!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("feedback_new")]
    [InlineData("feedback_old")]
    public void Feedback_is_read_changed_and_taken_back(string name)
    {
        var result = Result(name);
        var read = result.GetProperty("read");
        Assert.Equal((Text(result, "runId"), "tone", 0.5, "dull", "model"), (Text(read, "run_id"), Text(read, "key"), read.GetProperty("score").GetDouble(), Text(read, "comment"), Text(read.GetProperty("feedback_source"), "type")));
        Assert.Equal("""["length","tone"]""", result.GetProperty("listed").GetRawText());
        Assert.Equal("""["tone"]""", result.GetProperty("ofModel").GetRawText());
        Assert.Equal((1, "short"), (result.GetProperty("ofKey").GetProperty("score").GetInt32(), Text(result.GetProperty("ofKey"), "value")));
        Assert.Equal((1, "better"), (result.GetProperty("changed").GetProperty("score").GetInt32(), Text(result.GetProperty("changed"), "comment")));
        Assert.Equal("""["tone"]""", result.GetProperty("left").GetRawText());
        Assert.Contains("not found", Text(result.GetProperty("gone"), "message")!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("experiment_new")]
    [InlineData("experiment_old")]
    public void An_evaluation_runs_over_a_dataset_and_its_scores_are_seen(string name)
    {
        var result = Result(name);
        Assert.StartsWith(name, Text(result, "name")!, StringComparison.Ordinal);
        Assert.Equal((3, 3, 1), (Number(result, "rows"), result.GetProperty("roots").GetArrayLength(), Number(result, "ofExample")));
        Assert.All(result.GetProperty("roots").EnumerateArray(), root => Assert.True(root[2].GetBoolean()));
        Assert.Equal([0, 3, 11], result.GetProperty("roots").EnumerateArray().Select(root => root[1].GetInt32()).Order());
        Assert.Equal("[0,1,1]", result.GetProperty("said").GetRawText());
        var session = result.GetProperty("session");
        Assert.Equal(Text(result.GetProperty("dataset"), "id"), Text(session, "reference_dataset_id"));
        Assert.Equal(2.0 / 3, session.GetProperty("feedback_stats").GetProperty("right").GetProperty("avg").GetDouble(), 6);
        Assert.Equal(3, session.GetProperty("session_feedback_stats").GetProperty("count").GetProperty("avg").GetDouble());
        Assert.Equal("adder", Text(session.GetProperty("extra").GetProperty("metadata"), "model"));
        Assert.Equal(Text(result, "name"), Assert.Single(result.GetProperty("experiments").EnumerateArray()).GetString());
        Assert.Equal("[0,0,0,1,1,1]", result.GetProperty("better").GetRawText());
        var compared = result.GetProperty("compared");
        Assert.Equal((name + " compared", Text(session, "id"), Text(session, "reference_dataset_id")), (Text(compared, "name"), compared.GetProperty("experiment_ids")[0].GetString(), Text(compared, "reference_dataset_id")));
    }

    [Theory]
    [InlineData("experiment_new")]
    [InlineData("experiment_old")]
    public void Datasets_keep_their_examples_splits_and_versions(string name)
    {
        var result = Result(name);
        Assert.Equal((name, "sums", 3), (Text(result.GetProperty("read"), "name"), Text(result.GetProperty("read"), "description"), Number(result.GetProperty("read"), "example_count")));
        Assert.Equal("a", Text(result.GetProperty("read").GetProperty("metadata"), "team"));
        Assert.Contains("409", Text(result.GetProperty("conflict"), "message")!, StringComparison.Ordinal);
        Assert.Equal((true, false, false), (result.GetProperty("exists").GetBoolean(), result.GetProperty("missing").GetBoolean(), result.GetProperty("deleted").GetBoolean()));
        Assert.Equal([3, 7, 11], result.GetProperty("examples").EnumerateArray().Select(example => example.GetProperty("outputs").GetProperty("sum").GetInt32()).Order());
        Assert.Equal("[12,3,7]", "[" + string.Join(',', result.GetProperty("before").EnumerateArray().Select(sum => sum.GetRawText()).Order(StringComparer.Ordinal)) + "]");
        Assert.Equal("""["base","hard"]""", result.GetProperty("splits").GetRawText());
        Assert.Equal((2, 2, 1), (Number(result, "hard"), Number(result, "level2"), Number(result, "datasets")));
        Assert.Equal((0, 0, 2), (
            result.GetProperty("diff").GetProperty("examples_added").GetArrayLength(), result.GetProperty("diff").GetProperty("examples_removed").GetArrayLength(), result.GetProperty("diff").GetProperty("examples_modified").GetArrayLength()));
    }

    [Theory]
    [InlineData("queues_new")]
    [InlineData("queues_old")]
    public void Annotation_queues_keep_the_runs_that_wait(string name)
    {
        var result = Result(name);
        Assert.Equal((name, "look again", "be kind"), (Text(result.GetProperty("read"), "name"), Text(result.GetProperty("read"), "description"), Text(result.GetProperty("read"), "rubric_instructions")));
        Assert.Equal((1, 1, 0), (Number(result, "listed"), Number(result.GetProperty("size"), "size"), Number(result.GetProperty("sizeAfter"), "size")));
        var waiting = Assert.Single(result.GetProperty("waiting").EnumerateArray());
        Assert.Equal((true, "to look at", "looked at"), (waiting[0].GetBoolean(), waiting[1].GetString(), Text(waiting[2], "outputs")));
        Assert.Contains("not found", Text(result.GetProperty("gone"), "message")!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prompts_new")]
    [InlineData("prompts_old")]
    public void Prompts_and_their_commits_come_back_as_they_were_pushed(string name)
    {
        var result = Result(name);
        Assert.Equal((false, false, 2, 1), (result.GetProperty("before").GetBoolean(), result.GetProperty("after").GetBoolean(), Number(result, "commits"), Number(result.GetProperty("liked"), "likes")));
        Assert.Equal("Hi {name}", Text(result.GetProperty("latest").GetProperty("manifest"), "template"));
        Assert.Equal("Hello {name}", Text(result.GetProperty("earlier").GetProperty("manifest"), "template"));
        Assert.Contains("Nothing to commit", Text(result.GetProperty("nothing"), "message")!, StringComparison.Ordinal);
        Assert.Equal(("greets more", 2), (Text(result.GetProperty("prompt"), "description"), Number(result.GetProperty("prompt"), "num_commits")));
        Assert.Equal(name, Assert.Single(result.GetProperty("listed").EnumerateArray()).GetString());
    }

    private JsonElement Result(string name)
    {
        var result = clients[name];
        Assert.True(result.GetProperty("threw").ValueKind == JsonValueKind.Null, result.GetRawText());
        return result;
    }

    private static string Names(JsonElement listed, string question) => string.Join(',', listed.GetProperty(question).EnumerateArray().Select(name => name.GetString()));

    private static IEnumerable<string> Fields(JsonElement of) => of.EnumerateObject().Select(field => field.Name);

    private static int Number(JsonElement of, string name) => of.GetProperty(name).GetInt32();

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var text) ? text.GetString() : null;

    // The SDK takes a server on this machine for one of LangSmith's development setups, whose pages are on another port.
    private async Task<string?> FollowAsync(string url)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = clients.Server.Address };
        http.DefaultRequestHeaders.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", BellwetherProcess.ApiKey);
        using var response = await http.GetAsync(new Uri(url).PathAndQuery);
        Assert.Equal(System.Net.HttpStatusCode.Found, response.StatusCode);
        return response.Headers.Location?.OriginalString;
    }
}
