using System.Buffers;

namespace Bellwether.Exchange;

/// <summary>The texts of one answer that are being judged: gives each piece to the text that it belongs to.</summary>
internal sealed class GuardedLanes(IAnswerGuard guard)
{
    /// <summary>Between the names and values of an object, so that no word of one counts for the next.</summary>
    private const char Wall = '\u001e';

    private readonly Dictionary<AnswerLane, LaneState> _lanes = [];
    // The text of each choice that came last; another one of the same choice means that it does not go on for now.
    private readonly Dictionary<int, LaneState> _latest = [];

    /// <summary>Why the answer must end; null while it may go on.</summary>
    public Refusal? Cut { get; private set; }

    /// <summary>Choices of which something came.</summary>
    public IEnumerable<int> Choices => _latest.Keys;

    /// <summary>Gives the texts of an event, or of a whole answer, to their guards.</summary>
    public FieldWriter.Placed[] Take(ReadOnlySpan<byte> json, List<AnswerField> fields)
    {
        if (fields.Count == 0) { return []; }
        var placed = new FieldWriter.Placed[fields.Count];
        for (var i = 0; i < placed.Length; i++)
        {
            var field = fields[i];
            if (field.Form is FieldForm.Shadow or FieldForm.ShadowList)
            {
                placed[i] = new(field, null, 0, 0);
                continue;
            }
            var lane = Find(field.Lane);
            var start = lane.Length;
            Append(lane, json[field.Start..field.End], field.Form);
            placed[i] = new(field, lane, start, lane.Length);
            if (field.Lane.Kind == AnswerTextKind.Input)
            {
                lane.Append(field.Form is FieldForm.Name or FieldForm.EscapedName ? [':', ' '] : [Wall]);
            }
            Cut ??= lane.Cut;
        }
        foreach (var field in placed)
        {
            if (field.Lane is { Lane.Kind: AnswerTextKind.Input or AnswerTextKind.Whole or AnswerTextKind.WholeArguments or AnswerTextKind.Echo } whole && _lanes.Remove(whole.Lane))
            {
                Flush(whole);
            }
        }
        return placed;
    }

    /// <summary>The texts of a choice, or of all, are over.</summary>
    public void Flush(int? choice = null)
    {
        foreach (var lane in _lanes.Values)
        {
            if (choice is null || lane.Lane.Choice == choice) { Flush(lane); }
        }
    }

    public void Flush(LaneState lane)
    {
        lane.Flush();
        Cut ??= lane.Cut;
    }

    private LaneState Find(AnswerLane key)
    {
        if (!_lanes.TryGetValue(key, out var lane))
        {
            _lanes.Add(key, lane = new LaneState(key, guard.Open(key)));
        }
        if (key.Kind is AnswerTextKind.Text or AnswerTextKind.Reasoning or AnswerTextKind.Refusal or AnswerTextKind.Arguments)
        {
            if (_latest.TryGetValue(key.Choice, out var before) && before != lane) { Flush(before); }
            _latest[key.Choice] = lane;
        }
        return lane;
    }

    private static void Append(LaneState lane, ReadOnlySpan<byte> bytes, FieldForm form)
    {
        var chars = ArrayPool<char>.Shared.Rent(bytes.Length);
        try
        {
            lane.Append(chars.AsSpan(0, JsonChars.Decode(bytes, form is FieldForm.Escaped or FieldForm.EscapedName, chars)));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars, clearArray: true);
        }
    }
}
