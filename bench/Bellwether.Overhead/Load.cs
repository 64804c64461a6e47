using System.Diagnostics;

namespace Bellwether.Overhead;

/// <summary>The two ways to load a candidate.</summary>
internal static class Load
{
    /// <summary>Closed loop: each connection calls again as soon as it has its answer. Returns calls per second.</summary>
    public static async Task<double> ClosedAsync(int port, byte[] request, int connections, TimeSpan time, long mostCalls = long.MaxValue)
    {
        var calls = 0L;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            using var caller = await Caller.ConnectAsync(port);
            while (watch.Elapsed < time && Interlocked.Read(ref calls) < mostCalls)
            {
                await caller.CallAsync(request);
                Interlocked.Increment(ref calls);
            }
        }));
        return calls / watch.Elapsed.TotalSeconds;
    }

    /// <summary>A closed loop of 64 connections for a profiler to look at.</summary>
    public static async Task<int> DriveAsync(int port, string key, int seconds, int tokens)
    {
        var rate = await ClosedAsync(port, Caller.Request(key, 2_000, tokens, 0), tokens > 0 ? 32 : 64, TimeSpan.FromSeconds(seconds));
        Console.WriteLine($"{rate:F0} calls/s");
        return 0;
    }

    /// <summary>A fixed rate for a look at latencies alone.</summary>
    public static async Task<int> PaceAsync(int port, string key, int seconds, int perSecond, int characters)
    {
        var latencies = await PacedAsync(port, Caller.Request(key, characters, 0, 0), perSecond, TimeSpan.FromSeconds(seconds));
        Console.WriteLine($"µs: p50 {latencies.Quantile(0.5):F0}, p90 {latencies.Quantile(0.9):F0}, p99 {latencies.Quantile(0.99):F0}, p99.9 {latencies.Quantile(0.999):F0} of {latencies.Count}");
        return 0;
    }

    /// <summary>Fixed rate, spread evenly over the connections. Returns latencies in microseconds, from the moment of sending.</summary>
    public static async Task<Samples> PacedAsync(int port, byte[] request, int perSecond, TimeSpan time)
    {
        var latencies = new Samples();
        var connections = Math.Min(perSecond, 50);
        var interval = TimeSpan.FromSeconds((double)connections / perSecond);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async index =>
        {
            using var caller = await Caller.ConnectAsync(port);
            for (var due = interval * index / connections; due < time; due += interval)
            {
                var wait = due - watch.Elapsed;
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait);
                }
                var sent = Stopwatch.GetTimestamp();
                await caller.CallAsync(request);
                latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMicroseconds);
            }
        }));
        return latencies;
    }

    /// <summary>So many streams side by side, each with tokens at a pace. Returns one-way times per token in microseconds.</summary>
    public static async Task<Samples> StreamsAsync(int port, byte[] request, int streams, TimeSpan time)
    {
        var oneWay = new Samples();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, streams).Select(async _ =>
        {
            using var caller = await Caller.ConnectAsync(port);
            while (watch.Elapsed < time)
            {
                await caller.CallAsync(request, oneWay);
            }
        }));
        return oneWay;
    }
}
