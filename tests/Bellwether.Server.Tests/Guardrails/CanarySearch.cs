using System.Text;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>Looks for hundreds of thousands of texts in one pass over bytes, in any case, and as JSON, URLs, base64 and hexadecimal digits would write them.</summary>
internal sealed class CanarySearch
{
    private const int Key = 8;
    private const int FilterBits = 24;
    private static readonly byte[] s_lower = [.. Enumerable.Range(0, 256).Select(b => b is >= 'A' and <= 'Z' ? (byte)(b + 32) : (byte)b)];

    private readonly ulong[] _filter = new ulong[(1 << FilterBits) / 64];
    private readonly Dictionary<ulong, List<byte[]>> _forms = [];

    public CanarySearch(IEnumerable<string> canaries)
    {
        foreach (var canary in canaries.Distinct())
        {
            var bytes = Encoding.UTF8.GetBytes(canary);
            Add(bytes);
            Add(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(canary)[1..^1]));
            Add(Encoding.UTF8.GetBytes(Uri.EscapeDataString(canary)));
            Add(Encoding.ASCII.GetBytes(Convert.ToHexString(bytes)));
            for (var before = 0; before < 3; before++)
            {
                // What does not depend on the bytes beside it.
                var text = Convert.ToBase64String([.. new byte[before], .. bytes]).TrimEnd('=');
                Add(Encoding.ASCII.GetBytes(text[(before == 0 ? 0 : before + 1)..^1]));
            }
        }
    }

    /// <returns>Null when there is none, else the first with what stands around it.</returns>
    public string? Find(ReadOnlySpan<byte> text)
    {
        ulong window = 0;
        for (var i = 0; i < text.Length; i++)
        {
            window = (window << 8) | s_lower[text[i]];
            if (i < Key - 1 || !MayBe(window) || !_forms.TryGetValue(window, out var forms))
            {
                continue;
            }
            var at = i - Key + 1;
            foreach (var form in forms)
            {
                if (IsAt(text, at, form))
                {
                    return Encoding.UTF8.GetString(text[Math.Max(0, at - 300)..Math.Min(text.Length, at + form.Length + 60)]);
                }
            }
        }
        return null;
    }

    private void Add(byte[] form)
    {
        Assert.True(form.Length >= Key, $"'{Encoding.UTF8.GetString(form)}' is too short to be looked for.");
        var lower = Array.ConvertAll(form, b => s_lower[b]);
        ulong key = 0;
        foreach (var b in lower.AsSpan(0, Key)) { key = (key << 8) | b; }
        if (!_forms.TryGetValue(key, out var forms)) { _forms[key] = forms = []; }
        if (forms.Exists(known => known.AsSpan().SequenceEqual(lower))) { return; }
        forms.Add(lower);
        var bit = Bit(key);
        _filter[bit >> 6] |= 1UL << (bit & 63);
    }

    private bool MayBe(ulong window)
    {
        var bit = Bit(window);
        return (_filter[bit >> 6] & (1UL << (bit & 63))) != 0;
    }

    private static int Bit(ulong key) => (int)((key * 0x9E37_79B9_7F4A_7C15) >> (64 - FilterBits));

    private static bool IsAt(ReadOnlySpan<byte> text, int at, byte[] form)
    {
        if (at + form.Length > text.Length)
        {
            return false;
        }
        for (var i = Key; i < form.Length; i++)
        {
            if (s_lower[text[at + i]] != form[i]) { return false; }
        }
        // Digits within a longer number (a time, a fraction) are another number.
        return !IsDigit(form[0]) || !IsDigit(form[^1]) || !((at > 0 && (IsDigit(text[at - 1]) || text[at - 1] == '.')) || (at + form.Length < text.Length && IsDigit(text[at + form.Length])));
    }

    private static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';
}
