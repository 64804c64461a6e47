using System.Runtime.CompilerServices;

namespace Bellwether.Detection;

/// <summary>
/// What the first and the last sentence of a text are: what is planted in a document stands mostly before or behind it, and is an order
/// or a question where the rest tells something.
/// </summary>
internal struct SentenceEdges
{
    // Shorter sentences ("OK.", "```") are part of what stands beside them.
    private const int LeastWords = 3;

    private int _words, _sentences;
    private bool _opens = true, _now, _nowAsks, _first, _firstAsks, _last, _lastAsks;

    public SentenceEdges()
    {
    }

    /// <summary>An order to somebody opens or ends the text.</summary>
    public readonly bool Orders => _first || _last;

    /// <summary>A question opens or ends the text.</summary>
    public readonly bool Asks => _firstAsks || _lastAsks;

    /// <summary>Adds a run of signs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddSigns(ReadOnlySpan<char> signs, bool startsSentence)
    {
        Start(startsSentence);
        var last = 0u;
        foreach (var sign in signs)
        {
            last = UnitTable.Units[sign];
            _nowAsks |= (last & UnitTable.Asks) != 0;
        }
        // Behind a colon, a bracket or a quotation mark something begins; behind a comma or a hyphen it goes on.
        _opens |= (last & (UnitTable.GoesOn | UnitTable.Joins)) == 0;
    }

    /// <summary>Adds a word; true when it is a verb that opens a sentence or a clause.</summary>
    /// <param name="meant">The concepts of the word.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool AddWord(bool startsSentence, ulong meant)
    {
        Start(startsSentence);
        var imperative = _opens && (meant & (ulong)Concept.Verb) != 0;
        _now |= imperative;
        _opens = (meant & (ulong)Concept.Opener) != 0;
        _words++;
        return imperative;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Start(bool startsSentence)
    {
        if (startsSentence)
        {
            if (_words >= LeastWords)
            {
                End();
            }
            _opens = true;
        }
    }

    public void Finish() => End();

    private void End()
    {
        if (_sentences == 0)
        {
            (_first, _firstAsks) = (_now, _nowAsks);
        }
        if (_words >= LeastWords)
        {
            (_last, _lastAsks) = (_now, _nowAsks);
        }
        _sentences++;
        _words = 0;
        _now = _nowAsks = false;
    }
}
