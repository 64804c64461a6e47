using System.Text;
using Bellwether.Exchange;
using CsCheck;

namespace Bellwether.Tests.Exchange;

/// <summary>R17: whatever is sent, however it is cut: no exception, the same bytes out, the same facts.</summary>
public sealed class AnswerPropertyTests
{
    private static readonly (Dialect Dialect, byte[] Answer)[] Seeds =
    [
        (Dialect.OpenAiChat, Encoding.UTF8.GetBytes(RecordedStreams.Chat)),
        (Dialect.OpenAiChat, Encoding.UTF8.GetBytes(RecordedStreams.Chat.Replace("\n", "\r\n"))),
        (Dialect.OpenAiChat, Encoding.UTF8.GetBytes(RecordedStreams.ChatTools)),
        (Dialect.OpenAiCompletions, Encoding.UTF8.GetBytes(RecordedStreams.Completions)),
        (Dialect.OpenAiResponses, Encoding.UTF8.GetBytes(RecordedStreams.Responses)),
        (Dialect.AnthropicMessages, Encoding.UTF8.GetBytes(RecordedStreams.Anthropic)),
        (Dialect.GeminiGenerate, Encoding.UTF8.GetBytes(RecordedStreams.Gemini)),
        (Dialect.GeminiGenerate, Encoding.UTF8.GetBytes(RecordedStreams.GeminiArray)),
        (Dialect.Opaque, Encoding.UTF8.GetBytes(RecordedStreams.Chat)),
    ];

    // Bytes that mean something to a framer or a JSON reader hit more than random ones.
    private static readonly byte[] Meaningful = [.. "\n\r:\"\\{}[],0u d"u8];
    private static readonly Gen<byte> Byte = Gen.Frequency((3, Gen.Int[0, Meaningful.Length - 1].Select(i => Meaningful[i])), (1, Gen.Byte));

    private static readonly Gen<(int Seed, (int At, int Kind, byte Value)[] Edits, int[] Cuts, bool Drop)> Case =
        Gen.Select(
            Gen.Int[0, Seeds.Length - 1],
            Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 2], Byte).Array[0, 8],
            Gen.Int[0, 10_000].Array[0, 12],
            Gen.Bool);

    [Fact]
    public void Mutated_and_cut_at_random_the_answer_is_the_same() =>
        Case.Sample(
            testCase =>
            {
                var (dialect, seed) = Seeds[testCase.Seed];
                var answer = Mutate(seed, testCase.Edits);
                var cuts = testCase.Cuts.Select(cut => cut % (answer.Length + 1)).Order().ToArray();

                var (whole, passedWhole) = Answers.Stream(dialect, answer, testCase.Drop);
                var (facts, passed) = Answers.Stream(dialect, answer, testCase.Drop, cuts);

                using var plain = AnswerReader.Json(dialect);
                Answers.Feed(plain, answer, cuts, _ => 1);
                return Answers.Describe(whole) == Answers.Describe(facts)
                    && passedWhole.AsSpan().SequenceEqual(passed)
                    && (testCase.Drop || passed.AsSpan().SequenceEqual(answer))
                    && (facts.Output.IsEmpty || !facts.OutputAssembled || IsJson(facts.Output.Span));
            },
            iter: 4000,
            print: testCase => Encoding.UTF8.GetString(Mutate(Seeds[testCase.Seed].Answer, testCase.Edits)) + $" cut at {string.Join(',', testCase.Cuts)}, drop {testCase.Drop}");

    [Fact]
    public void Mutated_requests_are_scanned_or_refused_and_a_splice_leaves_valid_json() =>
        Gen.Select(Gen.Int[0, 3], Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 2], Byte).Array[0, 5]).Sample(
            (dialect, edits) =>
            {
                var body = Mutate("""{"model":"gpt-4o","stream":true,"stream_options":{"include_usage":false,"x":[1]},"messages":[{"role":"system","content":"a\u00e9\ud83d\ude00"},{"role":"user","content":[{"type":"text","text":"b"}]}],"temperature":0.5,"user":"u"}"""u8.ToArray(), edits);
                var scan = RequestScanner.Scan(body, new[] { Dialect.OpenAiChat, Dialect.OpenAiCompletions, Dialect.OpenAiResponses, Dialect.AnthropicMessages }[dialect], out var facts);
                if (!scan.IsOk || facts.UsageSplice is not { } splice)
                {
                    return true;
                }
                byte[] spliced = [.. body[..splice.Offset], .. splice.Bytes.Span, .. body[(splice.Offset + splice.Length)..]];
                return RequestScanner.Scan(spliced, Dialect.OpenAiChat, out var after).IsOk && after.UsageRequested && after.Model == facts.Model;
            },
            iter: 20_000);

    private static byte[] Mutate(byte[] seed, (int At, int Kind, byte Value)[] edits)
    {
        var bytes = seed.ToList();
        foreach (var (at, kind, value) in edits)
        {
            var index = at % bytes.Count;
            switch (kind)
            {
                case 0: bytes[index] = value; break;
                case 1: bytes.Insert(index, value); break;
                default: bytes.RemoveRange(index, Math.Min(bytes.Count - 1 - index, value % 40)); break;
            }
        }
        return [.. bytes];
    }

    private static bool IsJson(ReadOnlySpan<byte> bytes)
    {
        using var document = System.Text.Json.JsonDocument.Parse(bytes.ToArray());
        return document.RootElement.ValueKind == System.Text.Json.JsonValueKind.Object;
    }
}
