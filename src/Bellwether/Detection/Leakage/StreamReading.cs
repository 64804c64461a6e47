using System.Runtime.InteropServices;

namespace Bellwether.Detection;

/// <summary>
/// An answer that comes in, read in one way: as it stands, or with its escapes decoded. Escapes that it holds itself are read by another one, from the first of
/// them on, so that an answer without escapes is read once.
/// </summary>
internal sealed class StreamReading
{
    private const int MostDepth = 3;
    // Characters before the first escape that are read with what follows: a token may be half escaped.
    private const int Before = 64;

    private readonly PromptIndex _index;
    private readonly int _depth;
    private readonly LeakScan _scan = new();
    // Of all signs, and of letters and digits only.
    private readonly SpacedLetters _spaced = new();
    private readonly SpacedLetters _spacedLetters = new();
    private readonly OpenScan[] _open;
    private readonly EncodedTail _tail;
    // What the next reading did not get yet: the beginning of an escape, and while there is no next reading what that would begin with.
    private readonly List<char> _rest = [];
    private readonly List<int> _restPlaces = [];
    private int _openEscape;
    private char _before;
    private StreamReading? _next;

    public StreamReading(PromptIndex index, int depth)
    {
        (_index, _depth, _tail) = (index, depth, new EncodedTail(index));
        _scan.Begin(index);
        _spaced.Begin(index);
        _spacedLetters.Begin(index);
        _open = [new(_scan, index), new(_spaced.Scan, index), new(_spacedLetters.Scan, index)];
    }

    /// <summary>Compact characters of the longest chain in any reading, with what may still go on.</summary>
    public int Longest { get; private set; }

    public int Covered { get; private set; }

    public bool Canary { get; private set; }

    /// <summary>The first place in the answer that may become part of a leak; <paramref name="none"/> when there is none.</summary>
    public int HeldFrom(int none)
    {
        var from = Math.Min(_open[0].HeldFrom(none), _tail.HeldFrom(none));
        from = _spaced.IsOpen ? Math.Min(from, _open[1].HeldFrom(none)) : from;
        from = _spacedLetters.IsOpen ? Math.Min(from, _open[2].HeldFrom(none)) : from;
        from = _next is { } next ? Math.Min(from, next.HeldFrom(none)) : from;
        return _openEscape < _rest.Count ? Math.Min(from, _restPlaces[_openEscape]) : from;
    }

    /// <param name="places">Where each character of the piece stands in the answer.</param>
    public void Append(ReadOnlySpan<char> piece, ReadOnlySpan<int> places)
    {
        var before = _scan.Text.Length;
        _scan.Append(piece, places);
        _spaced.Append(piece, places);
        _spacedLetters.Append(_scan.Text.Chars[before..], _scan.Text.Sources[before..]);
        _tail.Append(piece, places);
        _rest.AddRange(piece);
        _restPlaces.AddRange(places);
        if (_depth < MostDepth) { PassOn(final: false); }
        Look(final: false);
    }

    /// <summary>The answer is complete.</summary>
    public void Finish()
    {
        if (_depth < MostDepth) { PassOn(final: true); }
        _scan.Finish();
        _spaced.Finish();
        _spacedLetters.Finish();
        _next?.Finish();
        Look(final: true);
    }

    private void Look(bool final)
    {
        _tail.Decode(final);
        (Longest, Covered, Canary) = (Math.Max(_tail.Longest, _next?.Longest ?? 0), Math.Max(_tail.Covered, _next?.Covered ?? 0), _tail.Canary || _next is { Canary: true });
        foreach (var open in _open)
        {
            open.LookForCanary();
            (Longest, Covered, Canary) = (Math.Max(Longest, open.Longest), Math.Max(Covered, open.Covered), Canary || open.Canary);
        }
    }

    private void PassOn(bool final)
    {
        var rest = CollectionsMarshal.AsSpan(_rest);
        if (_next is null)
        {
            // Looked for in what is new; what stands before it has none.
            var first = Escapes.Find(rest[_openEscape..], _openEscape > 0 ? rest[_openEscape - 1] : '\0', final, out var open);
            if (first < 0)
            {
                var gone = Math.Max(0, _openEscape + open - Before);
                Forget(gone);
                _openEscape += open - gone;
                return;
            }
            _next = new StreamReading(_index, _depth + 1);
        }
        var chars = new char[rest.Length];
        var places = new int[rest.Length];
        var (read, count) = Escapes.Decode(rest, _before, final, chars, places);
        foreach (ref var place in places.AsSpan(0, count)) { place = _restPlaces[place]; }
        if (read > 0) { _before = rest[read - 1]; }
        Forget(read);
        _openEscape = 0;
        if (count > 0) { _next.Append(chars.AsSpan(0, count), places.AsSpan(0, count)); }
    }

    private void Forget(int count)
    {
        _rest.RemoveRange(0, count);
        _restPlaces.RemoveRange(0, count);
    }
}
