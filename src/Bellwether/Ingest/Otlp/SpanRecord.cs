using System.Text;

namespace Bellwether.Ingest;

/// <summary>One span as the wire has it: places in the body.</summary>
internal struct SpanRecord
{
    public Slice TraceId;
    public Slice SpanId;
    public Slice ParentId;
    public Slice Name;
    public ulong Start;
    public ulong End;
    public bool Failed;
    public Slice StatusMessage;
    public string ExceptionType;
    public string ExceptionMessage;
    public ulong FirstChunk;
    public List<(ulong Time, Slice Event)>? Evaluations;

    public readonly bool HasValidIds(ReadOnlySpan<byte> body) =>
        TraceId.Length == 16 && SpanId.Length == 8 && TraceId.In(body).ContainsAnyExcept((byte)0) && SpanId.In(body).ContainsAnyExcept((byte)0);

    /// <summary>Reads the span and puts its attributes, and those of GenAI events in it, into <paramref name="attributes"/>.</summary>
    public static SpanRecord Read(ReadOnlySpan<byte> body, Slice span, SpanAttributes attributes)
    {
        var record = new SpanRecord { ExceptionType = "", ExceptionMessage = "" };
        attributes.Clear();
        var reader = new ProtoReader(body, span);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: record.TraceId = reader.Bytes; break;
                case 2: record.SpanId = reader.Bytes; break;
                case 4: record.ParentId = reader.Bytes; break;
                case 5: record.Name = reader.Bytes; break;
                case 7: record.Start = reader.Number; break;
                case 8: record.End = reader.Number; break;
                case 9: attributes.Add(reader.Bytes); break;
                case 11: record.ReadEvent(body, reader.Bytes, attributes); break;
                case 15: record.ReadStatus(body, reader.Bytes); break;
            }
        }
        return record;
    }

    private void ReadStatus(ReadOnlySpan<byte> body, Slice status)
    {
        var reader = new ProtoReader(body, status);
        while (reader.Next())
        {
            if (reader.Field == 2)
            {
                StatusMessage = reader.Bytes;
            }
            else if (reader.Field == 3)
            {
                Failed = reader.Number == 2;
            }
        }
    }

    private void ReadEvent(ReadOnlySpan<byte> body, Slice bytes, SpanAttributes attributes)
    {
        Slice name = default;
        ulong time = 0;
        var reader = new ProtoReader(body, bytes);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                time = reader.Number;
            }
            else if (reader.Field == 2)
            {
                name = reader.Bytes;
            }
        }
        var text = name.In(body);
        if (text.SequenceEqual("ai.stream.firstChunk"u8))
        {
            FirstChunk = time;
        }
        else if (text.SequenceEqual("gen_ai.evaluation.result"u8))
        {
            (Evaluations ??= []).Add((time, bytes));
        }
        else if (text.SequenceEqual("exception"u8) || text.SequenceEqual("gen_ai.client.operation.exception"u8))
        {
            ReadException(body, bytes);
        }
        else if (text.SequenceEqual("gen_ai.client.inference.operation.details"u8)
            || text.SequenceEqual("gen_ai.content.prompt"u8) || text.SequenceEqual("gen_ai.content.completion"u8))
        {
            reader = new ProtoReader(body, bytes);
            while (reader.Next())
            {
                if (reader.Field == 3)
                {
                    attributes.Add(reader.Bytes);
                }
            }
        }
        else if (text.StartsWith("gen_ai."u8) && SpanMessage.Of(text) is { } message)
        {
            reader = new ProtoReader(body, bytes);
            while (reader.Next())
            {
                if (reader.Field == 3)
                {
                    message.Members.Add(AttributeValue.Read(body, reader.Bytes));
                }
            }
            attributes.AddMessage(message);
        }
    }

    private void ReadException(ReadOnlySpan<byte> body, Slice bytes)
    {
        var reader = new ProtoReader(body, bytes);
        while (reader.Next())
        {
            if (reader.Field != 3)
            {
                continue;
            }
            var attribute = AttributeValue.Read(body, reader.Bytes);
            if (attribute.Key.In(body).SequenceEqual("exception.type"u8))
            {
                ExceptionType = attribute.Text(body);
            }
            else if (attribute.Key.In(body).SequenceEqual("exception.message"u8))
            {
                ExceptionMessage = attribute.Text(body);
            }
        }
    }

    public static string Hex(ReadOnlySpan<byte> body, Slice id) => Convert.ToHexStringLower(id.In(body));

    public static string Text(ReadOnlySpan<byte> body, Slice text, int most)
    {
        var value = Encoding.UTF8.GetString(text.In(body));
        return value.Length <= most ? value : value[..most];
    }
}
