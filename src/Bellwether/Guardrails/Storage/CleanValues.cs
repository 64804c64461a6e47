using System.IO.Hashing;

namespace Bellwether.Guardrails;

/// <summary>
/// Long values of bodies in which no personal data was found: the turns of a conversation come again with every call, and whoever
/// looked at a value first spares the others its scan. Known by 128 bits of a hash whose seed nobody outside knows; of the
/// values nothing is kept. Bounded and without locks: a torn entry matches no value.
/// </summary>
internal sealed class CleanValues
{
    /// <summary>In bytes as they stand in the body. Below it a scan costs no more than a hash.</summary>
    public const int Shortest = 128;

    private const int LongestName = 17;
    private const int Places = 16_384;

    private readonly UInt128[] _places = new UInt128[Places];
    private readonly long _seed = Random.Shared.NextInt64();

    /// <summary>Whether what is called so may be taken out of its place: the name says nothing of what the value is, as <c>passport</c> would.</summary>
    public static bool IsNeutral(ReadOnlySpan<byte> name) => name.Length <= LongestName && (name.IsEmpty
        || name.SequenceEqual("content"u8) || name.SequenceEqual("text"u8) || name.SequenceEqual("parts"u8) || name.SequenceEqual("messages"u8) || name.SequenceEqual("message"u8)
        || name.SequenceEqual("contents"u8) || name.SequenceEqual("input"u8) || name.SequenceEqual("output"u8) || name.SequenceEqual("prompt"u8) || name.SequenceEqual("system"u8)
        || name.SequenceEqual("instructions"u8) || name.SequenceEqual("arguments"u8) || name.SequenceEqual("thinking"u8) || name.SequenceEqual("reasoning_content"u8));

    public UInt128 KeyOf(ReadOnlySpan<byte> value) => XxHash128.HashToUInt128(value, _seed);

    public bool Contains(UInt128 key) => _places[Place(key)] == key || _places[Place(key) ^ 1] == key;

    public void Add(UInt128 key)
    {
        if (!Contains(key))
        {
            // Which of the two goes is the hash's choice, so that two values that come in turns do not push each other out for ever.
            _places[Place(key) ^ (int)(key >> 127)] = key;
        }
    }

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

    private static int Place(UInt128 key) => (int)((uint)key & (Places - 1));
}
