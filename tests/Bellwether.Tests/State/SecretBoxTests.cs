using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Bellwether.Tests;

public sealed class SecretBoxTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bw-keys").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private MasterKeys Keys(string current = "", string previous = "") =>
        new(Options.Create(new MasterKeyOptions { MasterKey = current, PreviousMasterKey = previous }), new DataFolder(_folder), NullLogger<MasterKeys>.Instance);

    [Fact]
    public void What_is_sealed_opens_again_and_holds_no_trace_of_the_text()
    {
        var box = new SecretBox(Keys());

        var first = box.Seal(new Secret("sk-canary"), "provider/a");
        var second = box.Seal(new Secret("sk-canary"), "provider/a");

        Assert.Equal(Unsealing.Opened, box.Open(first, "provider/a", out var secret));
        Assert.Equal("sk-canary", secret!.Reveal());
        Assert.NotEqual(first, second);
        Assert.Equal(-1, first.AsSpan().IndexOf("canary"u8));
    }

    [Fact]
    public void A_value_moved_to_another_row_or_changed_by_one_bit_does_not_open()
    {
        var box = new SecretBox(Keys());
        var sealed_ = box.Seal(new Secret("sk-canary"), "provider/a");

        Assert.Equal(Unsealing.Damaged, box.Open(sealed_, "provider/b", out var moved));
        Assert.Null(moved);
        for (var i = 0; i < sealed_.Length; i++)
        {
            var changed = sealed_.ToArray();
            changed[i] ^= 1;
            Assert.NotEqual(Unsealing.Opened, box.Open(changed, "provider/a", out _));
        }

        Assert.Equal(Unsealing.Damaged, box.Open(sealed_.AsSpan(0, 20), "provider/a", out _));
    }

    [Fact]
    public void The_key_file_is_the_owners_alone_and_survives_a_restart()
    {
        var sealed_ = new SecretBox(Keys()).Seal(new Secret("x"), "p");
        var file = Path.Combine(_folder, "keys", "master.key");

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.Equal(Unsealing.Opened, new SecretBox(Keys()).Open(sealed_, "p", out _));
    }

    [Fact]
    public void After_a_rotation_the_old_key_still_opens_until_it_is_forgotten()
    {
        var keys = Keys();
        var box = new SecretBox(keys);
        var old = box.Seal(new Secret("x"), "p");

        keys.Rotate();
        Assert.False(box.IsCurrent(old));
        Assert.Equal(Unsealing.Opened, box.Open(old, "p", out var secret));
        var fresh = box.Seal(secret!, "p");
        keys.ForgetOlder();

        Assert.Equal(Unsealing.UnknownMasterKey, box.Open(old, "p", out _));
        Assert.Equal(Unsealing.Opened, new SecretBox(Keys()).Open(fresh, "p", out _));
    }

    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("correct horse battery staple")]
    public void A_key_of_the_configuration_is_used_and_no_file_is_made(string key)
    {
        var sealed_ = new SecretBox(Keys(key)).Seal(new Secret("x"), "p");

        Assert.False(Directory.Exists(Path.Combine(_folder, "keys")));
        Assert.Equal(Unsealing.Opened, new SecretBox(Keys("another key of sixteen", previous: key)).Open(sealed_, "p", out _));
        Assert.Equal(Unsealing.UnknownMasterKey, new SecretBox(Keys("another key of sixteen")).Open(sealed_, "p", out _));
    }
}
