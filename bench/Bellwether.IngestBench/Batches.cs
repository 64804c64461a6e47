using System.IO.Compression;
using System.Text;
using Bellwether.Ingest;
using Microsoft.Win32.SafeHandles;

namespace Bellwether.IngestBench;

/// <summary>Export requests made before anything is measured, gzipped, in a file: what is measured then is the receiver and not the making.</summary>
internal sealed class Batches : IDisposable
{
    public const int Spans = 250;
    private const int SpansOfTrace = 5;
    private const int TextBytes = 2048;

    private static readonly string[] s_words = Words(new Random(7));

    private readonly SafeFileHandle _file;
    private readonly List<(long Offset, int Length)> _places = [];

    private Batches(string path) =>
        _file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);

    public int Count => _places.Count;

    public double MeanBytes => _places.Average(place => place.Length);

    public static Batches Make(string path, int count, DateTimeOffset end, int seed)
    {
        var batches = new Batches(path);
        long offset = 0;
        var random = new Random(seed);
        foreach (var seeds in Enumerable.Range(0, count).Select(_ => random.Next()).Chunk(64))
        {
            foreach (var body in seeds.AsParallel().AsOrdered().Select(each => Gzip(Body(new Random(each), end))))
            {
                RandomAccess.Write(batches._file, body, offset);
                batches._places.Add((offset, body.Length));
                offset += body.Length;
            }
        }
        return batches;
    }

    public byte[] Read(int index)
    {
        var (offset, length) = _places[index];
        var bytes = new byte[length];
        RandomAccess.Read(_file, bytes, offset);
        return bytes;
    }

    public void Dispose() => _file.Dispose();

    /// <summary>One request, as protobuf.</summary>
    public static byte[] Body(Random random, DateTimeOffset end)
    {
        var scope = new ProtoBuffer(1 << 20);
        var name = new ProtoBuffer(64);
        name.Bytes(1, "opentelemetry.instrumentation.openai"u8);
        scope.Bytes(1, name.ToArray());
        var trace = new byte[16];
        var root = new byte[8];
        for (var n = 0; n < Spans; n++)
        {
            var step = n % SpansOfTrace;
            if (step == 0)
            {
                random.NextBytes(trace);
                random.NextBytes(root);
            }
            scope.Bytes(2, Span(random, end, trace, root, step));
        }
        var resource = new ProtoBuffer(256);
        Attribute(resource, 1, "service.name", "shop-assistant");
        Attribute(resource, 1, "telemetry.sdk.language", "python");
        var group = new ProtoBuffer(1 << 20);
        group.Bytes(1, resource.ToArray());
        group.Bytes(2, scope.ToArray());
        var request = new ProtoBuffer(1 << 20);
        request.Bytes(1, group.ToArray());
        return request.ToArray();
    }

    public static byte[] Gzip(byte[] body)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }
        return buffer.ToArray();
    }

    // An agent, two calls of models, a tool and a look-up, each with 2 KB of text.
    private static byte[] Span(Random random, DateTimeOffset end, byte[] trace, byte[] root, int step)
    {
        var id = root;
        if (step > 0)
        {
            id = new byte[8];
            random.NextBytes(id);
        }
        var start = (ulong)(end.AddSeconds(-random.Next(3600)) - DateTimeOffset.UnixEpoch).Ticks * 100;
        var span = new ProtoBuffer(4096);
        span.Bytes(1, trace);
        span.Bytes(2, id);
        if (step > 0)
        {
            span.Bytes(4, root);
        }
        span.Bytes(5, Encoding.UTF8.GetBytes(step switch { 0 => "invoke_agent", 3 => "execute_tool", 4 => "retrieve", _ => "chat gpt-4o" }));
        span.Fixed64(7, start);
        span.Fixed64(8, start + ((ulong)random.Next(50, 5_000) * 1_000_000));
        var (input, output) = (Text(random, TextBytes / 2), Text(random, TextBytes / 2));
        Attribute(span, 9, "gen_ai.conversation.id", "session-" + random.Next(2_000));
        Attribute(span, 9, "enduser.id", "user-" + random.Next(500));
        switch (step)
        {
            case 0:
                Attribute(span, 9, "gen_ai.operation.name", "invoke_agent");
                Attribute(span, 9, "gen_ai.agent.name", "assistant");
                Attribute(span, 9, "input.value", input);
                Attribute(span, 9, "output.value", output);
                break;
            case 3:
                Attribute(span, 9, "gen_ai.operation.name", "execute_tool");
                Attribute(span, 9, "gen_ai.tool.name", "search");
                Attribute(span, 9, "gen_ai.tool.call.arguments", $$"""{"q":"{{input}}"}""");
                Attribute(span, 9, "gen_ai.tool.call.result", output);
                break;
            case 4:
                Attribute(span, 9, "gen_ai.operation.name", "retrieval");
                Attribute(span, 9, "gen_ai.retrieval.query.text", input);
                Attribute(span, 9, "gen_ai.retrieval.documents", $$"""[{"id":"1","content":"{{output}}","score":0.5}]""");
                break;
            default:
                Attribute(span, 9, "gen_ai.operation.name", "chat");
                Attribute(span, 9, "gen_ai.provider.name", "openai");
                Attribute(span, 9, "gen_ai.request.model", "gpt-4o");
                Attribute(span, 9, "gen_ai.response.model", "gpt-4o-2024-08-06");
                Attribute(span, 9, "gen_ai.response.id", "chatcmpl-" + random.NextInt64());
                Attribute(span, 9, "gen_ai.usage.input_tokens", random.Next(100, 2_000).ToString(System.Globalization.CultureInfo.InvariantCulture));
                Attribute(span, 9, "gen_ai.usage.output_tokens", random.Next(10, 500).ToString(System.Globalization.CultureInfo.InvariantCulture));
                Attribute(span, 9, "gen_ai.input.messages", $$"""[{"role":"user","parts":[{"type":"text","content":"{{input}}"}]}]""");
                Attribute(span, 9, "gen_ai.output.messages", $$"""[{"role":"assistant","parts":[{"type":"text","content":"{{output}}"}]}]""");
                break;
        }
        return span.ToArray();
    }

    private static void Attribute(ProtoBuffer owner, int field, string key, string value)
    {
        var any = new ProtoBuffer(value.Length + 16);
        any.Bytes(1, Encoding.UTF8.GetBytes(value));
        var pair = new ProtoBuffer(value.Length + key.Length + 32);
        pair.Bytes(1, Encoding.UTF8.GetBytes(key));
        pair.Bytes(2, any.ToArray());
        owner.Bytes(field, pair.ToArray());
    }

    private static string Text(Random random, int bytes)
    {
        var text = new StringBuilder(bytes + 16);
        while (text.Length < bytes)
        {
            text.Append(s_words[random.Next(s_words.Length)]).Append(' ');
        }
        return text.ToString(0, bytes);
    }

    private static string[] Words(Random random) =>
        [.. Enumerable.Range(0, 3_000).Select(_ => new string([.. Enumerable.Range(0, random.Next(2, 10)).Select(_ => (char)('a' + random.Next(26)))]))];
}
