using System.Globalization;
using System.Text.Json;
using Bellwether.Pricing;

namespace Bellwether.Tests.Pricing;

/// <summary>M3: 150 answers of real providers cost what their providers charge. The data's source and licence are in the README beside it.</summary>
public sealed class UsagesDatasetTests
{
    // The prices of this day: the data was made with the table of 2026-08-21.
    private static readonly DateTimeOffset At = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_case_agrees_to_a_billionth_of_a_dollar()
    {
        var book = new PriceBook();
        var wrong = new List<string>();
        var checkedCases = 0;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Pricing", "Data", "usages.jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            foreach (var expected in root.GetProperty("expected").EnumerateArray())
            {
                var provider = expected.GetProperty("provider").GetString()!;
                var flavor = expected.GetProperty("flavor").GetString()!;
                Assert.True(UsageReader.TryRead(book.Table, book.Table.Provider(provider), flavor, root.GetProperty("response"), out var usage, out _), $"{root.GetProperty("id")} {provider}/{flavor}: no usage");
                var priced = book.Price(provider, root.GetProperty("model").GetString()!, usage, At);
                var input = Amount(expected, "input_usd");
                var output = Amount(expected, "output_usd");
                if (priced is not { } got || Math.Abs(got.Quote.InputUsd - input) >= 1e-9m || Math.Abs(got.Quote.OutputUsd - output) >= 1e-9m)
                {
                    wrong.Add($"{root.GetProperty("id")} {provider}/{flavor}: {priced} instead of {input} + {output}");
                }
                checkedCases++;
            }
        }
        Assert.Empty(wrong);
        Assert.Equal(389, checkedCases);
    }

    private static decimal Amount(JsonElement expected, string name) =>
        expected.TryGetProperty(name, out var amount) && amount.ValueKind == JsonValueKind.String
            ? decimal.Parse(amount.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture)
            : 0;
}
