using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Bellwether.Primitives;

/// <summary>Asks the features' own validators, which would otherwise speak one at a time and as an exception.</summary>
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
                    yield return new ConfigurationError(declaration.Path, null, "its values together", failure);
                }
            }
        }
    }
}
