using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Bellwether.Exchange;

/// <summary>
/// Gathers the system texts of a request and makes their fingerprint. Only the unescaped texts count, so that one prompt has
/// one print however an SDK writes it: as a string or as parts, with <c>\u00e9</c> or with <c>é</c>.
/// </summary>
internal struct SystemPrompt
{
    private static readonly Utf8Interner Prints = new(slots: 256);

    private byte[]? _texts;
    private int _length;

    /// <param name="content">JSON: a string, parts with a <c>text</c>, or Gemini's object with <c>parts</c>.</param>
    public void Add(scoped ReadOnlySpan<byte> content)
    {
        var reader = new Utf8JsonReader(content);
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            AddText(ref reader);
            return;
        }
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("text"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    AddText(ref reader);
                }
            }
        }
    }

    public readonly string Fingerprint()
    {
        if (_length == 0)
        {
            return "";
        }
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_texts.AsSpan(0, _length), hash);
        Span<byte> hex = stackalloc byte[16];
        Convert.TryToHexStringLower(hash[..8], hex, out _);
        return Prints.Get(hex);
    }

    public void Dispose()
    {
        if (_texts is not null)
        {
            ArrayPool<byte>.Shared.Return(_texts);
            _texts = null;
        }
    }

    private void AddText(scoped ref Utf8JsonReader reader)
    {
        var needed = _length + reader.ValueSpan.Length + 1;
        if (_texts is null || _texts.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2 * _length));
            _texts.AsSpan(0, _length).CopyTo(larger);
            Dispose();
            _texts = larger;
        }
        if (_length > 0)
        {
            _texts[_length++] = (byte)'\n';
        }
        _length += reader.CopyString(_texts.AsSpan(_length));
    }
}
