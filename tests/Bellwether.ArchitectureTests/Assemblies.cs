using System.Reflection;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace Bellwether.ArchitectureTests;

/// <summary>The product as ArchUnit sees it, loaded once.</summary>
internal static class Assemblies
{
    public static readonly System.Reflection.Assembly Product = typeof(Telemetry.Observation).Assembly;
    public static readonly System.Reflection.Assembly Storage = System.Reflection.Assembly.Load("Bellwether.Storage");
    public static readonly System.Reflection.Assembly Dashboard = System.Reflection.Assembly.Load("Bellwether.Dashboard");
    public static readonly System.Reflection.Assembly Server = System.Reflection.Assembly.Load("bellwether-server");

    private static readonly Lazy<Architecture> Loaded = new(() =>
        new ArchLoader().LoadAssemblies(Product, Storage, Dashboard, Server, typeof(Assemblies).Assembly).Build());

    public static Architecture Architecture => Loaded.Value;

    public static IEnumerable<IType> TypesOf(System.Reflection.Assembly assembly) =>
        Architecture.Types.Where(type => type.Assembly.Name.Split(',')[0] == assembly.GetName().Name && !IsGenerated(type));

    /// <summary>Empty for array, generic parameter and other types that stand in no namespace.</summary>
    public static string NamespaceOf(IType type) => type.Namespace?.FullName ?? "";

    /// <summary>The folder under <c>Bellwether.</c> that a namespace names: <c>Bellwether.Telemetry</c> is <c>Telemetry</c>.</summary>
    public static string Feature(string fullNamespace) =>
        fullNamespace.StartsWith("Bellwether.", StringComparison.Ordinal) ? fullNamespace["Bellwether.".Length..] : "";

    // Source generators and the compiler put their own types beside ours.
    private static bool IsGenerated(IType type) =>
        !NamespaceOf(type).StartsWith("Bellwether", StringComparison.Ordinal) || type.FullName.Contains('<', StringComparison.Ordinal);
}
