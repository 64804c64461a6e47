using System.Buffers.Binary;

namespace Bellwether.Quality;

/// <summary>How telling a word is: its inverse document frequency in the training texts; one that is not among the frequent ones has the most.</summary>
internal sealed class WordWeights
{
    /// <summary>Weight of a word that was seldom or never seen.</summary>
    public const float Most = 8;
    /// <summary>Words under this weight are grammar, not content.</summary>
    public const float Content = 2.6f;
    // Signs that a Chinese or Japanese sentence has whatever it is about; their stems are themselves.
    private const float Sign = 1;
    private const string Signs = "的是在了吗呢和我你他她它们这那个一不也就都而与为什么怎样如何可以多少会能请要有没很将把被从到对于用何";
    private readonly Dictionary<uint, float> _weights = [];

    public float Of(uint stem) => _weights.TryGetValue(stem, out var weight) ? weight : Most;

    public bool IsContent(in Word word) => Of(word.Stem) >= Content;

    /// <summary>Reads what <see cref="Write"/> wrote: four bytes of hash and one of weight for each word.</summary>
    public static WordWeights Read(ReadOnlySpan<byte> bytes)
    {
        var weights = new WordWeights();
        for (var i = 0; i + 5 <= bytes.Length; i += 5) { weights._weights[BinaryPrimitives.ReadUInt32LittleEndian(bytes[i..])] = bytes[i + 4] / 25f; }
        return weights;
    }

    /// <summary>What <see cref="Read"/> gives, and that Hiragana and the most frequent Chinese signs are grammar, which no training text tells.</summary>
    public static WordWeights ReadWithSigns(ReadOnlySpan<byte> bytes)
    {
        var weights = Read(bytes);
        for (var sign = '\u3041'; sign <= '\u3096'; sign++) { weights._weights[sign] = Sign; }
        foreach (var sign in Signs) { weights._weights[sign] = Sign; }
        return weights;
    }

    /// <summary>Counts documents and keeps the words of at least a three-hundredth of them.</summary>
    public static byte[] Write(IReadOnlyList<string> documents)
    {
        var counts = new Dictionary<uint, int>();
        var words = new WordList();
        foreach (var document in documents)
        {
            words.Read(document);
            foreach (var stem in words.Words.ToArray().Select(word => word.Stem).Distinct()) { counts[stem] = counts.GetValueOrDefault(stem) + 1; }
        }
        var kept = counts.Where(pair => pair.Value * 300 >= documents.Count).OrderBy(pair => pair.Key).ToArray();
        var bytes = new byte[kept.Length * 5];
        for (var i = 0; i < kept.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(5 * i), kept[i].Key);
            bytes[(5 * i) + 4] = (byte)Math.Clamp(Math.Round(25 * Math.Min(Most, Math.Log((double)documents.Count / kept[i].Value) + 0.5)), 0, 255);
        }
        return bytes;
    }
}
