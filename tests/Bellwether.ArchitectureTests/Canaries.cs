using Bellwether.Primitives;
using Microsoft.AspNetCore.Http;

namespace Bellwether.ArchitectureTests;

/// <summary>Types that break a rule each, so that a rule that has stopped working shows.</summary>
internal static class Canaries
{
    internal sealed class PrimitivesUsingTelemetry
    {
        public Telemetry.Observation? Observation { get; init; }
    }

    internal sealed class PricingUsingProviders
    {
        public Providers.ProviderEndpoint? Provider { get; init; }
    }

    internal sealed class FeatureUsingADriver
    {
        public Microsoft.Data.Sqlite.SqliteConnection? Connection { get; init; }
    }

    internal sealed class PageUsingTheStore
    {
        public Telemetry.ITelemetryStore? Store { get; init; }
    }

    internal sealed class FeatureUsingTheHttpContext
    {
        public HttpContext? Context { get; init; }
        public ProjectId Project { get; init; }
    }
}
