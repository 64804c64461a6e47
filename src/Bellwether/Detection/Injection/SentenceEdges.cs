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
    private bool _opens, _now, _nowAsks, _first, _firstAsks, _last, _lastAsks;

    /// <summary>An order to somebody opens or ends the text.</summary>
    public readonly bool Orders => _first || _last;

    /// <summary>A question opens or ends the text.</summary>
    public readonly bool Asks => _firstAsks || _lastAsks;

    /// <summary>Adds a token; true when it is a verb that opens a sentence or a clause.</summary>
    /// <param name="meant">The concepts of the word.</param>
    public bool Add(ReadOnlySpan<char> word, CharClass kind, bool startsSentence, ulong meant)
    {
        if (startsSentence && _words >= LeastWords)
        {
            End();
        }
        _opens |= startsSentence || (_words == 0 && _sentences == 0);
        if (kind == CharClass.Other)
        {
            foreach (var sign in word)
            {
                _nowAsks |= sign is '?' or '？' or '؟';
            }
            // Behind a colon, a bracket or a quotation mark something begins; behind a comma or a hyphen it goes on.
            _opens |= word[^1] is not (',' or '-' or '\'' or '/' or '_' or '、');
            return false;
        }
        var imperative = _opens && (meant & (ulong)Concept.Verb) != 0;
        _now |= imperative;
        _opens = (meant & (ulong)Concept.Opener) != 0;
        _words++;
        return imperative;
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
