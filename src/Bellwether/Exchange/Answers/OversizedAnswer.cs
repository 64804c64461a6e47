using System.Text.Json;

namespace Bellwether.Exchange;

/// <summary>Finds the usage in the last bytes of a body or event that is too long to be read whole: all families write it near the end.</summary>
internal static class OversizedAnswer
{
    public static bool ReadUsage(AnswerCollector into, ReadOnlySpan<byte> tail)
    {
        var at = Math.Max(tail.LastIndexOf("\"usage\":"u8), tail.LastIndexOf("\"usageMetadata\":"u8));
        if (at < 0)
        {
            return false;
        }
        var rest = tail[(at + 1)..];
        var open = rest.IndexOf((byte)'{');
        var colon = rest.IndexOf((byte)':');
        if (open < 0 || rest[(colon + 1)..open].TrimStart(" \t\r\n"u8).Length > 0)
        {
            return false;
        }
        rest = rest[open..];
        var depth = 0;
        for (var i = 0; i < rest.Length; i++)
        {
            depth += rest[i] == (byte)'{' ? 1 : rest[i] == (byte)'}' ? -1 : 0;
            if (depth == 0)
            {
                return Read(into, rest[..(i + 1)]);
            }
        }
        return false;
    }

    private static bool Read(AnswerCollector into, ReadOnlySpan<byte> block)
    {
        try
        {
            var reader = new Utf8JsonReader(block);
            reader.Read();
            into.Usage.Read(ref reader);
            // Of OpenAI's responses only the last event carries usage.
            into.Terminated |= into.Dialect == Dialect.OpenAiResponses;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
