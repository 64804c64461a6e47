using System.Text.Json;
using Bellwether.Detection;
using Bellwether.Guardrails;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Tests.Guardrails;

/// <summary>What is taken for a policy, and what is said of what is not.</summary>
public sealed class GuardPolicyReaderTests
{
    [Theory]
    [InlineData("""{}""", "name", "is needed")]
    [InlineData("""{"name":"a","injection":{"mode":"blok"}}""", "injection.mode", "did you mean block?")]
    [InlineData("""{"name":"a","injection":{"mode":"block","thresholds":{"user":{"flag":1.2}}}}""", "injection.thresholds.user.flag", "score from 0 to 1")]
    [InlineData("""{"name":"a","injection":{"mode":"block","thresholds":{"user":{"flag":0.9,"block":0.5}}}}""", "injection.thresholds.user.flag", "must not be over block")]
    [InlineData("""{"name":"a","harm":{"mode":"flag","thresholds":{"usr":{"flag":0.9}}}}""", "harm.thresholds.usr", "did you mean user?")]
    [InlineData("""{"name":"a","injection":{"mode":"route"}}""", "injection.route", "is needed by mode route")]
    [InlineData("""{"name":"a","injection":{"mode":"flag","route":{"provider":"x"}}}""", "injection.route", "is for mode route only")]
    [InlineData("""{"name":"a","injection":{"mode":"route","route":{}}}""", "injection.route.provider", "is needed")]
    [InlineData("""{"name":"a","leak":{"mode":"route"}}""", "leak.mode", "cannot be route here: the answer is there already")]
    [InlineData("""{"name":"a","patterns":[{"name":"x","pattern":"a","mode":"route"}]}""", "patterns[0].mode", "cannot be route here: only injection and harm have a stricter provider")]
    [InlineData("""{"name":"a","leak":{"canaries":["short"]}}""", "leak.canaries", "8 to 200")]
    [InlineData("""{"name":"a","pii":{"upstream":{"EMAL":"mask"}}}""", "pii.upstream.EMAL", "did you mean EMAIL?")]
    [InlineData("""{"name":"a","pii":{"upstream":{"EMAIL":"msk"}}}""", "pii.upstream.EMAIL", "did you mean mask?")]
    [InlineData("""{"name":"a","pii":{"upstream":{"EMAIL":"mask","email":"keep"}}}""", "pii.upstream.email", "is given twice")]
    [InlineData("""{"name":"a","pii":{"answer":{"EMAIL":"tokenise"}}}""", "pii.answer.EMAIL", "cannot be tokenise")]
    [InlineData("""{"name":"a","patterns":[{"name":"p","pattern":"a(?=b)","mode":"flag"}]}""", "patterns[0].pattern", "look-around")]
    [InlineData("""{"name":"a","patterns":[{"name":"p","pattern":"(a)\\1","mode":"flag"}]}""", "patterns[0].pattern", "back-reference")]
    [InlineData("""{"name":"a","patterns":[{"name":"p","pattern":"a(","mode":"flag"}]}""", "patterns[0].pattern", "is not a regular expression")]
    [InlineData("""{"name":"a","patterns":[{"name":"p","pattern":"a*","mode":"flag"}]}""", "patterns[0].pattern", "matches the empty text")]
    [InlineData("""{"name":"a","patterns":[{"name":"p","pattern":"((a{900}){900}){900}","mode":"flag"}]}""", "patterns[0].pattern", "too large")]
    [InlineData("""{"name":"a","patterns":[{"name":"p","pattern":"a","mode":"off"}]}""", "patterns[0].mode", "observe, flag or block")]
    [InlineData("""{"name":"a","patterns":[null]}""", "patterns[0].name", "is needed")]
    [InlineData("""{"name":"a","applies_to":{"models":["*gpt"]}}""", "applies_to.models", "at its end only")]
    [InlineData("""{"name":"a","applies_to":{"keys":[""]}}""", "applies_to.keys", "1 to 100")]
    [InlineData("""{"name":"a","unknown":"stop"}""", "unknown", "pass or block")]
    [InlineData("""{"name":"a","order":-1}""", "order", "0 to 1000000")]
    [InlineData("""{"name":"a","injection":{"second_opinion":{"provider":"openai"}}}""", "injection.second_opinion", "is for harm only")]
    [InlineData("""{"name":"a","harm":{"second_opinion":{}}}""", "harm.second_opinion.provider", "is needed")]
    [InlineData("""{"name":"a","harm":{"second_opinion":{"provider":"p","from":1.5}}}""", "harm.second_opinion.from", "score from 0 to 1")]
    [InlineData("""{"name":"a","harm":{"second_opinion":{"provider":"p","from":0.9,"to":0.5}}}""", "harm.second_opinion.from", "must not be over to")]
    [InlineData("""{"name":"a","harm":{"second_opinion":{"provider":"p","model":""}}}""", "harm.second_opinion.model", "at most 200")]
    public void A_mistake_names_its_field_and_what_was_meant(string body, string field, string says)
    {
        var read = Read(body);
        Assert.Null(read.Value);
        Assert.True(read.Errors.TryGetValue(field, out var problems), string.Join(", ", read.Errors.Keys));
        Assert.Contains(says, string.Join("; ", problems), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_left_out_is_observed()
    {
        var policy = Read("""{"name":"a"}""").Value!;
        Assert.Equal(GuardPolicy.Default(ProjectId.Default) with { Id = "pol_1", Name = "a", Order = 7 }, policy with { Canaries = [], Patterns = [], AppliesTo = GuardScope.Everything });
    }

    [Fact]
    public void A_policy_reads_as_it_was_written()
    {
        const string Body = """
            {"name":"Strict","enabled":false,"order":3,"applies_to":{"endpoints":["checkout"],"models":["gpt-*"],"keys":["key_1"]},
             "injection":{"mode":"route","thresholds":{"user":{"flag":0.3},"document":{"flag":0.2,"block":0.8}},"route":{"provider":"strict","model":"m"}},
             "harm":{"mode":"off","second_opinion":{"provider":"openai","model":"omni","from":0.2,"to":0.8}},"leak":{"mode":"block","thresholds":{"flag":0.4},"canaries":["the-secret-word"]},
             "pii":{"observe":false,"upstream":{"ALL":"mask","EMAIL":"tokenise","IBAN":"block"},"answer":{"API_KEY":"hash"}},
             "patterns":[{"name":"p","pattern":"\\bx+\\b","mode":"block"}],"unknown":"block"}
            """;
        var policy = Read(Body).Value!;
        var again = Read(GuardPolicyStore.Write(policy)).Value!;
        Assert.Equal(GuardPolicyStore.Write(policy), GuardPolicyStore.Write(again));
        Assert.Equal((PersonalDataAction.Tokenise, PersonalDataAction.Mask, PersonalDataAction.Keep), (again.PersonalData.Upstream[PersonalDataType.Email], again.PersonalData.Upstream[PersonalDataType.Phone], again.PersonalData.Answer[PersonalDataType.Email]));
        Assert.Equal(new SecondOpinion("openai", "omni", 0.2, 0.8), again.Harm.SecondOpinion);
        Assert.Equal((0.2, 0.8), (again.Injection.Document.Flag, again.Injection.Document.Block));
        Assert.Equal((GuardMode.Off, GuardMode.Block, UnknownVerdict.Block, "the-secret-word"), (again.Harm.Mode, again.Leak.Mode, again.Unknown, again.Canaries[0]));
    }

    [Fact]
    public void Kinds_fit_into_the_counts_of_a_prompt_and_into_the_bits_of_a_table() =>
        Assert.InRange(PersonalDataTypes.Count, 1, PromptFindings.TypeCounts.Length);

    private static Change<GuardPolicy> Read(string body) =>
        GuardPolicyReader.Read(JsonSerializer.Deserialize(body, GuardPolicyJson.Default.GuardPolicyBody)!, "pol_1", ProjectId.Default, 7);
}
