using Bellwether.Flags;

namespace Bellwether.Tests;

/// <summary>Requirement X1: what a flag is for somebody.</summary>
public sealed class FlagEvaluatorTests
{
    private static readonly string[] s_users = [.. Enumerable.Range(0, 20_000).Select(i => $"user-{i}")];

    [Theory]
    [InlineData("""{"attribute":"plan","operator":"eq","value":"pro"}""", """{"plan":"pro"}""", true)]
    [InlineData("""{"attribute":"plan","operator":"eq","value":"pro"}""", """{"plan":"Pro"}""", false)]
    [InlineData("""{"attribute":"seats","operator":"eq","value":5}""", """{"seats":5.0}""", true)]
    [InlineData("""{"attribute":"seats","operator":"eq","value":5}""", """{"seats":"5"}""", false)]
    [InlineData("""{"attribute":"beta","operator":"eq","value":true}""", """{"beta":true}""", true)]
    [InlineData("""{"attribute":"beta","operator":"eq","value":true}""", """{"beta":false}""", false)]
    [InlineData("""{"attribute":"plan","operator":"neq","value":"pro"}""", """{"plan":"free"}""", true)]
    [InlineData("""{"attribute":"plan","operator":"neq","value":"pro"}""", """{}""", false)]
    [InlineData("""{"attribute":"plan","operator":"neq","value":"pro"}""", """{"plan":null}""", false)]
    [InlineData("""{"attribute":"country","operator":"in","value":["DE","AT"]}""", """{"country":"AT"}""", true)]
    [InlineData("""{"attribute":"country","operator":"notIn","value":["DE","AT"]}""", """{"country":"AT"}""", false)]
    [InlineData("""{"attribute":"country","operator":"notIn","value":["DE","AT"]}""", """{"country":"CH"}""", true)]
    [InlineData("""{"attribute":"groups","operator":"in","value":["qa"]}""", """{"groups":["dev","qa"]}""", true)]
    [InlineData("""{"attribute":"groups","operator":"notIn","value":["qa"]}""", """{"groups":["dev","qa"]}""", false)]
    [InlineData("""{"attribute":"groups","operator":"contains","value":"qa"}""", """{"groups":["qa-lead"]}""", false)]
    [InlineData("""{"attribute":"email","operator":"contains","value":"@acme."}""", """{"email":"a@acme.example"}""", true)]
    [InlineData("""{"attribute":"email","operator":"endsWith","value":"@acme.example"}""", """{"email":"a@acme.example"}""", true)]
    [InlineData("""{"attribute":"email","operator":"startsWith","value":"b"}""", """{"email":"a@acme.example"}""", false)]
    [InlineData("""{"attribute":"email","operator":"matches","value":"^[a-c]@acme\\."}""", """{"email":"b@acme.example"}""", true)]
    [InlineData("""{"attribute":"email","operator":"matches","value":"^[a-c]@acme\\."}""", """{"email":5}""", false)]
    [InlineData("""{"attribute":"age","operator":"gte","value":18}""", """{"age":18}""", true)]
    [InlineData("""{"attribute":"age","operator":"gt","value":18}""", """{"age":18}""", false)]
    [InlineData("""{"attribute":"age","operator":"lt","value":18}""", """{"age":17.5}""", true)]
    [InlineData("""{"attribute":"age","operator":"lte","value":18}""", """{"age":"3"}""", false)]
    [InlineData("""{"attribute":"name","operator":"eq","value":"x"}""", """{"name":"\ud83d"}""", false)]
    [InlineData("""{"attribute":"name","operator":"contains","value":"x"}""", """{"name":"\ud83d"}""", false)]
    [InlineData("""{"attribute":"name","operator":"neq","value":"x"}""", """{"\ud83d":1,"name":"y"}""", true)]
    public void A_condition_holds_of_an_attribute_that_is_there(string condition, string attributes, bool holds)
    {
        var flag = FlagSamples.Flag($$"""{"key":"a","type":"boolean","rules":[{"when":[{{condition}}],"variant":"on"}]}""");
        Assert.Equal((holds ? "on" : "off", holds ? FlagReason.TargetingMatch : FlagReason.NoRuleHeld), Result(flag, null, attributes));
    }

