using System.Text;

namespace Bellwether.Ingest;

/// <summary>Where the items of a request are, with the resource and scope that they belong to.</summary>
internal static class OtlpWalk
{
    /// <summary>More than this is no resource but an attack on our memory.</summary>
    private const int MostResourceAttributes = 200;

    public static List<OtlpGroup> Groups(ReadOnlySpan<byte> body)
    {
        var groups = new List<OtlpGroup>();
        var request = new ProtoReader(body, new Slice(0, body.Length));
        while (request.Next())
        {
            if (request.Field == 1)
            {
                ReadResource(body, request.Bytes, groups);
            }
        }
        return groups;
    }

    private static void ReadResource(ReadOnlySpan<byte> body, Slice bytes, List<OtlpGroup> groups)
    {
        // Fields may come in any order: the resource first, then what it is the resource of.
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
        reader = new ProtoReader(body, bytes);
        while (reader.Next())
        {
            if (reader.Field == 2)
            {
                groups.Add(ReadScope(body, reader.Bytes, resource));
            }
        }
    }

    private static OtlpGroup ReadScope(ReadOnlySpan<byte> body, Slice bytes, List<AttributeValue> resource)
    {
        var scope = "";
        var items = new List<Slice>();
        var reader = new ProtoReader(body, bytes);
        while (reader.Next())
        {
            if (reader.Field == 2)
            {
                items.Add(reader.Bytes);
            }
            else if (reader.Field == 1)
            {
                var fields = new ProtoReader(body, reader.Bytes);
                while (fields.Next())
                {
                    if (fields.Field == 1)
                    {
                        scope = Encoding.UTF8.GetString(fields.Bytes.In(body)[..Math.Min(256, fields.Bytes.Length)]);
                    }
                }
            }
        }
        return new OtlpGroup(resource, scope, items);
    }
}

/// <summary>Spans, log records or metrics of one scope.</summary>
internal sealed record OtlpGroup(List<AttributeValue> Resource, string Scope, List<Slice> Items);
