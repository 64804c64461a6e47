using System.Buffers;
using System.Text;

namespace Bellwether.Guardrails;

/// <summary>
/// A JSON body as one text: names and values one after another, each value behind its name (<c>ssn: 078-05-1120</c>), so that one walk
/// sees everything and knows what a value is called. Each part knows its bytes. A body that is cut off or no JSON at all is read as
/// far as it goes. Reused by one thread; nothing is allocated once it has grown.
/// </summary>
internal sealed class BodyText
{
    /// <summary>Between values, so that no word beside one counts for the next; the scanner's wall.</summary>
    private const char Wall = '\u001e';
    private const int MostKept = 1 << 20;
    private const int MostNames = 4;
    /// <summary>Digits and signs of a number that may be somebody's.</summary>
    public const int ShortestNumber = 6;
    private static readonly SearchValues<byte> s_starts = SearchValues.Create("\"-0123456789"u8);
    private static readonly SearchValues<byte> s_number = SearchValues.Create("+-.0123456789eE"u8);

    private char[] _chars = [];
    private BodyPart[] _parts = [];
    private int _count;
    private readonly List<UInt128> _unknown = [];
    private readonly List<UInt128> _unknownMembers = [];
    // Names that were read and whose value has not come yet.
    private readonly BodyPart[] _before = new BodyPart[MostNames];
    private int _names;
    // There are more names before the value than are kept: it is read whatever is known.
    private bool _isDeep;

    public int Length { get; private set; }

    public ReadOnlySpan<char> Text => _chars.AsSpan(0, Length);

    public ReadOnlySpan<BodyPart> Parts => _parts.AsSpan(0, _count);

    /// <summary>Whether values were left out that are known to be clean.</summary>
    public bool LeftOut { get; private set; }

    /// <param name="clean">Values that it knows are left out, and the others remembered for <see cref="AddTo"/>; null: everything is read.</param>
    public void Read(ReadOnlySpan<byte> body, CleanValues? clean = null)
    {
        Begin(body.Length);
        LeftOut = false;
        _unknown.Clear();
        _unknownMembers.Clear();
        var first = body.IndexOfAnyExcept(" \t\r\n"u8);
        if (first < 0)
        {
            return;
        }
        if (body[first] is not ((byte)'{' or (byte)'[' or (byte)'"'))
        {
            Add(body, 0, body.Length, BodyPartKind.Plain);
            return;
        }
        (_names, _isDeep) = (0, false);
        for (var at = first; body[at..].IndexOfAny(s_starts) is var offset and >= 0;)
        {
            at += offset;
            if (body[at] != '"')
            {
                var digits = body[at..].IndexOfAnyExcept(s_number) is var stop and >= 0 ? at + stop : body.Length;
                Value(body, new(0, 0, at, digits, BodyPartKind.Number, Escaped: false), clean);
                at = digits;
                continue;
            }
            var start = at + 1;
            var end = StringEnd(body, start, out var escaped);
            at = Math.Min(body.Length, end + 1);
            var next = body[at..].IndexOfAnyExcept(" \t\r\n"u8);
            var isName = next >= 0 && body[at + next] == ':';
            if (isName)
            {
                _isDeep |= _names == MostNames;
                if (_isDeep) { AddNames(body); }
                _before[_names++] = new(0, 0, start, end, BodyPartKind.Name, escaped);
            }
            else
            {
                Value(body, new(0, 0, start, end, BodyPartKind.Text, escaped), clean);
            }
        }
        AddNames(body);
    }

    // A value and the names that stand directly before it. What is long is known by itself wherever its names say nothing of it, what is short together with its names.
    private void Value(ReadOnlySpan<byte> body, in BodyPart value, CleanValues? clean)
    {
        var length = value.ByteEnd - value.ByteStart;
        // A short number is nobody's; its names may be.
        var counts = value.Kind == BodyPartKind.Number ? length >= ShortestNumber : length > 0;
        if (clean is not null && !_isDeep && (counts || _names > 0) && IsKnown(body, value, clean, counts))
        {
            _names = 0;
            _chars[Length++] = Wall;
            LeftOut = true;
            return;
        }
        var named = _names > 0;
        AddNames(body);
        _isDeep = false;
        if (counts)
        {
            AddPart(body, value.ByteStart, value.ByteEnd, value.Kind, value.Escaped);
        }
        else if (named)
        {
            // What a short number is called says nothing of what follows.
            _chars[Length++] = Wall;
        }
    }

    private bool IsKnown(ReadOnlySpan<byte> body, in BodyPart value, CleanValues clean, bool counts)
    {
        if (counts && value.ByteEnd - value.ByteStart >= CleanValues.Shortest)
        {
            return value.Kind == BodyPartKind.Text && _names <= 2 && IsNeutral(body, 1) && IsNeutral(body, 2) && IsClean(clean, body[value.ByteStart..value.ByteEnd]);
        }
        var from = _names > 0 ? _before[0].ByteStart : value.ByteStart;
        var to = counts ? value.ByteEnd : _before[_names - 1].ByteEnd;
        return to - from < CleanValues.Shortest && IsCleanMember(clean, body[from..to], counts);
    }

    private void AddNames(ReadOnlySpan<byte> body)
    {
        foreach (ref readonly var name in _before.AsSpan(0, _names))
        {
            if (name.ByteEnd > name.ByteStart) { AddPart(body, name.ByteStart, name.ByteEnd, BodyPartKind.Name, name.Escaped); }
        }
        _names = 0;
    }

    private bool IsNeutral(ReadOnlySpan<byte> body, int back) =>
        back > _names || CleanValues.IsNeutral(body[_before[_names - back].ByteStart.._before[_names - back].ByteEnd]);

