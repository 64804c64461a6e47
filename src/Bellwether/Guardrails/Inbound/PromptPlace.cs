using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Bellwether.Detection;
using Bellwether.Exchange;

namespace Bellwether.Guardrails;

/// <summary>Says where in a request something was found: <c>messages[2].content[0].text 10-80</c>. Worked out only once there is a finding.</summary>
internal static class PromptPlace
{
    private const int LongestPath = 200;
    private static readonly SearchValues<byte> s_name = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"u8);
    private static readonly JsonReaderOptions s_options = new() { MaxDepth = RequestScanner.MaxDepth };

    /// <param name="unit">Index of the text.</param>
    /// <param name="span">In UTF-16 units of the whole text; null names the text only.</param>
    public static string Of(ReadOnlySpan<byte> body, PromptReader reader, int unit, TextSpan? span)
    {
        ref readonly var text = ref reader.Units[unit];
        var parts = reader.PartsOf(text);
        if (span is not { } at)
        {
            return PathOf(body, parts[0].Start);
        }
        // The parts of a decoded text are those of the unit, in order.
        var decoded = TextJudge.Decode(body, parts, text.Bytes).Parts;
        var (part, most) = (0, -1);
        for (var i = 0; i < decoded.Length; i++)
        {
            // A stretch over several parts is named by the one that has most of it.
            var within = Math.Min(decoded[i].End, at.End) - Math.Max(decoded[i].Start, at.Start);
            (part, most) = within > most ? (i, within) : (part, most);
        }
        var (start, end) = (Math.Max(0, at.Start - decoded[part].Start), Math.Min(decoded[part].End, at.End) - decoded[part].Start);
        return string.Create(CultureInfo.InvariantCulture, $"{PathOf(body, parts[part].Start)} {start}-{Math.Max(start, end)}");
    }

    private static string PathOf(ReadOnlySpan<byte> body, int place)
    {
        var start = body.StartsWith("\uFEFF"u8) ? 3 : 0;
        var reader = new Utf8JsonReader(body[start..], s_options);
        // For each level the name or the index that leads on; -1 stands for an object.
        var names = new string[RequestScanner.MaxDepth + 1];
        var indexes = new int[RequestScanner.MaxDepth + 1];
        while (reader.Read() && start + reader.TokenStartIndex + 1 < place)
        {
            var depth = reader.CurrentDepth;
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                (names[depth], indexes[depth]) = (NameOf(ref reader), -1);
                continue;
            }
            if (reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
            {
                continue;
            }
            Step(depth);
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
            {
                (names[depth + 1], indexes[depth + 1]) = ("", reader.TokenType == JsonTokenType.StartArray ? -2 : -1);
            }
        }
        Step(reader.CurrentDepth);
        var path = new StringBuilder();
        for (var level = 1; level <= reader.CurrentDepth && path.Length < LongestPath; level++)
        {
            if (indexes[level] >= 0)
            {
                path.Append(CultureInfo.InvariantCulture, $"[{indexes[level]}]");
            }
            else if (names[level].Length > 0)
            {
                path.Append(path.Length > 0 ? "." : "").Append(names[level]);
            }
        }
        return path.ToString();

        // A value in an array moves its index on: -2 before the first.
        void Step(int depth)
        {
            if (indexes[depth] != -1)
            {
                indexes[depth] = indexes[depth] == -2 ? 0 : indexes[depth] + 1;
            }
        }
    }

    // Names below a message are the sender's own, and might say anything.
    private static string NameOf(ref Utf8JsonReader reader)
    {
        var name = reader.ValueSpan;
        return name.Length <= 32 && !name.ContainsAnyExcept(s_name) ? Encoding.ASCII.GetString(name) : "*";
    }
}
