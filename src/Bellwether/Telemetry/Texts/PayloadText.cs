using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Bellwether.Telemetry;

/// <summary>
/// The plain text of request and answer bodies: what a person wrote and what a model said, without keys, schemas, ids and
/// images. One pass over the JSON, for every call that is stored; the page that shows a conversation uses the transcript.
/// Bodies are hostile: what cannot be read is left out, and nothing throws.
/// </summary>
internal static class PayloadText
{
    // Text beside schemas and media; "arguments" and "partial_json" are JSON in a string, worth finding too.
    private static readonly string[] TextKeys =
    [
        "content", "text", "input", "prompt", "system", "instructions", "thinking", "reasoning", "reasoning_content",
        "refusal", "name", "arguments", "output", "transcript", "summary", "suffix", "query", "documents",
    ];

    // Objects of the caller's own making, in which every string counts: a tool's input and its result.
    private static readonly string[] FreeKeys = ["input", "args", "response"];
    private static readonly string[] SkippedKeys =
        ["tools", "functions", "response_format", "tool_choice", "metadata", "logprobs", "embedding", "embeddings", "usage", "inlineData", "inline_data", "image_url", "input_audio", "source", "safetySettings", "generationConfig"];

    private static readonly byte[][] TextNames = Utf8(TextKeys);
    private static readonly byte[][] FreeNames = Utf8(FreeKeys);
    private static readonly byte[][] SkippedNames = Utf8(SkippedKeys);

    // Text that another value names: {"role":"user"} says nothing worth searching.
    private const int MaxBadStrings = 16;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_buffer;

    /// <summary>Text and size of one body.</summary>
    /// <param name="Text">Cut at the limit that was asked for.</param>
    /// <param name="Bytes">Of the whole text, as UTF-8.</param>
    /// <param name="TokenIds">Numbers where a text could have been: input that the caller tokenized itself.</param>
    /// <param name="Items">Separate texts.</param>
    public readonly record struct Extract(string Text, long Bytes, int TokenIds, int Items);

    /// <summary>Text of both bodies as UTF-8, which may be broken where theirs is; it lives until the thread's next extract.</summary>
    /// <param name="payload">The bodies.</param>
    /// <param name="maxBytes">Most bytes of text to keep, over both bodies.</param>
    /// <param name="all">Every text, whatever its name, and prose that is no JSON.</param>
    public static ReadOnlySpan<byte> Of(ObservationPayload payload, int maxBytes, bool all)
    {
        var buffer = Buffer();
        var counts = new Counts();
        Read(payload.Input.Span, buffer, maxBytes, all, ref counts);
        Read(payload.Output.Span, buffer, maxBytes, all, ref counts);
        return buffer.WrittenSpan;
    }

    public static Extract Of(ReadOnlySpan<byte> body, int maxBytes)
    {
        var buffer = Buffer();
        var counts = new Counts();
        Read(body, buffer, maxBytes, all: false, ref counts);
        return new(Encoding.UTF8.GetString(buffer.WrittenSpan), counts.Bytes, counts.TokenIds, counts.Items);
    }

    private static ArrayBufferWriter<byte> Buffer()
    {
        var buffer = s_buffer ??= new ArrayBufferWriter<byte>(4096);
        if (buffer.Capacity > 256 * 1024)
        {
            buffer = s_buffer = new ArrayBufferWriter<byte>(4096);
        }
        buffer.ResetWrittenCount();
        return buffer;
    }

