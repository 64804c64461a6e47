using System.Text;

namespace Bellwether.Ingest;

/// <summary>Finds the items of a request (spans, log records, metrics) where they are, without a list of them: a small body can name millions.</summary>
internal static class OtlpWalk
{
    /// <summary>More than this is no resource but an attack on our memory.</summary>
    private const int MostResourceAttributes = 200;

    /// <summary>How many items there are. What is not a request as a whole is found here, before anything of it is kept.</summary>
    /// <exception cref="OtlpFormatException">The frame around the items is not valid.</exception>
    public static long Count(ReadOnlySpan<byte> body)
    {
        long count = 0;
        var request = new ProtoReader(body, new Slice(0, body.Length));
        while (request.Next())
        {
            if (request.Field != 1)
            {
                continue;
            }
            ReadResource(body, request.Bytes);
            var resource = new ProtoReader(body, request.Bytes);
            while (resource.Next())
            {
                if (resource.Field != 2)
                {
                    continue;
                }
                ReadScopeName(body, resource.Bytes);
                var scope = new ProtoReader(body, resource.Bytes);
                while (scope.Next())
                {
                    count += scope.Field == 2 ? 1 : 0;
                }
            }
        }
        return count;
    }

    public static IEnumerable<OtlpItem> Items(ReadOnlyMemory<byte> body)
    {
        foreach (var resource in Fields(body, new Slice(0, body.Length), 1))
        {
            // Fields may come in any order: the resource first, then what it is the resource of.
            List<AttributeValue>? attributes = null;
            foreach (var scope in Fields(body, resource, 2))
            {
                string? name = null;
                foreach (var item in Fields(body, scope, 2))
                {
                    attributes ??= ReadResource(body.Span, resource);
                    name ??= ReadScopeName(body.Span, scope);
                    yield return new OtlpItem(attributes, name, item);
                }
            }
        }
    }

    private static IEnumerable<Slice> Fields(ReadOnlyMemory<byte> body, Slice message, int field)
    {
        var position = message.Start;
        while (Next(body.Span, message, field, ref position) is { } found)
        {
            yield return found;
        }
    }

    private static Slice? Next(ReadOnlySpan<byte> body, Slice message, int field, ref int position)
    {
        var reader = new ProtoReader(body, new Slice(position, message.End - position));
        while (reader.Next())
        {
            if (reader.Field == field)
            {
                position = reader.Position;
                return reader.Bytes;
            }
        }
        return null;
    }

    private static List<AttributeValue> ReadResource(ReadOnlySpan<byte> body, Slice bytes)
    {
        var resource = new List<AttributeValue>();
        var reader = new ProtoReader(body, bytes);
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                continue;
            }
            var attributes = new ProtoReader(body, reader.Bytes);
            while (attributes.Next())
            {
                if (attributes.Field == 1 && resource.Count < MostResourceAttributes)
                {
                    resource.Add(AttributeValue.Read(body, attributes.Bytes));
                }
            }
        }
        return resource;
    }

    private static string ReadScopeName(ReadOnlySpan<byte> body, Slice bytes)
    {
        var scope = new ProtoReader(body, bytes);
        while (scope.Next())
        {
            if (scope.Field != 1)
            {
                continue;
            }
            var fields = new ProtoReader(body, scope.Bytes);
            while (fields.Next())
            {
                if (fields.Field == 1)
                {
                    return Encoding.UTF8.GetString(fields.Bytes.In(body)[..Math.Min(256, fields.Bytes.Length)]);
                }
            }
        }
        return "";
    }
}

/// <summary>A span, log record or metric, with the resource and scope that it belongs to.</summary>
internal readonly record struct OtlpItem(IReadOnlyList<AttributeValue> Resource, string Scope, Slice Bytes);
