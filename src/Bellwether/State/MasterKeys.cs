using System.Security.Cryptography;
using System.Text;
using Bellwether.Primitives;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.State;

/// <summary>256 bits, and an id that may be written beside what they seal.</summary>
public sealed class MasterKey(byte[] bytes)
{
    internal const int IdLength = 8;

    internal byte[] Bytes { get; } = bytes;

    internal byte[] Id { get; } = SHA256.HashData([.. "bellwether master key id"u8, .. bytes])[..IdLength];

    public string Name => Convert.ToHexStringLower(Id);

    /// <summary>Base64 of 32 bytes is taken as it is; any other text of at least 16 characters is stretched, so that a pass phrase works too.</summary>
    public static MasterKey FromText(string text)
    {
        Span<byte> raw = stackalloc byte[32];
        return Convert.TryFromBase64String(text, raw, out var written) && written == 32
            ? new MasterKey(raw.ToArray())
            : new MasterKey(Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(text), "bellwether master key"u8, 210_000, HashAlgorithmName.SHA512, 32));
    }
}

/// <summary>
/// The master key in use and the older ones that may still open something. From <c>Bellwether:MasterKey</c> and
/// <c>Bellwether:PreviousMasterKey</c>, else from <c>keys/master.key</c> in the data folder: one key per line, newest first,
/// readable by the owner only, created at the first start.
/// </summary>
public sealed class MasterKeys
{
    private readonly string? _file;
    private volatile MasterKey[] _keys;

    public MasterKeys(IOptions<MasterKeyOptions> options, DataFolder folder, ILogger<MasterKeys> logger)
    {
        var given = new[] { options.Value.MasterKey, options.Value.PreviousMasterKey }.Where(text => text.Length > 0).ToArray();
        if (options.Value.MasterKey.Length > 0)
        {
            _keys = [.. given.Select(MasterKey.FromText)];
            return;
        }

        _file = Path.Combine(folder.Sub("keys"), "master.key");
        if (!File.Exists(_file))
        {
            Write([new MasterKey(RandomNumberGenerator.GetBytes(32))]);
            Log.MasterKeyCreated(logger, _file);
        }

        _keys = [.. File.ReadAllLines(_file).Where(line => line.Trim().Length > 0).Select(line => MasterKey.FromText(line.Trim()))];
    }

    public MasterKey Current => _keys[0];

    /// <summary>Whether this server may make new master keys: not when the operator holds them in the configuration.</summary>
    public bool CanRotate => _file is not null;

    /// <summary>Puts a new key in front. The older ones still open what they sealed.</summary>
    public void Rotate()
    {
        MasterKey[] keys = [new MasterKey(RandomNumberGenerator.GetBytes(32)), .. _keys];
        Write(keys);
        _keys = keys;
    }

    /// <summary>Forgets the older keys, once nothing is sealed with them any more.</summary>
    public void ForgetOlder()
    {
        Write([Current]);
        _keys = [Current];
    }

    internal MasterKey? Find(ReadOnlySpan<byte> id)
    {
        foreach (var key in _keys)
        {
            if (id.SequenceEqual(key.Id))
            {
                return key;
            }
        }

        return null;
    }

    // Written beside and renamed, so that a crash leaves the old file or the new one, never half of it.
    private void Write(IEnumerable<MasterKey> keys)
    {
        var next = _file + ".new";
        File.Delete(next);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(next, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(string.Concat(keys.Select(key => Convert.ToBase64String(key.Bytes) + "\n"))));
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, _file!, overwrite: true);
    }
}
