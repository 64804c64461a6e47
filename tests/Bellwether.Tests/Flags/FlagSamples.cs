using System.Text.Json;
using Bellwether.Flags;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Tests;

internal static class FlagSamples
{
    public static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    /// <summary>As the API would read it.</summary>
    public static Change<Flag> Read(string body, Flag? former = null) =>
        FlagReader.Read(JsonSerializer.Deserialize(body, FlagJson.Default.FlagBody)!, ProjectId.Default, null, former, "exp-a", Now);

    public static Flag Flag(string body)
    {
        var read = Read(body);
        return read.Value ?? throw new InvalidOperationException(string.Join("; ", read.Errors.Select(error => $"{error.Key} {string.Join(", ", error.Value)}")));
    }

    public static FlagContext Context(string? unit, string attributes = "{}") => new(JsonDocument.Parse(attributes).RootElement, unit);

    public static string Ask(this Flag flag, string? unit, string attributes = "{}") => FlagEvaluator.Evaluate(flag, Context(unit, attributes)).VariantName;
}
