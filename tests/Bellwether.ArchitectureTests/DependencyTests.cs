using ArchUnitNET.Domain;

namespace Bellwether.ArchitectureTests;

/// <summary>Who may use whom (docs/decisions/0001). Each rule has a canary in <see cref="Canaries"/> that breaks it.</summary>
public sealed class DependencyTests
{
    private static readonly string[] Drivers = ["DuckDB.NET", "Microsoft.Data.Sqlite", "Npgsql", "ClickHouse", "StackExchange.Redis"];

    [Fact]
    public void Features_use_only_what_the_table_allows()
    {
        var edges = Assemblies.TypesOf(Assemblies.Product).SelectMany(type => ForbiddenEdges(type)).ToArray();
        Assert.True(edges.Length == 0, string.Join('\n', edges));
    }

    [Fact]
    public void The_table_has_no_cycle()
    {
        foreach (var start in FeatureTable.MayUse.Keys)
        {
            Assert.DoesNotContain(start, Reachable(start));
        }

        static HashSet<string> Reachable(string start)
        {
            var reached = new HashSet<string>();
            var open = new Stack<string>(FeatureTable.MayUse[start]);
            while (open.TryPop(out var next))
            {
                if (reached.Add(next) && FeatureTable.MayUse.TryGetValue(next, out var further))
                {
                    foreach (var feature in further)
                    {
                        open.Push(feature);
                    }
                }
            }
            return reached;
        }
    }

    [Fact]
    public void Every_namespace_of_the_product_is_a_feature_of_the_table() =>
        Assert.Empty(Assemblies.TypesOf(Assemblies.Product)
            .Select(type => Assemblies.Feature(Assemblies.NamespaceOf(type)))
            .Distinct()
            .Except(FeatureTable.Features));

    [Fact]
    public void Drivers_stay_in_storage() =>
        Assert.DoesNotContain(Assemblies.TypesOf(Assemblies.Product).Concat(Assemblies.TypesOf(Assemblies.Dashboard)).Concat(Assemblies.TypesOf(Assemblies.Server)), UsesDriver);

    [Fact]
    public void The_dashboard_never_sees_a_store() =>
        Assert.DoesNotContain(Assemblies.TypesOf(Assemblies.Dashboard), SeesStore);

    [Fact]
    public void Only_the_gateway_and_the_apis_see_the_http_context() =>
        Assert.DoesNotContain(Assemblies.TypesOf(Assemblies.Product), SeesHttpContextWithoutRight);

    [Fact]
    public void The_canaries_are_caught()
    {
        var canaries = Assemblies.TypesOf(typeof(DependencyTests).Assembly).ToDictionary(type => type.Name);
        Assert.NotEmpty(ForbiddenEdges(canaries[nameof(Canaries.PrimitivesUsingTelemetry)], "Primitives"));
        Assert.NotEmpty(ForbiddenEdges(canaries[nameof(Canaries.PricingUsingProviders)], "Pricing"));
        Assert.True(UsesDriver(canaries[nameof(Canaries.FeatureUsingADriver)]));
        Assert.True(SeesStore(canaries[nameof(Canaries.PageUsingTheStore)]));
        Assert.True(SeesHttpContextWithoutRight(canaries[nameof(Canaries.FeatureUsingTheHttpContext)]));
        Assert.False(FeatureTable.Allows("Telemetry", "Gateway"));
    }

    private static IEnumerable<string> ForbiddenEdges(IType type, string? feature = null)
    {
        var from = feature ?? Assemblies.Feature(Assemblies.NamespaceOf(type));
        return type.Dependencies
            .Select(dependency => dependency.Target)
            // The loader takes equally named type parameters of generated methods for one and the same.
            .Where(target => target is not GenericParameter)
            .Where(target => FeatureTable.Features.Contains(Assemblies.Feature(Assemblies.NamespaceOf(target))))
            .Where(target => !FeatureTable.Allows(from, Assemblies.Feature(Assemblies.NamespaceOf(target))))
            .Select(target => $"{type.FullName} ({from}) uses {target.FullName}")
            .Distinct();
    }

    private static bool UsesDriver(IType type) =>
        type.Dependencies.Any(dependency => Array.Exists(Drivers, driver => Assemblies.NamespaceOf(dependency.Target).StartsWith(driver, StringComparison.Ordinal)));

    private static bool SeesStore(IType type) =>
        type.Dependencies.Any(dependency => dependency.Target.FullName == typeof(Telemetry.ITelemetryStore).FullName
            || Assemblies.NamespaceOf(dependency.Target).StartsWith("Bellwether.Storage", StringComparison.Ordinal));

    private static bool SeesHttpContextWithoutRight(IType type) =>
        Assemblies.Feature(Assemblies.NamespaceOf(type)) is not ("Gateway" or "Ingest")
        && !OutermostName(type).EndsWith("Api", StringComparison.Ordinal)
        && !OutermostName(type).EndsWith("Feature", StringComparison.Ordinal)
        && Assemblies.Feature(Assemblies.NamespaceOf(type)) != "Api"
        && type.Dependencies.Any(dependency => dependency.Target.FullName == "Microsoft.AspNetCore.Http.HttpContext");

    // Nested types belong to the type that holds them: Namespace.Outer+Inner.
    private static string OutermostName(IType type) => type.FullName[(Assemblies.NamespaceOf(type).Length + 1)..].Split('+', '/')[0].Split('`')[0];
}
