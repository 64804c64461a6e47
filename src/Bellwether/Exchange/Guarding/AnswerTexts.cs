namespace Bellwether.Exchange;

/// <summary>The texts of an answer that went out already, for whoever only looks at them.</summary>
internal static class AnswerTexts
{
    /// <summary>Between texts, so that no word of one counts for the next.</summary>
    private const char Wall = '\u001e';

    [ThreadStatic]
    private static AnswerTextReader? s_reader;

    /// <summary>Reads all texts one after another, but for what the provider says back of the request.</summary>
    /// <param name="dialect">Of the answer; <see cref="Dialect.Opaque"/> for one that was assembled from a stream.</param>
    /// <param name="body">JSON; anything else has no texts.</param>
    /// <param name="into">Must have room for two more characters than the body has bytes.</param>
    /// <param name="fields">Where in the body they are; until this thread reads again.</param>
    /// <returns>UTF-16 units written.</returns>
    public static int Read(Dialect dialect, ReadOnlySpan<byte> body, Span<char> into, out List<AnswerField> fields)
    {
        var reader = s_reader ??= new AnswerTextReader(dialect);
        reader.Dialect = dialect;
        fields = reader.Fields;
        if (!reader.TryRead(body)) { return 0; }
        var count = 0;
        var last = default(AnswerLane);
        foreach (var field in reader.Fields)
        {
            if (!IsRead(field)) { continue; }
            // A name or value has at least two quotes around it, or a comma and a brace: there is room.
            if (count > 0 && (field.Lane != last || (field.Lane.Kind == AnswerTextKind.Input && into[count - 1] != ':'))) { into[count++] = Wall; }
            last = field.Lane;
            count += JsonChars.Decode(body[field.Start..field.End], field.Form is FieldForm.Escaped or FieldForm.EscapedName, into[count..]);
            if (field.Form is FieldForm.Name or FieldForm.EscapedName) { into[count++] = ':'; }
        }
        return count;
    }

    /// <summary>Whether a field is among the texts that <see cref="Read"/> writes.</summary>
    public static bool IsRead(AnswerField field) => field.Form is not (FieldForm.Shadow or FieldForm.ShadowList) && field.Lane.Kind != AnswerTextKind.Echo;
}
