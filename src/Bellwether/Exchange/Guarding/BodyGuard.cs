using System.Buffers;

namespace Bellwether.Exchange;

/// <summary>Lets a whole answer through its guard.</summary>
public static class BodyGuard
{
    /// <summary>Judges an answer, and rewrites the strings that its guard changes.</summary>
    /// <param name="refusal">Not null: the answer must not be given.</param>
    /// <returns>The same memory when nothing changed.</returns>
    public static ReadOnlyMemory<byte> Judge(Dialect dialect, IAnswerGuard guard, ReadOnlyMemory<byte> body, out Refusal? refusal)
    {
        refusal = null;
        if (body.IsEmpty) { return body; }
        var reader = new AnswerTextReader(dialect);
        var lanes = new GuardedLanes(guard);
        // What is no JSON is a text all the same.
        var fields = reader.TryRead(body.Span) ? reader.Fields : [new AnswerField(new AnswerLane(AnswerTextKind.Text), 0, body.Length, FieldForm.Plain)];
        var placed = lanes.Take(body.Span, fields);
        lanes.Flush();
        refusal = lanes.Cut;
        if (refusal is not null || !FieldWriter.Changes(placed)) { return body; }
        var into = new ArrayBufferWriter<byte>(body.Length + 256);
        FieldWriter.Write(body.Span, 0, placed, into);
        return into.WrittenMemory;
    }
}
