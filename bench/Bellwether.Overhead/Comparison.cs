using System.Globalization;
using System.Reflection;

namespace Bellwether.Overhead;

/// <summary>Alternates the candidates over the rounds and prints medians as a Markdown table.</summary>
internal static class Comparison
{
    private const string Key = "bw-bench-0123456789abcdef0123456789abcdef";
    private const int Connections = 64;

    public static async Task<int> RunAsync(Settings settings)
    {
        var self = Assembly.GetExecutingAssembly().Location;
        const int upstreamPort = 18080, yarpPort = 18081, bellwetherPort = 18082;
        var upstreamUrl = $"http://127.0.0.1:{upstreamPort}";
        var data = Directory.CreateTempSubdirectory("bellwether-bench-").FullName;

        // The candidate has core 0; upstream and driver share core 1 (bench/overhead.sh pins the driver).
        using var upstream = Candidate.Start("upstream", 1, upstreamPort, self, ["upstream", $"{upstreamPort}"]);
        using var yarp = Candidate.Start("YARP", 0, yarpPort, self, ["yarp", $"{yarpPort}", upstreamUrl]);
        using var bellwether = Candidate.Start("Bellwether", 0, bellwetherPort, settings.Server, ["--urls", $"http://127.0.0.1:{bellwetherPort}"], new()
        {
            ["Bellwether__DataDirectory"] = data,
            ["Bellwether__Bootstrap__ApiKey"] = Key,
            ["Bellwether__Providers__bench__Kind"] = "OpenAi",
            ["Bellwether__Providers__bench__BaseUrl"] = upstreamUrl + "/v1",
            ["Bellwether__Providers__bench__ApiKey"] = "sk-bench",
            ["Bellwether__Telemetry__Durability"] = "fsync",
        }, data);
        var direct = Candidate.Direct(upstreamPort);
        Candidate[] all = [direct, yarp, bellwether];
        await upstream.WaitAsync();
        await yarp.WaitAsync();
        await bellwether.WaitAsync();

        var plain = Caller.Request(Key, 2_000, 0, 0);
        var large = Caller.Request(Key, 64_000, 0, 0);
        var burst = Caller.Request(Key, 2_000, 200, 0);
        var paced = Caller.Request(Key, 2_000, 100, 10);
        var time = TimeSpan.FromSeconds(settings.Seconds);

        foreach (var candidate in all)
        {
            Console.Error.WriteLine($"warming up {candidate.Name}");
            await Load.ClosedAsync(candidate.Port, plain, Connections, TimeSpan.FromMinutes(5), settings.WarmUpCalls);
            await Load.ClosedAsync(candidate.Port, burst, 32, TimeSpan.FromMinutes(2), settings.WarmUpCalls / 60);
        }

        var results = new Results();
        for (var round = 0; round < settings.Rounds; round++)
        {
            foreach (var candidate in all)
            {
                Console.Error.WriteLine($"round {round + 1}/{settings.Rounds}: {candidate.Name}");
                // What the store still has to do after a measurement belongs to that measurement: CPU is read after a pause.
                var cpu = candidate.CpuMs;
                var rate = await Load.ClosedAsync(candidate.Port, plain, Connections, time);
                await SettleAsync(candidate);
                results.Add(candidate.Name, "calls/s", rate);
                results.Add(candidate.Name, "CPU ms per 1,000 calls", (candidate.CpuMs - cpu) / (rate * settings.Seconds / 1_000));

                await AddLatency(candidate, "100/s", plain, 100);
                await AddLatency(candidate, "2,000/s", plain, 2_000);
                await AddLatency(candidate, "64 KB at 100/s", large, 100);

                var streams = await Load.ClosedAsync(candidate.Port, burst, 32, time);
                results.Add(candidate.Name, "tokens/s", streams * 200);
                var oneWay = await Load.StreamsAsync(candidate.Port, paced, 20, time);
                results.Add(candidate.Name, "token one-way p50", oneWay.Quantile(0.5));
                results.Add(candidate.Name, "token one-way p99", oneWay.Quantile(0.99));
            }
        }

        for (var part = 1; part <= 4; part++)
        {
            await Load.ClosedAsync(bellwether.Port, plain, Connections, TimeSpan.FromMinutes(5), settings.MemoryCalls / 4);
            var loaded = bellwether.RssMb;
            await SettleAsync(bellwether);
            // The store's allocator gives back what it freed within a second or two.
            await Task.Delay(3_000);
            results.Memory.Add((settings.MemoryCalls / 4 * part, loaded, bellwether.RssMb));
        }
        results.Add("Bellwether", "peak RSS MB", bellwether.PeakRssMb);
        results.Add("YARP", "RSS MB", yarp.RssMb);
        Console.WriteLine(settings.Rounds > 0 ? results.ToMarkdown(settings) : results.MemoryLine());
        return 0;

        // What was journalled and is not stored yet is work still to do.
        async Task SettleAsync(Candidate candidate)
        {
            await Task.Delay(2_000);
            if (candidate != bellwether)
            {
                return;
            }
            using var client = new HttpClient(new SocketsHttpHandler());
            client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
            var waited = System.Diagnostics.Stopwatch.StartNew();
            while (true)
            {
                using var system = System.Text.Json.JsonDocument.Parse(await client.GetStringAsync($"http://127.0.0.1:{bellwetherPort}/api/v1/system"));
                if (system.RootElement.GetProperty("lag_records").GetInt64() == 0)
                {
                    results.Add(candidate.Name, "settle s", waited.Elapsed.TotalSeconds + 2);
                    return;
                }
                await Task.Delay(100);
            }
        }

        async Task AddLatency(Candidate candidate, string what, byte[] request, int perSecond)
        {
            var latencies = await Load.PacedAsync(candidate.Port, request, perSecond, time);
            results.Add(candidate.Name, $"{what} p50", latencies.Quantile(0.5));
            results.Add(candidate.Name, $"{what} p99", latencies.Quantile(0.99));
        }
    }
}