    private static void Read(ReadOnlySpan<byte> body, ArrayBufferWriter<byte> into, int maxBytes, bool all, ref Counts counts)
    {
        // Text has a name that says so. Prose, which chains and tools are given, would cost an exception for each body.
        if (body.IndexOfAnyExcept(" \t\r\n"u8) is not (>= 0 and var first))
        {
            return;
        }
        if (body[first] is not ((byte)'{' or (byte)'['))
        {
            if (all)
            {
                AddProse(body[first..], into, maxBytes);
            }
            return;
        }
        // Not the final block: a body that was cut at the capture limit ends quietly instead of with an exception.
        var reader = new Utf8JsonReader(body, isFinalBlock: false, default);
        var isText = all;
        var freeDepth = int.MaxValue;
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName when all:
                        break;
                    case JsonTokenType.PropertyName:
                        var name = reader.ValueSpan;
                        if (reader.CurrentDepth >= freeDepth)
                        {
                            isText = true;
                        }
                        else if (IsOneOf(name, SkippedNames))
                        {
                            if (!reader.TrySkip())
                            {
                                return;
                            }
                        }
                        else
                        {
                            isText = IsOneOf(name, TextNames);
                            // At the top "input" holds messages; further down, what a tool is given.
                            if (reader.CurrentDepth > 1 && IsOneOf(name, FreeNames))
                            {
                                isText = true;
                                freeDepth = reader.CurrentDepth + 1;
                            }
                        }
                        break;
                    case JsonTokenType.EndObject when reader.CurrentDepth < freeDepth:
                        freeDepth = int.MaxValue;
                        break;
                    case JsonTokenType.String when isText:
                        Add(ref reader, into, maxBytes, ref counts);
                        break;
                    case JsonTokenType.Number when isText && freeDepth == int.MaxValue:
                        counts.TokenIds++;
                        break;
                }
            }
            if (isText)
            {
                AddCut(body[(int)reader.BytesConsumed..], into, maxBytes, ref counts);
            }
        }
        catch (JsonException)
        {
            // Not JSON, or broken further on: what stood before counts.
        }
    }

    private static void Add(ref Utf8JsonReader reader, ArrayBufferWriter<byte> into, int maxBytes, ref Counts counts)
    {
        var length = reader.ValueSpan.Length;
        // "data:image/png;base64,…" stands where a text may stand.
        if (length == 0 || reader.ValueSpan.StartsWith("data:"u8))
        {
            return;
        }
        counts.Bytes += length;
        counts.Items++;
        var room = maxBytes - into.WrittenCount - 1;
        if (room <= 0)
        {
            return;
        }
        if (into.WrittenCount > 0)
        {
            into.Write("\n"u8);
        }
        if (!reader.ValueIsEscaped)
        {
            into.Write(length <= room ? reader.ValueSpan : reader.ValueSpan[..room]);
            return;
        }
        try
        {
            var written = reader.CopyString(into.GetSpan(length));
            into.Advance(Math.Min(written, room));
        }
        catch (InvalidOperationException) when (counts.BadStrings++ < MaxBadStrings)
        {
            // Half a surrogate pair or invalid UTF-8: there is no such text.
        }
    }

    // As it stands, a text of JSON with its quotes.
    private static void AddProse(ReadOnlySpan<byte> prose, ArrayBufferWriter<byte> into, int maxBytes)
    {
        var room = maxBytes - into.WrittenCount - 1;
        if (room <= 0)
        {
            return;
        }
        if (into.WrittenCount > 0)
        {
            into.Write("\n"u8);
        }
        into.Write(prose.Length <= room ? prose : prose[..room]);
    }

    // The rest of a body that was cut within a long string: ,"content":"Once upon a
    private static void AddCut(ReadOnlySpan<byte> rest, ArrayBufferWriter<byte> into, int maxBytes, ref Counts counts)
    {
        var open = rest.IndexOf((byte)'"');
        var room = maxBytes - into.WrittenCount - 1;
        if (open < 0 || room <= 0 || rest[(open + 1)..].IndexOf((byte)'"') == 0)
        {
            return;
        }
        var text = rest[(open + 1)..];
        counts.Bytes += text.Length;
        counts.Items++;
        if (into.WrittenCount > 0)
        {
            into.Write("\n"u8);
        }
        into.Write(text.Length <= room ? text : text[..room]);
    }

    private static bool IsOneOf(ReadOnlySpan<byte> name, byte[][] names)
    {
        foreach (var candidate in names)
        {
            if (name.SequenceEqual(candidate))
            {
                return true;
            }
        }
        return false;
    }

    private static byte[][] Utf8(string[] names) => [.. names.Select(Encoding.UTF8.GetBytes)];

    private struct Counts
    {
        public long Bytes;
        public int TokenIds;
        public int Items;
        public int BadStrings;
    }
}