    [Fact]
    public void The_first_rule_of_which_all_conditions_hold_decides()
    {
        var flag = FlagSamples.Flag(
            """
            {"key":"a","type":"string","variants":{"x":"1","y":"2","z":"3"},"default":"z","rules":[
            {"when":[{"attribute":"plan","operator":"eq","value":"pro"},{"attribute":"country","operator":"eq","value":"DE"}],"variant":"x"},
            {"when":[{"attribute":"plan","operator":"eq","value":"pro"}],"variant":"y"}]}
            """);
        Assert.Equal(("x", FlagReason.TargetingMatch), Result(flag, null, """{"plan":"pro","country":"DE"}"""));
        Assert.Equal(("y", FlagReason.TargetingMatch), Result(flag, null, """{"plan":"pro"}"""));
        Assert.Equal(("z", FlagReason.NoRuleHeld), Result(flag, null, """{"country":"DE"}"""));
        Assert.Equal(1, FlagEvaluator.Evaluate(flag, FlagSamples.Context(null, """{"plan":"pro"}""")).Rule);
    }

    [Fact]
    public void Without_rules_and_split_it_is_static_and_disabled_it_is_off_whatever_its_rules_say()
    {
        Assert.Equal(("on", FlagReason.Static), Result(FlagSamples.Flag("""{"key":"a","type":"boolean","default":"on"}"""), null));
        var disabled = FlagSamples.Flag("""{"key":"a","type":"boolean","enabled":false,"default":"on","split":[{"variant":"on","weight":10000}]}""");
        Assert.Equal(("off", FlagReason.Disabled), Result(disabled, "user-1"));
        Assert.False(FlagEvaluator.Evaluate(disabled, default).Variant!.Value.GetBoolean());
        // It has no variant off: its default's value, and still nobody counts as having been given a variant.
        var text = FlagSamples.Flag("""{"key":"a","type":"string","enabled":false,"variants":{"x":"1","y":"2"},"default":"y"}""");
        Assert.Equal(("off", FlagReason.Disabled), Result(text, "user-1"));
        Assert.Equal("2", FlagEvaluator.Evaluate(text, default).Variant!.Value.GetString());
    }

    [Fact]
    public void A_split_needs_somebody_unless_everybody_gets_the_same()
    {
        var half = Percent(5_000);
        Assert.Equal(("", FlagReason.NoUnit), Result(half, null));
        Assert.Equal(("", FlagReason.NoUnit), Result(half, ""));
        Assert.Equal(("off", FlagReason.Split), Result(half, "user-1"));
        Assert.Equal(("on", FlagReason.Split), Result(half, "user-2"));
        Assert.Equal(("on", FlagReason.Split), Result(FlagSamples.Flag("""{"key":"a","type":"boolean","split":[{"variant":"on","weight":10000}]}"""), null));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(1_250)]
    [InlineData(5_000)]
    [InlineData(10_000)]
    public void A_split_gives_the_share_that_it_says(int weight)
    {
        var flag = Percent(weight);
        var share = s_users.Count(user => flag.Ask(user) == "on") / (double)s_users.Length;
        // Four standard deviations; the users are always the same, so that it never happens to be more.
        Assert.InRange(share, (weight / 10_000d) - 0.0142, (weight / 10_000d) + 0.0142);
        Assert.True(weight is > 0 and < 10_000 || share == weight / 10_000d);
    }

    [Fact]
    public void Raising_a_percentage_only_adds_users_and_another_salt_adds_others()
    {
        var (few, many) = (In(Percent(1_000)), In(Percent(2_500)));
        Assert.Subset(many, few);
        Assert.InRange(many.Count - few.Count, 2_600, 3_400);
        var other = In(Percent(1_000, """, "salt":"exp-b" """));
        // Of another flag's tenth, a tenth is in this one's.
        Assert.InRange(other.Count(few.Contains) / (double)other.Count, 0.07, 0.13);
    }

