using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Bellwether.Guardrails;

/// <summary>Guards on the way back: leaks and personal data in answers, and the vault of tokens.</summary>
public static class AnswerGuardsFeature
{
    /// <summary>Needs leak detection, state and identity.</summary>
    public static IServiceCollection AddAnswerGuards(this IServiceCollection services)
    {
        services.AddBellwetherOptions<VaultOptions>("Guardrails:Vault");
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<VaultOptions>, VaultOptionsValidator>());
        services.TryAddSingleton<AnswerMeters>();
        services.TryAddSingleton<PersonalDataHash>();
        services.TryAddSingleton<AnswerGuards>();
        services.TryAddSingleton<IAnswerGuards>(static provider => provider.GetRequiredService<AnswerGuards>());
        services.TryAddSingleton<VaultBox>();
        services.TryAddSingleton<VaultStore>();
        services.AddSingleton<ISealedRows>(static provider => provider.GetRequiredService<VaultStore>());
        services.TryAddSingleton<VaultQueue>();
        services.TryAddSingleton<ITokenVault, TokenVault>();
        services.AddHostedService<VaultWriter>();
        services.Configure<JsonOptions>(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, VaultJson.Default));
        return services;
    }

    public static IEndpointRouteBuilder MapAnswerGuards(this IEndpointRouteBuilder routes)
    {
        VaultApi.Map(routes);
        return routes;
    }
}