/// <summary>Values by candidate and measurement, one per round.</summary>
internal sealed class Results
{
    private readonly Dictionary<(string Candidate, string What), List<double>> _values = [];

    /// <summary>Calls made since the rounds ended, and resident megabytes right after the last of them and once everything was stored and quiet.</summary>
    public List<(int Calls, double LoadedMb, double QuietMb)> Memory { get; } = [];

    public void Add(string candidate, string what, double value)
    {
        if (!_values.TryGetValue((candidate, what), out var values))
        {
            _values[(candidate, what)] = values = [];
        }
        values.Add(value);
    }

    public string ToMarkdown(Settings settings)
    {
        var text = new System.Text.StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Medians of {settings.Rounds} alternating rounds; gateway on one core, upstream and driver on the other. Ratios are Bellwether / YARP, round by round.");
        text.AppendLine().AppendLine("| measurement | direct | YARP | Bellwether | x YARP (median [min..max]) | must |").AppendLine("|---|--:|--:|--:|--:|--:|");
        Row("closed loop, 2 KB: calls/s", "calls/s", added: false, "≥ 0.5");
        Row("CPU ms per 1,000 calls, whole process", "CPU ms per 1,000 calls", added: false, "≤ 2.0");
        Row("added p50 at 100/s, µs", "100/s p50", added: true, "≤ 1.5");
        Row("added p99 at 100/s, µs", "100/s p99", added: true, "≤ 1.5");
        Row("added p50 at 2,000/s, µs", "2,000/s p50", added: true, "≤ 1.5");
        Row("added p99 at 2,000/s, µs", "2,000/s p99", added: true, "≤ 1.5");
        Row("64 KB prompt, added p50 at 100/s, µs", "64 KB at 100/s p50", added: true, "≤ 1.5");
        Row("streams, closed loop: tokens/s", "tokens/s", added: false, "≥ 0.6");
        Row("added one-way time per token p50, µs", "token one-way p50", added: true, "");
        Row("added one-way time per token p99, µs", "token one-way p99", added: true, "≤ 2");
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"After a closed loop the store had caught up within {Median("Bellwether", "settle s"):F1} s (median); its CPU is counted.");
        text.AppendLine().AppendLine(MemoryLine());
        return text.ToString();

        void Row(string title, string what, bool added, string must)
        {
            var ratios = new List<double>();
            for (var i = 0; i < settings.Rounds; i++)
            {
                var zero = added ? _values[("direct", what)][i] : 0;
                ratios.Add((_values[("Bellwether", what)][i] - zero) / (_values[("YARP", what)][i] - zero));
            }
            ratios.Sort();
            var direct = Median("direct", what);
            var cells = added ? (Median("YARP", what) - direct, Median("Bellwether", what) - direct) : (Median("YARP", what), Median("Bellwether", what));
            text.AppendLine(CultureInfo.InvariantCulture, $"| {title} | {direct:N0} | {cells.Item1:N0} | {cells.Item2:N0} | {cells.Item2 / cells.Item1:F2} [{ratios[0]:F2}..{ratios[^1]:F2}] | {must} |");
        }
    }

    /// <summary>Resident memory after each part of the calls that follow the rounds.</summary>
    public string MemoryLine() => "Resident memory after further calls, under load and once all is stored and quiet: " + string.Join(", ", Memory.Select(point =>
        string.Create(CultureInfo.InvariantCulture, $"{point.Calls:N0} → {point.LoadedMb:F0} and {point.QuietMb:F0} MB"))) +
        string.Create(CultureInfo.InvariantCulture, $"; the most at any moment {Median("Bellwether", "peak RSS MB"):F0} MB (YARP {Median("YARP", "RSS MB"):F0} MB).");

    private double Median(string candidate, string what)
    {
        var values = _values[(candidate, what)].Order().ToArray();
        return values.Length % 2 == 1 ? values[values.Length / 2] : (values[(values.Length / 2) - 1] + values[values.Length / 2]) / 2;
    }
}
