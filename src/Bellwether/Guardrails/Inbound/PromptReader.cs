using Bellwether.Exchange;

namespace Bellwether.Guardrails;

/// <summary>
/// Finds the texts of a request in every dialect, with who speaks. One pass over the bytes; nothing is decoded, and nothing is
/// allocated once it has grown. Reused by one thread. The body has passed <see cref="RequestScanner"/>, so that it is valid JSON.
/// </summary>
internal sealed class PromptReader
{
    private const int MostKept = 4_096;

    private PromptPart[] _parts = new PromptPart[64];
    private PromptUnit[] _units = new PromptUnit[32];
    private int _partCount;
    private int _unitCount;
    private bool _closed;
    private int _left;

    public ReadOnlySpan<PromptUnit> Units => _units.AsSpan(0, _unitCount);

    /// <summary>Bytes of text beyond the budget.</summary>
    public int Unread { get; private set; }

    public ReadOnlySpan<PromptPart> PartsOf(in PromptUnit unit) => _parts.AsSpan(unit.FirstPart, unit.PartCount);

    /// <param name="mostBytes">Of text that is taken.</param>
    public void Read(ReadOnlySpan<byte> body, Dialect dialect, int mostBytes)
    {
        if (_parts.Length > MostKept)
        {
            (_parts, _units) = (new PromptPart[64], new PromptUnit[32]);
        }
        (_partCount, _unitCount, _left, Unread, _closed) = (0, 0, mostBytes, 0, true);
        if (dialect != Dialect.Opaque && !body.IsEmpty)
        {
            new PromptWalk(body, dialect, this).Run();
        }
    }

    /// <summary>What follows is another message.</summary>
    public void EndUnit() => _closed = true;

    public void Add(int start, int end, BodyPartKind kind, bool escaped, PromptOrigin origin)
    {
        var length = end - start;
        if (length <= 0)
        {
            return;
        }
        // A part costs more than its bytes, so a million empty ones are a large text too.
        if (length + 16 > _left)
        {
            Unread += length;
            return;
        }
        _left -= length + 16;
        if (_partCount == _parts.Length)
        {
            Array.Resize(ref _parts, _parts.Length * 2);
        }
        if (_closed || _units[_unitCount - 1].Origin != origin)
        {
            if (_unitCount == _units.Length)
            {
                Array.Resize(ref _units, _units.Length * 2);
            }
            _units[_unitCount++] = new PromptUnit(_partCount, 0, 0, origin);
            _closed = false;
        }
        _parts[_partCount++] = new PromptPart(start, end, kind, escaped);
        ref var unit = ref _units[_unitCount - 1];
        unit = unit with { PartCount = unit.PartCount + 1, Bytes = unit.Bytes + length + 2 };
    }
}
