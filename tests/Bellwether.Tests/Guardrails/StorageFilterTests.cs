using System.Text;
using System.Text.Json;
using Bellwether.Detection;
using Bellwether.Exchange;
using Bellwether.Guardrails;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Telemetry;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Bellwether.Tests.Guardrails;

public sealed class StorageFilterTests : IDisposable
{
    private static readonly MasterKeys s_keys = new(Options.Create(new MasterKeyOptions { MasterKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=" }), new DataFolder(Path.GetTempPath()), NullLogger<MasterKeys>.Instance);
    private static readonly string[] s_values = ["jane@example.com", "SSN 536-90-4399", "+1 (415) 555-2671\n", "\"name\": \"Anna Smith\"", "\\", "4111 1111 1111 1111", "\\u0040", "GB82 WEST 1234 5698 7654 32"];
    private readonly RedactionMeters _meters = new();

    public void Dispose() => _meters.Dispose();

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"I am jane@example.com, call +1 (415) 555-2671"}]}""", """{"messages":[{"role":"user","content":"I am [EMAIL], call [PHONE]"}]}""")]
    [InlineData("""{"a":"jane\u0040example.com","b":"caf\u00e9 \"jane@example.com\" \\"}""", """{"a":"[EMAIL]","b":"caf\u00e9 \"[EMAIL]\" \\"}""")]
    [InlineData("""{"ssn":536904399,"n":12}""", """{"ssn":"[SSN]","n":12}""")]
    [InlineData("""{"jane@example.com":{"x":1}}""", """{"[EMAIL]":{"x":1}}""")]
    [InlineData("""{"arguments":"{\"ssn\": 536904399,\"n\":1}"}""", """{"arguments":"{\"ssn\": \"[SSN]\",\"n\":1}"}""")]
    [InlineData("""{"a":"{\"b\":\"{\\\"ssn\\\": 536904399}\"}"}""", """{"a":"{\"b\":\"{\\\"ssn\\\": \\\"[SSN]\\\"}\"}"}""")]
    [InlineData("""{"arguments":"{\"email\":\"jane@example.com\",\"note\":\"a\\njohn@example.com\"}"}""", """{"arguments":"{\"email\":\"[EMAIL]\",\"note\":\"a\\n[EMAIL]\"}"}""")]
    [InlineData("""{"patient":{"name":"Anna Kowalska","dob":"1984-07-02"}}""", """{"patient":{"name":"[PERSON]","dob":"[DOB]"}}""")]
    [InlineData("""{"text":"cut off jane@exam""", """{"text":"cut off jane@exam""")]
    [InlineData("""{"text":"cut off jane@example.com and""", """{"text":"cut off [EMAIL] and""")]
    [InlineData("plain words from jane@example.com", "plain words from [EMAIL]")]
    [InlineData("""[1,2,{"ø":"ü jane@example.com é"}]""", """[1,2,{"ø":"ü [EMAIL] é"}]""")]
    [InlineData("""{"a":"😀 +1 (415) 555-2671 😀"}""", """{"a":"😀 [PHONE] 😀"}""")]
    public void Only_the_bytes_of_the_value_change(string body, string expected) => Assert.Equal(expected, Redact(body));

    [Fact]
    public void What_guards_say_of_a_call_is_stored_as_they_said_it()
    {
        var call = new Observation { Id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch), Project = ProjectId.Default, StartTime = DateTimeOffset.UnixEpoch, Kind = ObservationKind.Llm, State = ObservationState.Ok, Model = "m" };
        var kinds = string.Join(", ", PersonalDataTypes.Names.Select((name, i) => $"{i + 1} {name}"));
        foreach (var reason in new[] { kinds, "It asks to ignore earlier instructions. It ends in gibberish, as suffixes that a program searched for do." })
        {
            var said = SecurityFindings.Annotate(new CallFinding("pii", "observe", "flag", 0.5, "messages[12].content[3].text 1234567-1234890", "user", reason, "pol_019abe3b1c2d7e5f8091a2b3c4d5e6f7"), 0, call);
            Assert.Equal(said.Text, Filter().Filter(TelemetryRecord.Of(said)).Annotation!.Text);
        }
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_stay_where_they_are()
    {
        byte[] body = [.. "{\"a\":\""u8, 0xff, 0xfe, .. " jane@example.com "u8, 0xc3, .. "\"}"u8];
        byte[] expected = [.. "{\"a\":\""u8, 0xff, 0xfe, .. " [EMAIL] "u8, 0xc3, .. "\"}"u8];
        Assert.Equal(expected, Redactor().Redact(body).ToArray());
    }

    [Fact]
    public void A_valid_body_stays_valid_whatever_is_in_it()
    {
        var value = Gen.OneOf(Gen.String[0, 20], Gen.Int[0, s_values.Length - 1].Select(i => s_values[i]));
        Gen.Dictionary(value, Gen.Select(value, value, Gen.Long, (a, b, n) => new { a, b, n }))[0, 5].Sample(values =>
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(values);
            var redacted = Redactor().Redact(body);
            using var json = JsonDocument.Parse(redacted);
            Assert.DoesNotContain("jane@example.com", Encoding.UTF8.GetString(redacted.Span), StringComparison.Ordinal);
        }, iter: 500);
    }

    [Fact]
    public void What_is_clean_is_the_same_record_and_costs_no_allocation()
    {
        var record = Record("""{"messages":[{"role":"user","content":"How many of the 12 lazy dogs did the fox jump over in 1999?"}],"max_tokens":256}""", "");
        var filter = Filter();
        Assert.Same(record, filter.Filter(record));
        Assert.Equal(0, Allocation.OfHundred(() => filter.Filter(record)));
    }

    [Fact]
    public void Every_text_of_an_observation_and_an_annotation_is_looked_through()
    {
        var record = Record("""{"q":"jane@example.com"}""", "> x-note: jane@example.com");
        record = record.With(record.Observation! with { ErrorMessage = "no user jane@example.com", Name = "for jane@example.com", Properties = [new("ssn", "536904399"), new("team", "blue")], User = "u-1" },
            record.Payload with { Output = "{\"text\":\"jane@example.com\"}"u8.ToArray(), Attributes = "{\"k\":\"jane@example.com\"}"u8.ToArray() });
        var filtered = Filter().Filter(record);
        var all = string.Join('\n', Encoding.UTF8.GetString(filtered.Payload.Input.Span), Encoding.UTF8.GetString(filtered.Payload.Output.Span), Encoding.UTF8.GetString(filtered.Payload.Attributes.Span),
            filtered.Payload.Headers, filtered.Observation!.ErrorMessage, filtered.Observation.Name, filtered.Observation.Properties[0].Value);
        Assert.DoesNotContain("jane", all, StringComparison.Ordinal);
        Assert.DoesNotContain("536904399", all, StringComparison.Ordinal);
        Assert.Equal(("blue", "u-1"), (filtered.Observation.Properties[1].Value, filtered.Observation.User));
        Assert.Equal(6, _meters.Count(PersonalDataType.Email));

        var said = TelemetryRecord.Of(new Annotation { Id = Guid.Empty, Project = ProjectId.Default, Time = default, ObservationId = Guid.Empty, Name = "user_feedback", Source = "user", Text = "write to jane@example.com" });
        Assert.Equal("write to [EMAIL]", Filter().Filter(said).Annotation!.Text);
    }

    [Fact]
    public void A_request_that_was_looked_through_beforehand_is_stored_as_it_came_out_of_that()
    {
        var filter = Filter();
        var input = filter.FilterInput("""{"q":"jane@example.com"}"""u8.ToArray());
        Assert.Equal("""{"q":"[EMAIL]"}""", Encoding.UTF8.GetString(input.Span));
        var record = Record("", "");
        var filtered = filter.Filter(TelemetryRecord.Of(record.Observation!, new ObservationPayload { Input = input, InputIsFiltered = true, Output = """{"a":"jane@example.com"}"""u8.ToArray() }));
        Assert.Equal(input, filtered.Payload.Input);
        Assert.Equal("""{"a":"[EMAIL]"}""", Encoding.UTF8.GetString(filtered.Payload.Output.Span));
    }

    [Fact]
    public void A_line_of_headers_that_came_before_hides_nothing_in_the_lines_beside_it()
    {
        var filter = Filter();
        Assert.Equal("> user-agent: a\n> x: [EMAIL]\n< server: b", Headers("> user-agent: a\n> x: jane@example.com\n< server: b"));
        Assert.Equal("> user-agent: a\n> x: [EMAIL]\n< server: b\n", Headers("> user-agent: a\n> x: john@example.com\n< server: b\n"));
        Assert.Equal("> user-agent: a\n< server: b", Headers("> user-agent: a\n< server: b"));
        string Headers(string headers) => filter.Filter(Record("", headers)).Payload.Headers;
    }

    [Fact]
    public void A_long_value_that_was_clean_before_hides_nothing_beside_it_or_under_another_name()
    {
        const string Turn = "Tell me in a few words how the weather on the coast changes in the course of a year, and what Kowalska says of it in her book of 1999.";
        Assert.True(Turn.Length >= CleanValues.Shortest);
        var redactor = Redactor();
        string Of(string body) => Encoding.UTF8.GetString(redactor.Redact(Encoding.UTF8.GetBytes(body)).Span);
        var clean = $$"""{"messages":[{"role":"user","content":"{{Turn}}"}]}""";
        Assert.Equal(clean, Of(clean));
        Assert.Equal(clean, Of(clean));
        Assert.Equal($$"""{"messages":[{"content":"{{Turn}}"},{"content":"jane@example.com"}]}""".Replace("jane@example.com", "[EMAIL]", StringComparison.Ordinal), Of($$"""{"messages":[{"content":"{{Turn}}"},{"content":"jane@example.com"}]}"""));
        // A person that is named beside it is found in it too, as by a redactor that never saw it.
        var named = $$"""{"messages":[{"content":"{{Turn}}"},{"content":"My name is Anna Kowalska."}]}""";
        Assert.Equal(Encoding.UTF8.GetString(Redactor().Redact(Encoding.UTF8.GetBytes(named)).Span), Of(named));
        // What a value is called may say what it is.
        var number = "536904399" + new string(' ', CleanValues.Shortest);
        Of($$"""{"content":"{{number}}"}""");
        Assert.StartsWith("{\"ssn\":\"[SSN]", Of($$"""{"ssn":"{{number}}"}"""), StringComparison.Ordinal);
        var under = $$$"""{"ssn":{"content":"{{{number}}}"}}""";
        Assert.Equal(Encoding.UTF8.GetString(Redactor().Redact(Encoding.UTF8.GetBytes(under)).Span), Of(under));
    }

    [Fact]
    public void What_is_clean_for_a_while_is_the_same_as_for_a_redactor_that_never_saw_it()
    {
        var redactor = Redactor();
        var word = Gen.OneOf(Gen.Const("the"), Gen.Const("weather"), Gen.Int[0, s_values.Length - 1].Select(i => s_values[i]), Gen.String[0, 8]);
        var turns = Enumerable.Range(0, 12).Select(i => string.Join(' ', Enumerable.Repeat($"turn {i} of a talk", 10))).ToArray();
        var turn = Gen.OneOf(Gen.Int[0, turns.Length - 1].Select(i => turns[i]), Gen.Select(word, Gen.Int[0, turns.Length - 1], (said, i) => turns[i] + " " + said));
        turn.Array[0, 6].Sample(said =>
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(new { messages = said.Select(content => new { role = "user", content }) });
            Assert.Equal(Redactor().Redact(body).ToArray(), redactor.Redact(body).ToArray());
        }, iter: 300);
    }

    [Fact]
    public void A_member_that_was_clean_before_says_nothing_of_one_with_another_name()
    {
        var redactor = Redactor();
        string Of(string body) => Encoding.UTF8.GetString(redactor.Redact(Encoding.UTF8.GetBytes(body)).Span);
        foreach (var again in Enumerable.Repeat("""{"created":1790000000,"count":536904399,"role":"user","refusal":null,"usage":{"tokens":412,"deep":[]}}""", 2)) { Assert.Equal(again, Of(again)); }
        Assert.Equal("""{"created":1790000000,"ssn":"[SSN]","role":"user"}""", Of("""{"created":1790000000,"ssn":536904399,"role":"user"}"""));
        Assert.Equal("""{"ssn":{"count":"[SSN]"}}""", Of("""{"ssn":{"count":536904399}}"""));
        Assert.Equal("""{"phone":12,"count":536904399}""", Of("""{"phone":12,"count":536904399}"""));
        // A name is looked through as well, and one without a value is not a value.
        Assert.Equal("""{"[EMAIL]":1}""", Of("""{"jane@example.com":1}"""));
        Assert.Equal("""["jane","@","[EMAIL]"]""", Of("""["jane","@","jane@example.com"]"""));
    }

    [Fact]
    public void Members_in_any_order_are_redacted_as_by_a_redactor_that_never_saw_them()
    {
        var redactor = Redactor();
        var name = Gen.OneOf([.. new[] { "ssn", "phone", "name", "content", "created", "user", "passport", "address", "jane@example.com", "" }.Select(Gen.Const)]);
        var value = Gen.OneOf(Gen.Const("null"), Gen.Const("[]"), Gen.Const("12"), Gen.Const("536904399"), Gen.Const("4155552671"), Gen.Const("\"user\""), Gen.Const("\"Anna Kowalska\""), Gen.Const("\"536-90-4399\""),
            Gen.Int[0, s_values.Length - 1].Select(i => JsonSerializer.Serialize(s_values[i])), Gen.Const("{\"id\":{\"of\":{\"the\":{\"passport\":{\"number\":{\"content\":\"A12345678\"}}}}}}"));
        Gen.Select(name, value, (n, v) => $"{JsonSerializer.Serialize(n)}:{v}").Array[0, 5].Sample(members =>
        {
            var body = Encoding.UTF8.GetBytes("{" + string.Join(',', members) + "}");
            Assert.Equal(Encoding.UTF8.GetString(Redactor().Redact(body).Span), Encoding.UTF8.GetString(redactor.Redact(body).Span));
        }, iter: 2_000);
    }

    [Fact]
    public void A_policy_keeps_hashes_or_masks_by_kind_and_the_same_value_has_the_same_hash()
    {
        var redacted = Redact("""{"a":"jane@example.com Jane@Example.com john@example.com 192.0.2.17 +1 (415) 555-2671"}""", new() { ["email"] = StorageAction.Hash, ["IP"] = StorageAction.Keep });
        var words = redacted[6..^2].Split(' ');
        Assert.Equal(words[0], words[1]);
        Assert.NotEqual(words[0], words[2]);
        Assert.Matches(@"^\[EMAIL:[0-9a-f]{10}\]$", words[0]);
        Assert.Equal(("192.0.2.17", "[PHONE]"), (words[3], words[4]));
        var record = Record("""{"q":"jane@example.com"}""", "");
        Assert.Same(record, Filter(new() { ["ALL"] = StorageAction.Keep }).Filter(record));
    }

    [Fact]
    public void A_kind_that_does_not_exist_is_named_with_the_one_that_was_meant()
    {
        var result = new StoragePolicyValidator().Validate(null, new() { ["EMIAL"] = StorageAction.Keep, ["PHONE"] = StorageAction.Hash });
        Assert.Equal(["Bellwether:Guardrails:Storage:EMIAL is not a kind of personal data; did you mean EMAIL?"], result.Failures);
    }

    [Theory]
    [InlineData("jane@example.com", @"^\[EMAIL:[0-9a-f]{10}\]$")]
    // A slash is a sign of an address as well (RFC 5322), so what stands before it goes too.
    [InlineData("tenant-7/jane@example.com/web", @"^\[EMAIL:[0-9a-f]{10}\]/web$")]
    [InlineData("tenant-7:jane@example.com/web", @"^tenant-7:\[EMAIL:[0-9a-f]{10}\]/web$")]
    [InlineData("+14155552671", @"^\[PHONE:[0-9a-f]{10}\]$")]
    [InlineData("536-90-4399", @"^\[SSN:[0-9a-f]{10}\]$")]
    [InlineData("4111 1111 1111 1111", @"^\[CREDIT_CARD:[0-9a-f]{10}\]$")]
    [InlineData("203.0.113.7", @"^\[IP:[0-9a-f]{10}\]$")]
    [InlineData("4111111111111111", "^4111111111111111$")]
    [InlineData("4155552671", "^4155552671$")]
    [InlineData("Anna Smith", "^Anna Smith$")]
    [InlineData("01890a5d-ac96-774b-bcce-000000000007", "^01890a5d-ac96-774b-bcce-000000000007$")]
    [InlineData("user_2NiWoZK2iKDvEFEHaakTrHVfcrq", "^user_2NiWoZK2iKDvEFEHaakTrHVfcrq$")]
    [InlineData("claude-sonnet-4-5-20250929", "^claude-sonnet-4-5-20250929$")]
    public void What_records_are_found_by_is_hashed_where_it_is_no_opaque_id_and_asked_for_either_way(string user, string stored)
    {
        var filter = Filter();
        var record = Record("", "");
        var kept = filter.Filter(record.With(record.Observation! with { User = user, Session = user, RequestId = user, Model = user }, record.Payload)).Observation!;
        Assert.Matches(stored, kept.User);
        Assert.Equal((kept.User, kept.User, kept.User), (kept.Session, kept.RequestId, kept.Model));
        Assert.Equal((kept.User, kept.User), (filter.FilterName(user), filter.FilterName(kept.User)));
        var asked = new CaptureFilters([filter]).Translate([global::Bellwether.Telemetry.Filter.Eq("user", user), global::Bellwether.Telemetry.Filter.Eq("property.x", user)]);
        Assert.Equal((kept.User, user), (asked[0].Values[0], asked[1].Values[0]));
        Assert.Same(user, Filter(new() { ["IDENTIFIERS"] = StorageAction.Keep }).FilterName(user));
    }

    [Fact]
    public void What_is_said_of_a_request_stays_with_the_request_when_its_id_is_hashed()
    {
        var said = new Annotation { Id = Guid.Empty, Project = ProjectId.Default, Time = default, ObservationId = ObservationIds.OfRequest(ProjectId.Default, "jane@example.com"), RequestId = "jane@example.com", Name = "user_feedback", Source = "user", Author = "jane@example.com" };
        var kept = Filter().Filter(TelemetryRecord.Of(said)).Annotation!;
        Assert.True(kept.IsOfRequest);
        Assert.DoesNotContain("jane", kept.RequestId + kept.Author, StringComparison.Ordinal);
    }

    [Fact]
    public void What_somebody_saved_keeps_its_names_and_loses_what_has_a_form()
    {
        const string Row = """{"question":"Did Anna Smith write from jane@example.com?","ssn":536904399}""";
        Assert.Equal("""{"question":"Did Anna Smith write from [EMAIL]?","ssn":"[SSN]"}""", Filter().FilterSaved(Row));
        Assert.Same(Row, Filter(new() { ["DATASETS"] = StorageAction.Keep }).FilterSaved(Row));
        Assert.Equal(["Bellwether:Guardrails:Storage:DATASETS can only be keep: without it, what is said of each kind counts"], new StoragePolicyValidator().Validate(null, new() { ["DATASETS"] = StorageAction.Mask }).Failures);
    }

    private string Redact(string body, StoragePolicyOptions? options = null) => Encoding.UTF8.GetString(Redactor(options).Redact(Encoding.UTF8.GetBytes(body)).Span);

    private Redactor Redactor(StoragePolicyOptions? options = null) => new(new StoragePolicy(Options.Create(options ?? new StoragePolicyOptions()), s_keys), _meters, new CleanValues());

    private StorageFilter Filter(StoragePolicyOptions? options = null)
    {
        var policy = new StoragePolicy(Options.Create(options ?? new StoragePolicyOptions()), s_keys);
        return new StorageFilter(policy, Redactor(options), new IdentifierFilter(policy), _meters);
    }

    private static TelemetryRecord Record(string input, string headers) => TelemetryRecord.Of(
        new Observation { Id = Guid.Empty, Project = ProjectId.Default, StartTime = default, Kind = ObservationKind.Llm, State = ObservationState.Ok },
        new ObservationPayload { Input = Encoding.UTF8.GetBytes(input), Headers = headers });
}
