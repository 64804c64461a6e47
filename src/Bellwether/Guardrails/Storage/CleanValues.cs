using System.IO.Hashing;
using Bellwether.Exchange;

namespace Bellwether.Guardrails;

/// <summary>
/// Values of bodies in which no personal data was found, so that whoever looked at one first spares the others its scan. Long ones, because
/// the turns of a conversation come again with every call; and short ones together with their names, because the same dozen members
/// (<c>"role":"user"</c>) stand in every body. Known by 128 bits of a hash whose seed nobody outside knows; of the values
/// nothing is kept. Bounded and without locks: a torn entry matches no value.
/// </summary>
internal sealed class CleanValues
{
    /// <summary>Bytes, as they stand in the body, from which a value is long: it is known by itself, whatever its name.</summary>
    public const int Shortest = 128;

    private const int LongestName = 17;
    private const int Places = 16_384;
    private const int MemberPlaces = 4_096;

    private readonly UInt128[] _places = new UInt128[Places];
    // Apart, because ids and counts, which never come again, would push the turns of conversations out.
    private readonly UInt128[] _members = new UInt128[MemberPlaces];
    private readonly long _seed = Random.Shared.NextInt64();

    /// <summary>Whether what is called so may be taken out of its place: the name says nothing of what the value is, as <c>passport</c> would.</summary>
    public static bool IsNeutral(ReadOnlySpan<byte> name) => name.Length <= LongestName && (name.IsEmpty
        || name.SequenceEqual("content"u8) || name.SequenceEqual("text"u8) || name.SequenceEqual("parts"u8) || name.SequenceEqual("messages"u8) || name.SequenceEqual("message"u8)
        || name.SequenceEqual("contents"u8) || name.SequenceEqual("input"u8) || name.SequenceEqual("output"u8) || name.SequenceEqual("prompt"u8) || name.SequenceEqual("system"u8)
        || name.SequenceEqual("instructions"u8) || name.SequenceEqual("arguments"u8) || name.SequenceEqual("thinking"u8) || name.SequenceEqual("reasoning_content"u8));

    public UInt128 KeyOf(ReadOnlySpan<byte> value) => XxHash128.HashToUInt128(value, _seed);

    public bool Contains(UInt128 key) => Contains(_places, key);

    public void Add(UInt128 key) => Add(_places, key);

    public bool ContainsMember(UInt128 key) => Contains(_members, key);

    public void AddMember(UInt128 key) => Add(_members, key);

    /// <summary>For parts of a body of which a scan found nothing in any.</summary>
    public void AddAll(ReadOnlySpan<byte> body, ReadOnlySpan<PromptPart> parts)
    {
        foreach (ref readonly var part in parts)
        {
            if (part.End - part.Start >= Shortest)
            {
                Add(KeyOf(body[part.Start..part.End]));
            }
        }
    }

    /// <summary>For the texts of an answer, as <see cref="AnswerTexts"/> reads them, of which a scan found nothing in any.</summary>
    public void AddAll(ReadOnlySpan<byte> body, List<AnswerField> fields)
    {
        foreach (var field in fields)
        {
            if (IsLong(field)) { Add(KeyOf(body[field.Start..field.End])); }
        }
    }

    /// <summary>Whether all texts of an answer are long ones in which nothing was found before, and none goes on in the next.</summary>
    public bool ContainsAll(ReadOnlySpan<byte> body, List<AnswerField> fields)
    {
        var last = default(AnswerLane);
        var any = false;
        foreach (var field in fields)
        {
            if (!AnswerTexts.IsRead(field)) { continue; }
            if (!IsLong(field) || field.Lane == last || !Contains(KeyOf(body[field.Start..field.End]))) { return false; }
            (last, any) = (field.Lane, true);
        }
        return any;
    }

    private static bool IsLong(AnswerField field) =>
        AnswerTexts.IsRead(field) && field.Form is FieldForm.Text or FieldForm.Escaped && field.End - field.Start >= Shortest;

    private static bool Contains(UInt128[] places, UInt128 key)
    {
        var place = Place(places, key);
        return places[place] == key || places[place ^ 1] == key;
    }

    private static void Add(UInt128[] places, UInt128 key)
    {
        if (!Contains(places, key))
        {
            // Which of the two goes is the hash's choice, so that two values that come in turns do not push each other out for ever.
            places[Place(places, key) ^ (int)(key >> 127)] = key;
        }
    }

    private static int Place(UInt128[] places, UInt128 key) => (int)((uint)key & (uint)(places.Length - 1));
}
