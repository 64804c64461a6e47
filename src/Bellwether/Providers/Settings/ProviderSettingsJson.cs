using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bellwether.Providers;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, Converters = [typeof(KindNames), typeof(OutcomeNames)])]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(ProviderEntry))]
[JsonSerializable(typeof(ProviderInfo))]
[JsonSerializable(typeof(ProviderListView))]
[JsonSerializable(typeof(ProviderRoute))]
[JsonSerializable(typeof(RouteListView))]
[JsonSerializable(typeof(ProviderTestResult))]
[JsonSerializable(typeof(RotationView))]
internal sealed partial class ProviderSettingsJson : JsonSerializerContext;

/// <summary>Kinds as in the configuration: <c>openai</c>, <c>azureopenai</c>.</summary>
internal sealed class KindNames() : JsonStringEnumConverter<ProviderKind>(new LowerCase(), allowIntegerValues: false)
{
    private sealed class LowerCase : JsonNamingPolicy
    {
        public override string ConvertName(string name) => name.ToLowerInvariant();
    }
}

internal sealed class OutcomeNames() : JsonStringEnumConverter<ProviderTestOutcome>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

internal sealed record ProviderListView(IReadOnlyList<ProviderInfo> Items);

internal sealed record RouteListView(IReadOnlyList<ProviderRoute> Items);

/// <param name="Resealed">How many stored provider keys are now sealed under the new master key.</param>
internal sealed record RotationView(int Resealed);
