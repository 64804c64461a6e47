using System.Buffers;
using System.Text;
using Bellwether.Detection;
using Bellwether.Exchange;
using Bellwether.Telemetry;

namespace Bellwether.Guardrails;

/// <summary>Reading prompts as they are stored.</summary>
internal static class StoredPrompts
{
    private const int Longest = 32;
    private static readonly SearchValues<byte> s_name = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"u8);

    /// <summary><see cref="Dialect.Opaque"/> for calls that the gateway did not see.</summary>
    public static Dialect DialectOf(Observation call) => (call.Surface, call.Operation) switch
    {
        ("openai" or "azure", "chat") => Dialect.OpenAiChat,
        ("openai" or "azure", "responses") => Dialect.OpenAiResponses,
        ("openai" or "azure", "text_completion") => Dialect.OpenAiCompletions,
        ("openai" or "azure", "embeddings") => Dialect.OpenAiEmbeddings,
        ("openai" or "azure", "moderations") => Dialect.OpenAiModerations,
        ("anthropic", "chat") => Dialect.AnthropicMessages,
        ("gemini", "chat" or "generate_content") => Dialect.GeminiGenerate,
        ("gemini", "embeddings") => Dialect.GeminiEmbed,
        _ => Dialect.Opaque,
    };

    /// <summary>The kinds of personal data whose placeholders stand in a text (<c>[EMAIL]</c>, <c>[EMAIL:3f9a1c20b7]</c>, <c>[EMAIL_BCDFGHJKLM]</c>), one bit each.</summary>
    public static uint Redacted(ReadOnlySpan<byte> text)
    {
        var types = 0u;
        for (var at = text.IndexOf((byte)'['); at >= 0; at = text.IndexOf((byte)'['))
        {
            text = text[(at + 1)..];
            var end = text.IndexOfAnyExcept(s_name);
            if (end is > 0 and < Longest && text[end] is (byte)']' or (byte)':')
            {
                types |= TypeOf(Encoding.ASCII.GetString(text[..end]));
            }
        }
        return types;
    }

    private static uint TypeOf(string name) => PersonalDataTypes.TryParse(name, out var type) || (name.LastIndexOf('_') is var cut and > 0 && PersonalDataTypes.TryParse(name[..cut], out type)) ? 1u << (int)type : 0;
}
