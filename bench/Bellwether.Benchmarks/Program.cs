using Bellwether.Benchmarks;
using BenchmarkDotNet.Running;

// dotnet run -c Release --project bench/Bellwether.Benchmarks -- --filter '*' --job short
// dotnet run -c Release --project bench/Bellwether.Benchmarks -- latency      each check by itself: percentiles and memory
// dotnet run -c Release --project bench/Bellwether.Benchmarks -- hostile      megabytes that were made to stall a detector
// dotnet run -c Release --project bench/Bellwether.Benchmarks -- reports ../data     what detectors and validators say of every text, to compare two builds
return args switch
{
    ["latency", .. var rest] => LatencyRun.Run(rest),
    ["hostile", .. var rest] => HostileRun.Run(rest),
    ["reports", .. var rest] => ReportsRun.Run(rest),
    _ => Benchmarks(args),
};

static int Benchmarks(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
    return 0;
}