    [Fact]
    public void Raising_the_rollout_of_a_split_moves_nobody_from_one_arm_to_another()
    {
        var small = Three(rollout: 1_000);
        var large = Three(rollout: 5_000);
        var taking = s_users.Where(user => small.Ask(user) != "off").ToList();
        Assert.All(taking, user => Assert.Equal(small.Ask(user), large.Ask(user)));
        Assert.InRange(s_users.Count(user => large.Ask(user) != "off") / (double)s_users.Length, 0.48, 0.52);
        // Who takes part says nothing of which arm: among the first tenth the arms are as large as among all.
        Assert.All(new[] { "a", "b", "c" }, arm => Assert.InRange(taking.Count(user => small.Ask(user) == arm) / (double)taking.Count, 0.28, 0.39));
    }

    [Fact]
    public void The_articles_hash_gives_the_articles_users()
    {
        // user-1: 20, user-2: 75, alice: 0, u1: 4.
        var flag = Percent(2_100, """, "hash":"md5" """);
        Assert.Equal(["on", "off", "on", "on"], new[] { "user-1", "user-2", "alice", "u1" }.Select(user => flag.Ask(user)));
        Assert.Equal("off", Percent(2_000, """, "hash":"md5" """).Ask("user-1"));
        Assert.Equal(2_508, Enumerable.Range(0, 10_000).Count(i => Percent(2_500, """, "hash":"md5" """).Ask($"user-{i}") == "on"));
        var test = FlagSamples.Flag("""{"key":"checkout","type":"string","variants":{"a":"1","b":"2"},"default":"a","hash":"md5_variant","split":[{"variant":"a","weight":5000},{"variant":"b","weight":5000}]}""");
        Assert.Equal(["a", "a", "b", "a"], new[] { "user-1", "user-2", "alice", "bob" }.Select(user => test.Ask(user)));
    }

    [Fact]
    public void A_rule_may_have_a_split_of_its_own()
    {
        var flag = FlagSamples.Flag("""{"key":"a","type":"boolean","rules":[{"when":[{"attribute":"country","operator":"eq","value":"DE"}],"split":[{"variant":"on","weight":9200},{"variant":"off","weight":800}]}]}""");
        Assert.Equal(("on", FlagReason.Split), Result(flag, "user-1", """{"country":"DE"}"""));
        Assert.Equal(("off", FlagReason.NoRuleHeld), Result(flag, "user-1", """{"country":"FR"}"""));
    }

    [Fact]
    public void Evaluating_allocates_nothing_where_no_text_is_looked_into()
    {
        var flag = FlagSamples.Flag("""{"key":"a","type":"boolean","rules":[{"when":[{"attribute":"plan","operator":"in","value":["pro","team"]},{"attribute":"age","operator":"gte","value":18}],"variant":"on"}],"split":[{"variant":"on","weight":2500},{"variant":"off","weight":7500}],"rollout":5000}""");
        var context = FlagSamples.Context("user-1", """{"plan":"free","age":17}""");
        FlagEvaluator.Evaluate(flag, context);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            FlagEvaluator.Evaluate(flag, context);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static (string, FlagReason) Result(Flag flag, string? unit, string attributes = "{}")
    {
        var result = FlagEvaluator.Evaluate(flag, FlagSamples.Context(unit, attributes));
        return (result.VariantName, result.Reason);
    }

    private static Flag Percent(int weight, string more = "") =>
        FlagSamples.Flag($$"""{"key":"a","type":"boolean","split":[{"variant":"on","weight":{{weight}}},{"variant":"off","weight":{{10_000 - weight}}}]{{more}}}""");

    private static Flag Three(int rollout) => FlagSamples.Flag(
        $$"""{"key":"a","type":"string","variants":{"off":"","a":"1","b":"2","c":"3"},"split":[{"variant":"a","weight":3334},{"variant":"b","weight":3333},{"variant":"c","weight":3333}],"rollout":{{rollout}}}""");

    private static HashSet<string> In(Flag flag) => [.. s_users.Where(user => flag.Ask(user) == "on")];
}
