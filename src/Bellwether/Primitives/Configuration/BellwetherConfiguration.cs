using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Primitives;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Key">As configured, for example <c>Bellwether:Telemetry:Durability</c>.</param>
/// <param name="Value">As given, <c>***</c> if it may be a secret; null when the key holds no value of its own.</param>
/// <param name="Source">Where it was read: a file, an environment variable, an argument.</param>
public sealed record ConfigurationError(string Key, string? Value, string Source, string Problem)
{
    public override string ToString() => $"{Key}{(Value is null ? "" : $" = \"{Value}\"")} ({Source}): {Problem}";
}

/// <summary>Checks everything below <c>Bellwether</c> before the server is built, so that a wrong setting costs a second and not an evening.</summary>
public static class BellwetherConfiguration
{
    public static readonly string Root = "Bellwether";

    /// <summary>Every error at once, in the order of the keys; empty when the server may start.</summary>
    public static IReadOnlyList<ConfigurationError> Validate(IConfigurationRoot configuration, IServiceCollection services)
    {
        var declarations = services.Select(service => service.ImplementationInstance).OfType<OptionsDeclaration>().ToList();
        var errors = Validate(configuration, declarations);
        return errors.Count > 0 ? errors : [.. OptionsRules.Check(configuration, declarations, services)];
    }

    public static IReadOnlyList<ConfigurationError> Validate(IConfigurationRoot configuration, IEnumerable<OptionsDeclaration> declarations)
    {
        var shape = SettingShape.Of(declarations);
        var errors = new List<ConfigurationError>();
        new ConfigurationCheck(configuration, errors).Check(configuration.GetSection(Root), shape);
        return [.. errors.OrderBy(error => error.Key, StringComparer.Ordinal)];
    }

    /// <summary>What is printed before the process exits with 2.</summary>
    public static string Report(IReadOnlyList<ConfigurationError> errors) =>
        $"Bellwether cannot start: {(errors.Count == 1 ? "one setting is" : $"{errors.Count} settings are")} wrong.\n"
        + string.Concat(errors.Select(error => $"  - {error}\n"));
}
