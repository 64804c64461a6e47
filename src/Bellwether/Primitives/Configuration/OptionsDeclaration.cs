using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Primitives;

/// <summary>A feature's option class and the section it is read from, so that the start can tell a setting from a typing error.</summary>
/// <param name="Section">Below <c>Bellwether</c>, with <c>:</c> between levels; empty for settings directly under it.</param>
public sealed record OptionsDeclaration(string Section, Type Type)
{
    public string Path => Section.Length == 0 ? BellwetherConfiguration.Root : $"{BellwetherConfiguration.Root}:{Section}";
}

public static class OptionsDeclarationExtensions
{
    /// <summary>
    /// Binds a section below <c>Bellwether</c> and declares it. The class's properties are the settings there are; data annotations
    /// and <see cref="System.ComponentModel.DataAnnotations.IValidatableObject"/> are its rules, checked before anything is built, as is
    /// every registered <see cref="Microsoft.Extensions.Options.IValidateOptions{T}"/> that needs no services.
    /// </summary>
    public static IServiceCollection AddBellwetherOptions<T>(this IServiceCollection services, string section) where T : class
    {
        var declaration = new OptionsDeclaration(section, typeof(T));
        if (services.Any(service => declaration.Equals(service.ImplementationInstance)))
        {
            return services;
        }

        services.AddSingleton(declaration);
        services.AddOptions<T>().BindConfiguration(declaration.Path).ValidateOnStart();
        return services;
    }
}
