using System.Diagnostics;
using System.Globalization;
using System.Text;
using Bellwether.Detection;

namespace Bellwether.Benchmarks;

/// <summary>
/// <c>-- hostile [passes] [part of a text's name] [detector]</c>: every detector over a million units of every text of <see cref="HostileCorpus"/>. Prints the best and the median in milliseconds per
/// megabyte of UTF-8 and how much longer four times the text takes.
/// </summary>
internal static class HostileRun
{
    private const int Length = 1 << 20;
    private const double Most = 50;

    private static readonly (string Name, ITextDetector Detector, TextChannel Channel)[] s_detectors =
    [
        ("injection", new InjectionDetector(InjectionModel.Shipped), TextChannel.User),
        ("injection, document", new InjectionDetector(InjectionModel.Shipped), TextChannel.Document),
        ("harm", new HarmDetector(HarmModel.Shipped), TextChannel.User),
        ("harm, answer", new HarmDetector(HarmModel.Shipped), TextChannel.Answer),
        ("pii", new PersonalDataDetector(), TextChannel.User),
        ("leak", new LeakDetector(), TextChannel.Answer),
    ];

    public static int Run(string[] args)
    {
        var passes = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        var texts = HostileCorpus.Pieces.Select(piece => (piece.Name, Make: (Func<int, string>)(length => HostileCorpus.Make(piece.Piece, length)))).Append(("all mixed", HostileCorpus.Mixed))
            .Concat(HostileCorpus.Noises.Select(noise => (noise.Name, Make: (Func<int, string>)(length => HostileCorpus.Noise(noise.Kinds, length)))))
            .Where(text => args.Length < 2 || text.Name.Contains(args[1], StringComparison.Ordinal)).ToList();
        foreach (var (_, detector, channel) in s_detectors)
        {
            WarmUp(detector, channel, texts.Select(string (text) => text.Make(2_048)));
        }
        var rows = new List<(string Detector, string Text, double Best, double Median, double Growth)>();
        foreach (var (name, detector, channel) in s_detectors.Where(one => args.Length < 3 || one.Name == args[2]))
        {
            foreach (var (text, make) in texts)
            {
                var quarter = Times(detector, channel, make(Length / 4), passes);
                var whole = make(Length);
                var times = Times(detector, channel, whole, passes);
                var megabytes = Encoding.UTF8.GetByteCount(whole) / (double)Length;
                rows.Add((name, text, times[0] / megabytes, times[passes / 2] / megabytes, times[0] / quarter[0]));
            }
        }
        Console.WriteLine("| detector | text | ms per MB, best | median | four times the text takes |\n|---|---|---|---|---|");
        foreach (var row in rows.GroupBy(row => row.Detector).SelectMany(rows => rows.OrderByDescending(row => row.Median).Take(args.Length > 1 ? 100 : 8)))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {row.Detector} | {row.Text} | {row.Best:0.0} | {row.Median:0.0}{(row.Median > Most ? " (!)" : "")} | {row.Growth:0.0} |"));
        }
        return 0;
    }

    // What runs for the first time is translated in a hurry, and once more when it has run often: neither is what a server does after its first minute.
    private static void WarmUp(ITextDetector detector, TextChannel channel, IEnumerable<string> texts)
    {
        var all = texts.ToList();
        for (var round = 0; round < 12; round++)
        {
            foreach (var text in all)
            {
                for (var check = 0; check < 100 / all.Count + 1; check++) { detector.Check(new DetectorInput(text, channel) { System = HostileCorpus.SystemPrompt }); }
            }
            // Longer than the background compiler waits for calls to end.
            Thread.Sleep(150);
        }
    }

    private static double[] Times(ITextDetector detector, TextChannel channel, string text, int passes)
    {
        var times = new double[passes];
        for (var pass = -1; pass < passes; pass++)
        {
            var start = Stopwatch.GetTimestamp();
            detector.Check(new DetectorInput(text, channel) { System = HostileCorpus.SystemPrompt });
            if (pass >= 0)
            {
                times[pass] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }
        Array.Sort(times);
        return times;
    }
}
