using BenchmarkDotNet.Attributes;
using Bellwether.Detection;

namespace Bellwether.Benchmarks;

/// <summary>What every call pays before it is journalled: one KB without and with personal data, and hostile megabytes.</summary>
[MemoryDiagnoser]
public class PersonalDataBenchmarks
{
    private readonly FindingBuffer _found = new();
    private readonly string _clean = Repeat("The quick brown fox of 1999 jumps over 12 lazy dogs; see section 4.2: it cost $5,000. Then Paris slept. ", 1_024);
    private readonly string _full = Repeat("Patient: Anna Smith, jane@example.com, +1 (415) 555-2671, SSN 536-90-4399, born 1984-07-02. ", 1_024);
    private readonly string _digits = new('1', 1 << 20);
    private readonly string _signs = Repeat("a@", 1 << 20);
    private readonly string _wallets = Repeat("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb ", 1 << 20);
    private readonly string _phones = Repeat("+1 415 555 2671 ", 1 << 20);
    private readonly string _names = Repeat("Anna ", 1 << 20);
    private readonly string _base64 = Repeat("QUJD", 1 << 20);
    private readonly string _labels = Repeat("ssn: ", 1 << 20);
    private readonly string _hidden = Repeat("\u200b1", 1 << 20);

    [Benchmark(Baseline = true)] public int CleanKilobyte() => Scan(_clean);
    [Benchmark] public int KilobyteOfPersonalData() => Scan(_full);
    [Benchmark] public int MegabyteOfDigits() => Scan(_digits);
    [Benchmark] public int MegabyteOfSigns() => Scan(_signs);
    [Benchmark] public int MegabyteOfAlmostWallets() => Scan(_wallets);
    [Benchmark] public int MegabyteOfPhones() => Scan(_phones);
    [Benchmark] public int MegabyteOfNames() => Scan(_names);
    [Benchmark] public int MegabyteOfBase64() => Scan(_base64);
    [Benchmark] public int MegabyteOfLabels() => Scan(_labels);
    [Benchmark] public int MegabyteOfInvisibleSigns() => Scan(_hidden);

    private int Scan(string text)
    {
        PersonalDataScanner.Scan(text, _found);
        return _found.Count;
    }

    private static string Repeat(string unit, int length) => string.Concat(Enumerable.Repeat(unit, (length / unit.Length) + 1))[..length];
}
