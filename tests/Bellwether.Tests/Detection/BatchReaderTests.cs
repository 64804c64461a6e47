using Bellwether.Detection;

namespace Bellwether.Tests.Detection;

/// <summary>Tokens that are read many at a time, against the same read one by one.</summary>
public sealed class BatchReaderTests
{
    private static readonly string[] s_words =
        ["ignore", "Instructions", "don't", "l’eau", "p4ssw0rd", "1gn0r3", "3.50", "忽略", "以上", "привет", "ignоrе", "ÉTÉ", "ｆｕｌｌ", "𝐢𝐠𝐧", "🙂", "\u200B", "a\u0301", "\uD800", "\uDC00", "\U000E0041", "?!\"", "...", ". ", "; ", "。", "\n", "\r\n", " ", "\0", "'", "'s", "`", "_", "%41", "&#64;"];

    public static TheoryData<int> Seeds => new(Enumerable.Range(0, 40));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void They_are_the_same(int seed)
    {
        var random = new Random(seed);
        var text = string.Concat(Enumerable.Range(0, random.Next(1_500)).Select(_ => random.Next(4) switch
        {
            0 => s_words[random.Next(s_words.Length)],
            1 => ((char)random.Next(seed % 2 == 0 ? 128 : 0x10000)).ToString(),
            2 => new string("a1-'"[random.Next(4)], random.Next(80)),
            _ => string.Create(random.Next(6), random, static (word, random) => { foreach (ref var unit in word) { unit = "etaoin0'"[random.Next(8)]; } }),
        } + (random.Next(3) == 0 ? " " : "")));
        foreach (var reading in Enum.GetValues<Reading>())
        {
            var (expected, expectedSigns) = OneByOne(text, reading);
            var (tokens, signs) = Batches(text, reading);
            Assert.Equal(expected, tokens);
            Assert.Equal(expectedSigns, signs);
        }
    }

    private static (List<string> Tokens, ScanSigns Signs) Batches(string text, Reading reading)
    {
        var tokens = new List<string>();
        var reader = new BatchReader(text, new char[TokenScanner.MaxWord], reading, default);
        var batch = new TokenBatch(new BatchToken[TokenBatch.MostTokens], new int[TokenBatch.MostSlots], new char[TokenBatch.MostChars]);
        while (reader.Next(ref batch))
        {
            var first = 0;
            foreach (var token in batch.Tokens)
            {
                tokens.Add(Shown(batch.Word(token), token.Start, token.End, token.Kind, token.StartsSentence, token.Meant, batch.Slots[first..token.SlotsEnd]));
                first = token.SlotsEnd;
            }
        }
        return (tokens, reader.Signs);
    }

    private static (List<string> Tokens, ScanSigns Signs) OneByOne(string text, Reading reading)
    {
        var tokens = new List<string>();
        var scanner = new TokenScanner(text, new char[TokenScanner.MaxWord], reading);
        var (features, concepts, slots) = (new HashedFeatures(), new ConceptState(), new int[HashedFeatures.MaxPerToken]);
        while (scanner.Next())
        {
            var found = slots[..features.Read(scanner.Folded, slots)];
            tokens.Add(Shown(scanner.Folded, scanner.Start, scanner.End, scanner.Kind, scanner.StartsSentence, ConceptTable.Shared.Read(scanner.Folded, scanner.Kind, ref concepts), found));
        }
        return (tokens, scanner.Signs);
    }

    private static string Shown(ReadOnlySpan<char> word, int start, int end, CharClass kind, bool startsSentence, ulong meant, ReadOnlySpan<int> slots) =>
        $"{word} {start}..{end} {kind} {startsSentence} {meant:x} {string.Join(',', slots.ToArray())}";
}
