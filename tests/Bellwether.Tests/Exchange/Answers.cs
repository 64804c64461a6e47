using System.Buffers;
using System.Text;
using Bellwether.Exchange;

namespace Bellwether.Tests.Exchange;

/// <summary>Feeds answers to readers: whole, or cut at given places, one tick of the clock for each chunk.</summary>
internal static class Answers
{
    public static (AnswerFacts Facts, byte[] Passed) Stream(Dialect dialect, byte[] answer, bool drop = false, params int[] cuts)
    {
        using var reader = AnswerReader.Stream(dialect, drop);
        return Feed(reader, answer, cuts, _ => 7);
    }

    public static (AnswerFacts Facts, byte[] Passed) Stream(Dialect dialect, string answer, bool drop = false) =>
        Stream(dialect, Encoding.UTF8.GetBytes(answer), drop);

    public static AnswerFacts Json(Dialect dialect, string answer, int? captureLimit = null)
    {
        using var reader = AnswerReader.Json(dialect, captureLimit);
        return Feed(reader, Encoding.UTF8.GetBytes(answer), [], _ => 7).Facts;
    }

    /// <summary>Chunk by chunk, with the timestamp of each.</summary>
    public static AnswerFacts Timed(Dialect dialect, params (long Timestamp, string Chunk)[] chunks)
    {
        using var reader = AnswerReader.Stream(dialect, dropInjectedUsage: false);
        foreach (var (timestamp, chunk) in chunks)
        {
            reader.Read(Encoding.UTF8.GetBytes(chunk), timestamp, null);
        }
        return reader.Complete();
    }

    public static (AnswerFacts Facts, byte[] Passed) Feed(AnswerReader reader, byte[] answer, int[] cuts, Func<int, long> clock)
    {
        var passed = new ArrayBufferWriter<byte>();
        var from = 0;
        foreach (var cut in cuts.Append(answer.Length))
        {
            reader.Read(answer.AsSpan(from, cut - from), clock(from), passed);
            from = cut;
        }
        reader.FlushHeld(passed);
        return (reader.Complete(), passed.WrittenSpan.ToArray());
    }

    /// <summary>Everything of the facts, with the output as text, so that two can be compared.</summary>
    public static string Describe(AnswerFacts facts) => $"{facts with { Output = default }} {Text(facts)}";

    public static string Text(AnswerFacts facts) => Encoding.UTF8.GetString(facts.Output.Span);

    public static string Sse(params string[] data) => string.Concat(data.Select(item => $"data: {item}\n\n"));
}
