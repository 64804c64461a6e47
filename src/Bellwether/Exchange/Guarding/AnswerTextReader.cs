using System.Text.Json;

namespace Bellwether.Exchange;

/// <summary>
/// Finds every text in an answer or an event of one: those that come in pieces by their lanes, any other as a whole of its own.
/// Only what is known to be no text, such as ids and signatures, is left out, so that a field that is new to us is judged too.
/// </summary>
internal sealed class AnswerTextReader(Dialect dialect)
{
    private const int ShortestWhole = 6;
    private readonly List<AnswerField> _fields = [];
    private int _wholes;
    private int _lastTool;

    /// <summary>May change between two answers.</summary>
    public Dialect Dialect { get; set; } = dialect;

    /// <summary>What <see cref="TryRead"/> found, in the order of the bytes.</summary>
    public List<AnswerField> Fields => _fields;

    /// <summary>Choices that said with what was read that they are over.</summary>
    public List<int> Ended { get; } = [];

    /// <summary>False: it is no JSON, or a text in it is broken, and nothing was found.</summary>
    public bool TryRead(ReadOnlySpan<byte> json)
    {
        _fields.Clear();
        Ended.Clear();
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            Value(json, ref reader, new AnswerPlace(AnswerRole.Root), default);
            // Something behind the value makes it throw.
            return !reader.Read();
        }
        // The second: a name that is half a surrogate pair.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            _fields.Clear();
            Ended.Clear();
            return false;
        }
    }

    private void Value(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, in AnswerPlace place, ReadOnlySpan<byte> name)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject when place.Role is not (AnswerRole.Skip or AnswerRole.Shadow or AnswerRole.ShadowList):
                Members(json, ref reader, AnswerRoles.Object(Dialect, place, ref reader, ref _lastTool, ref _wholes));
                break;
            case JsonTokenType.StartArray when place.Role is not (AnswerRole.Skip or AnswerRole.Shadow or AnswerRole.ShadowList):
                for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
                {
                    Value(json, ref reader, place.Role == AnswerRole.Choices ? place with { Index = index } : place, name);
                }
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (place.Role != AnswerRole.Skip)
                {
                    _fields.Add(new(default, start, (int)reader.BytesConsumed, place.Role == AnswerRole.Shadow ? FieldForm.Shadow : FieldForm.ShadowList));
                }
                break;
            case JsonTokenType.String:
                Text(ref reader, place, name);
                break;
            case JsonTokenType.Number when place.Role == AnswerRole.Input && reader.ValueSpan.Length >= ShortestWhole:
                _fields.Add(new(place.Lane(AnswerTextKind.Input), (int)reader.TokenStartIndex, (int)reader.BytesConsumed, FieldForm.Number));
                break;
        }
    }

    private void Members(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, in AnswerPlace place)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            var child = AnswerRoles.Member(Dialect, place, ref reader);
            if (place.Role == AnswerRole.Input && !name.IsEmpty)
            {
                Add(ref reader, place.Lane(AnswerTextKind.Input), reader.ValueIsEscaped ? FieldForm.EscapedName : FieldForm.Name);
            }
            reader.Read();
            Value(json, ref reader, child, name);
        }
    }

    private void Text(ref Utf8JsonReader reader, in AnswerPlace place, ReadOnlySpan<byte> name)
    {
        if (place.Role == AnswerRole.Finish)
        {
            Ended.Add(place.Choice);
            return;
        }
        if (reader.ValueSpan.IsEmpty || place.Role == AnswerRole.Skip)
        {
            return;
        }
        var form = reader.ValueIsEscaped ? FieldForm.Escaped : FieldForm.Text;
        if (place.Kind() is { } kind)
        {
            Add(ref reader, place.Lane(kind), form);
        }
        else if (reader.ValueSpan.Length >= ShortestWhole && !AnswerRoles.IsStructural(name))
        {
            var whole = place.Role switch { AnswerRole.Echo => AnswerTextKind.Echo, AnswerRole.WholeArguments => AnswerTextKind.WholeArguments, _ => AnswerTextKind.Whole };
            Add(ref reader, new AnswerLane(whole, place.Choice, ++_wholes), form);
        }
    }

    private void Add(ref Utf8JsonReader reader, AnswerLane lane, FieldForm form)
    {
        var start = (int)reader.TokenStartIndex + 1;
        _fields.Add(new(lane, start, start + reader.ValueSpan.Length, form));
    }
}