    /// <summary>Remembers the values of which a scan of the text found nothing in any.</summary>
    public void AddTo(CleanValues clean)
    {
        foreach (var key in _unknown) { clean.Add(key); }
        foreach (var key in _unknownMembers) { clean.AddMember(key); }
    }

    /// <summary>Empties it, for parts that are added one by one.</summary>
    /// <param name="bytes">Of all of them with their quotes: a part never has more characters than bytes, and quotes make room for the signs behind it.</param>
    public void Begin(int bytes)
    {
        Length = _count = 0;
        if (_chars.Length < bytes + 8 || (_chars.Length > MostKept && bytes < MostKept / 4))
        {
            _chars = new char[Math.Max(4_096, bytes + 8)];
        }
    }

    /// <summary>Adds a value, or the name of the one that comes next.</summary>
    public void AddPart(ReadOnlySpan<byte> body, int start, int end, BodyPartKind kind, bool escaped)
    {
        Add(body, start, end, kind, escaped);
        if (kind == BodyPartKind.Name)
        {
            _chars[Length++] = ':';
            _chars[Length++] = ' ';
        }
        else
        {
            _chars[Length++] = Wall;
        }
    }

    /// <summary>Puts ends of lines where the walls are, for readers of prose, to whom a wall is a sign of disguise.</summary>
    public void ToLines()
    {
        foreach (ref readonly var part in Parts)
        {
            if (part.Kind != BodyPartKind.Name && part.End < Length) { _chars[part.End] = '\n'; }
        }
    }

    /// <summary>The place of a character of a part among the body's bytes. Places must be asked for in ascending order within a part.</summary>
    /// <param name="from">The place that was asked for before, as character and byte; a part's first to begin with.</param>
    public static (int Char, int Byte) Place(ReadOnlySpan<byte> body, in BodyPart part, (int Char, int Byte) from, int target)
    {
        var (c, b) = from;
        while (c < target && b < part.ByteEnd)
        {
            Unit(body[b..part.ByteEnd], part.Escaped, out var bytes, out var chars, out _, out _);
            b += bytes;
            c += chars;
        }
        return (c, b);
    }

    private bool IsClean(CleanValues clean, ReadOnlySpan<byte> value)
    {
        var key = clean.KeyOf(value);
        if (!clean.Contains(key))
        {
            _unknown.Add(key);
            return false;
        }
        return true;
    }

    private bool IsCleanMember(CleanValues clean, ReadOnlySpan<byte> member, bool hasValue)
    {
        // A name without a value is not a value of the same letters.
        var key = clean.KeyOf(member) + (hasValue ? UInt128.One : UInt128.Zero);
        if (!clean.ContainsMember(key))
        {
            _unknownMembers.Add(key);
            return false;
        }
        return true;
    }

    private static int StringEnd(ReadOnlySpan<byte> body, int start, out bool escaped)
    {
        escaped = false;
        for (var at = start; at < body.Length;)
        {
            var offset = body[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (offset < 0)
            {
                break;
            }
            at += offset;
            if (body[at] == '"')
            {
                return at;
            }
            escaped = true;
            at += 2;
        }
        return body.Length;
    }

    private void Add(ReadOnlySpan<byte> body, int start, int end, BodyPartKind kind, bool escaped = false)
    {
        if (_count == _parts.Length)
        {
            Array.Resize(ref _parts, Math.Max(64, _parts.Length * 2));
        }
        var first = Length;
        for (var at = start; at < end;)
        {
            // All at once up to what is not ASCII, or to the next escape.
            var plain = escaped && body[at..end].IndexOf((byte)'\\') is var escape and >= 0 ? at + escape : end;
            Ascii.ToUtf16(body[at..plain], _chars.AsSpan(Length), out var written);
            at += written;
            Length += written;
            if (at == end)
            {
                break;
            }
            Unit(body[at..end], escaped, out var bytes, out var chars, out var high, out var low);
            _chars[Length] = high;
            if (chars == 2) { _chars[Length + 1] = low; }
            Length += chars;
            at += bytes;
        }
        _parts[_count++] = new BodyPart(first, Length, start, end, kind, escaped);
    }

    // One character of a string: its bytes, and one or two UTF-16 units. What is broken stands for itself.
    private static void Unit(ReadOnlySpan<byte> bytes, bool escaped, out int length, out int chars, out char high, out char low)
    {
        chars = 1;
        low = default;
        var first = bytes[0];
        if (first == '\\' && escaped && bytes.Length > 1)
        {
            if (bytes[1] == 'u' && bytes.Length > 5 && System.Buffers.Text.Utf8Parser.TryParse(bytes.Slice(2, 4), out int unit, out var used, 'x') && used == 4)
            {
                (length, high) = (6, (char)unit);
                return;
            }
            length = 2;
            high = bytes[1] switch { (byte)'n' => '\n', (byte)'r' => '\r', (byte)'t' => '\t', (byte)'b' => '\b', (byte)'f' => '\f', < 128 and not (byte)'u' => (char)bytes[1], _ => '\\' };
            if (high == '\\' && bytes[1] != '\\') { length = 1; }
            return;
        }
        if (first < 128)
        {
            (length, high) = (1, (char)first);
            return;
        }
        Rune.DecodeFromUtf8(bytes, out var rune, out length);
        Span<char> units = stackalloc char[2];
        chars = rune.EncodeToUtf16(units);
        (high, low) = (units[0], units[1]);
    }
}

internal enum BodyPartKind : byte { Plain, Name, Text, Number }

/// <param name="Start">Of its text.</param>
/// <param name="ByteStart">Of its bytes, quotes not among them.</param>
/// <param name="Escaped">Whether there are backslashes in it.</param>
internal readonly record struct BodyPart(int Start, int End, int ByteStart, int ByteEnd, BodyPartKind Kind, bool Escaped);
