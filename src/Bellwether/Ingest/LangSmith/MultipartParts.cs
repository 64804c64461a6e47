using System.Text;

namespace Bellwether.Ingest;

/// <summary>One part of a multipart body: its name and its bytes, which point into the body.</summary>
/// <param name="FileName">As the client says it; empty when it says none.</param>
/// <param name="Encoding">How the content is compressed; empty for not at all.</param>
internal readonly record struct MultipartPart(string Name, string FileName, string ContentType, string Encoding, ReadOnlyMemory<byte> Content);

/// <summary>
/// Walks the parts of a multipart/form-data body that is in memory. Lengths that clients name (<c>Content-Type: application/json;
/// length=412</c>, a <c>Content-Length</c> of the part) are not believed: the boundary ends a part. RFC 2046 §5.1, RFC 7578.
/// </summary>
internal ref struct MultipartParts
{
    private const int MostHeaderBytes = 16 * 1024;
    private const int MostBoundary = 200;

    private readonly ReadOnlyMemory<byte> _body;
    private readonly byte[] _delimiter;
    private int _at;
    private MultipartPart _current;

    public MultipartParts(ReadOnlyMemory<byte> body, string boundary)
    {
        _body = body;
        _delimiter = Encoding.UTF8.GetBytes("\r\n--" + boundary);
        // The first delimiter may stand at the very start, without a line end before it.
        var first = _delimiter.AsSpan(2);
        if (body.Span.StartsWith(first))
        {
            _at = first.Length;
        }
        else
        {
            var found = body.Span.IndexOf(_delimiter);
            _at = found < 0 ? body.Length : found + _delimiter.Length;
            Broken = found < 0;
        }
    }

    /// <summary>True when the body ended without its closing delimiter or a part had no readable headers.</summary>
    public bool Broken { get; private set; }

    public readonly MultipartPart Current => _current;

    /// <returns>The boundary that a Content-Type names, or null.</returns>
    public static string? Boundary(string? contentType)
    {
        if (contentType is null || !contentType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        var value = Parameter(contentType, "boundary");
        return value is { Length: > 0 and <= MostBoundary } ? value : null;
    }

    public bool MoveNext()
    {
        while (_at < _body.Length)
        {
            var rest = _body.Span[_at..];
            if (rest.StartsWith("--"u8))
            {
                _at = _body.Length;
                return false;
            }
            var end = rest.IndexOf(_delimiter);
            if (end < 0)
            {
                Broken = true;
                _at = _body.Length;
                return false;
            }
            var start = _at;
            _at += end + _delimiter.Length;
            if (Read(start, end))
            {
                return true;
            }
            Broken = true;
        }
        // The closing delimiter, which ends the walk above, is missing.
        Broken = true;
        return false;
    }

    private bool Read(int start, int length)
    {
        var part = _body.Slice(start, length);
        var head = part.Span[..Math.Min(length, MostHeaderBytes)].IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }
        string? name = null;
        var file = "";
        var type = "";
        var encoding = "";
        foreach (var line in Encoding.UTF8.GetString(part.Span[..head]).Split("\r\n"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                continue;
            }
            var value = line[(colon + 1)..].Trim();
            if (line.AsSpan(0, colon).Trim().Equals("Content-Disposition", StringComparison.OrdinalIgnoreCase))
            {
                name = Parameter(value, "name");
                file = Parameter(value, "filename") ?? "";
            }
            else if (line.AsSpan(0, colon).Trim().Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
            {
                type = value;
            }
            else if (line.AsSpan(0, colon).Trim().Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase))
            {
                encoding = value;
            }
        }
        if (string.IsNullOrEmpty(name))
        {
            return false;
        }
        _current = new MultipartPart(name, file, type, encoding, part[(head + 4)..]);
        return true;
    }

    // form-data; name="post.01a20991-….inputs"; filename="blob"
    private static string? Parameter(string header, string name)
    {
        foreach (var piece in header.Split(';'))
        {
            var equals = piece.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && piece.AsSpan(0, equals).Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return piece[(equals + 1)..].Trim().Trim('"');
            }
        }
        return null;
    }
}
