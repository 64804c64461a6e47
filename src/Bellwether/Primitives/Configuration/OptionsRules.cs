using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Bellwether.Primitives;

/// <summary>
/// Asks the features' own validators, which would otherwise speak one at a time and as an exception. One that finds fault with a single setting begins with its
/// whole key, "Bellwether:State:ConnectionString is …", and is told with the setting's value and source.
/// </summary>
internal static class OptionsRules
{
    public static IEnumerable<ConfigurationError> Check(
        IConfigurationRoot configuration, IEnumerable<OptionsDeclaration> declarations, IServiceCollection services)
    {
        foreach (var declaration in declarations)
        {
            var seam = typeof(IValidateOptions<>).MakeGenericType(declaration.Type);
            foreach (var type in services.Where(service => service.ServiceType == seam).Select(service => service.ImplementationType).OfType<Type>())
            {
                // One that takes services runs when the host starts.
                if (type.GetConstructor(Type.EmptyTypes) is not { } make)
                {
                    continue;
                }

                var bound = configuration.GetSection(declaration.Path).Get(declaration.Type) ?? Activator.CreateInstance(declaration.Type)!;
                var result = (ValidateOptionsResult)seam.GetMethod("Validate")!.Invoke(make.Invoke(null), [Options.DefaultName, bound])!;
                foreach (var failure in result.Failures ?? [])
                {
                    yield return Told(configuration, declaration.Path, failure);
                }
            }
        }
    }

    private static ConfigurationError Told(IConfigurationRoot configuration, string path, string failure)
    {
        var end = failure.IndexOf(' ', StringComparison.Ordinal);
        var section = configuration.GetSection(failure[..Math.Max(end, 0)]);
        return failure.StartsWith(path + ":", StringComparison.Ordinal) && section.Exists()
            ? new ConfigurationError(section.Path, ConfigurationCheck.Shown(section), new ConfigurationSource(configuration).Of(section.Path), failure[(end + 1)..])
            : new ConfigurationError(path, null, "its values together", failure);
    }
}
