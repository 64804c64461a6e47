using Bellwether.Flags;

namespace Bellwether.Tests;

/// <summary>Who is dealt where. The figures were made with hashlib of Python, and must hold for ever: another one would deal everybody anew.</summary>
public sealed class BucketingTests
{
    [Theory]
    [InlineData("exp-a", "user-1", 9185)]
    [InlineData("exp-a", "user-2", 3673)]
    [InlineData("exp-b", "user-1", 82)]
    [InlineData("exp-b", "user-2", 2976)]
    [InlineData("exp-a", "Ünïcødé-用户", 3922)]
    public void The_salted_hash_has_the_buckets_that_were_published(string salt, string unit, int bucket) => Assert.Equal(bucket, Bucketing.Salted(salt, unit));

    [Fact]
    public void Who_takes_part_is_another_hash_than_which_arm() => Assert.Equal((9520, 9185), (Bucketing.Rollout("exp-a", "user-1"), Bucketing.Salted("exp-a", "user-1")));

    [Theory]
    [InlineData("user-1", 20)]
    [InlineData("user-2", 75)]
    [InlineData("alice", 0)]
    [InlineData("u1", 4)]
    [InlineData("Ünïcødé-用户", 67)]
    public void The_articles_hash_is_all_of_md5_modulo_a_hundred(string unit, int bucket) => Assert.Equal(bucket, Bucketing.Md5(unit, "", 100));

    [Theory]
    [InlineData("user-1", 0, 1)]
    [InlineData("user-2", 0, 2)]
    [InlineData("alice", 1, 2)]
    [InlineData("bob", 0, 0)]
    public void The_articles_test_is_md5_of_user_and_name_modulo_the_variants(string unit, int ofTwo, int ofThree) =>
        Assert.Equal((ofTwo, ofThree), (Bucketing.Md5(unit, "checkout", 2), Bucketing.Md5(unit, "checkout", 3)));

    [Fact]
    public void A_long_unit_is_hashed_whole()
    {
        var unit = new string('ü', 20_000);
        Assert.NotEqual(Bucketing.Salted("s", unit), Bucketing.Salted("s", unit + "x"));
        Assert.Equal(Bucketing.Salted("s", unit), Bucketing.Salted("s", new string('ü', 20_000)));
    }

    [Fact]
    public void A_million_users_are_spread_evenly_over_the_buckets()
    {
        var counts = new int[Bucketing.Buckets];
        for (var i = 0; i < 1_000_000; i++)
        {
            counts[Bucketing.Salted("exp-a", $"user-{i}")]++;
        }
        // As published for these users: chi-square 10,108.18 at 9,999 degrees of freedom (p = .219), and 250,075 in the first quarter.
        Assert.Equal(10_108.18, counts.Sum(count => Math.Pow(count - 100, 2) / 100), 0.01);
        Assert.Equal(250_075, counts.Take(2_500).Sum());
    }
}
