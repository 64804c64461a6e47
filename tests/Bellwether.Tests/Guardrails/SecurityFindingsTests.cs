using Bellwether.Exchange;
using Bellwether.Guardrails;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Tests.Guardrails;

public sealed class SecurityFindingsTests
{
    private static readonly Observation s_call = new() { Id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch), Project = ProjectId.Default, StartTime = DateTimeOffset.UnixEpoch, Kind = ObservationKind.Llm, State = ObservationState.Ok, User = "anna", Model = "m" };

    [Fact]
    public void A_finding_is_read_from_its_annotation_as_it_was_written()
    {
        var finding = new CallFinding("injection", "flag", "block", 0.97, "messages[2].content[0].text 10-80", "document", "It asks to ignore earlier instructions. It is disguised.", "pol_1");
        var annotation = SecurityFindings.Annotate(finding, 0, s_call);
        Assert.Equal(finding, SecurityFindings.Read(annotation));
        Assert.Equal(("injection", "guard", "flag", "anna", s_call.Id), (annotation.Name, annotation.Source, annotation.Category, annotation.Author, annotation.ObservationId));
        Assert.NotEqual(annotation.Id, SecurityFindings.Annotate(finding, 1, s_call).Id);
        Assert.Equal(annotation.Id, SecurityFindings.Annotate(finding, 0, s_call).Id);
        var bare = new CallFinding("unknown", "observe", "", null, "", "", "two\nlines", "");
        Assert.Equal(bare with { Reason = "two lines" }, SecurityFindings.Read(SecurityFindings.Annotate(bare, 0, s_call)));
    }

    [Fact]
    public void A_caller_cannot_forge_the_property_of_a_guard()
    {
        var finding = new CallFinding("pii", "mask", "flag", null, "", "user", "", "");
        Assert.Equal([new("team", "a"), new("guard-pii", "mask")], SecurityFindings.AddProperties([new("guard-pii", "observe"), new("team", "a")], [finding, finding with { Action = "observe" }]));
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("-2", "'-2")]
    [InlineData("a,\"b\"\nc", "\"a,\"\"b\"\"\nc\"")]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    public void A_cell_is_no_formula_and_stays_one_cell(string text, string cell) => Assert.Equal(cell, SecurityEventFile.Cell(text));

    [Theory]
    [InlineData("call [EMAIL] or [PHONE:3f9a1c20b7] or [CREDIT_CARD_BCDFGHJKLM]", "EMAIL CREDIT_CARD PHONE")]
    [InlineData("[OTHER] [EMAIL [] [", "")]
    public void Placeholders_of_redaction_are_findings_of_their_kind(string text, string kinds) =>
        Assert.Equal(kinds, string.Join(' ', Enum.GetValues<Bellwether.Detection.PersonalDataType>().Where(type => (StoredPrompts.Redacted(System.Text.Encoding.UTF8.GetBytes(text)) >> (int)type & 1) != 0).Select(Bellwether.Detection.PersonalDataTypes.Name)));
}
