using System.Buffers;
using System.Text.Json;
using Bellwether.Exchange;

namespace Bellwether.Guardrails;

/// <summary>Puts another model into a request body, byte for byte the same elsewhere.</summary>
internal static class ModelChange
{
    private static readonly JsonReaderOptions s_options = new() { MaxDepth = RequestScanner.MaxDepth };

    /// <returns>The body itself when it names no model.</returns>
    public static ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> body, string model)
    {
        var start = body.Span.StartsWith("\uFEFF"u8) ? 3 : 0;
        var reader = new Utf8JsonReader(body.Span[start..], s_options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isModel = reader.ValueTextEquals("model"u8);
            reader.Read();
            if (isModel && reader.TokenType == JsonTokenType.String)
            {
                var (from, to) = (start + (int)reader.TokenStartIndex, start + (int)reader.BytesConsumed);
                var into = new ArrayBufferWriter<byte>(body.Length + model.Length);
                into.Write(body.Span[..from]);
                into.Write("\""u8);
                into.Write(JsonEncodedText.Encode(model).EncodedUtf8Bytes);
                into.Write("\""u8);
                into.Write(body.Span[to..]);
                return into.WrittenMemory;
            }
            reader.Skip();
        }
        return body;
    }
}
