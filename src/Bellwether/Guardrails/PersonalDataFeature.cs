using Bellwether.Detection;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Bellwether.Guardrails;

/// <summary>Requirements S3 and L3: personal data and secrets are found here and taken out of what is stored.</summary>
public static class PersonalDataFeature
{
    /// <summary>Needs the state store's master keys. From here on every record passes the filter before the journal.</summary>
    public static IServiceCollection AddPersonalData(this IServiceCollection services)
    {
        services.AddBellwetherOptions<StoragePolicyOptions>("Guardrails:Storage");
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StoragePolicyOptions>, StoragePolicyValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITextDetector, PersonalDataDetector>());
        services.TryAddSingleton<StoragePolicy>();
        services.TryAddSingleton<RedactionMeters>();
        services.TryAddSingleton<CleanValues>();
        services.TryAddSingleton<Redactor>();
        services.TryAddSingleton<IdentifierFilter>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICaptureFilter, StorageFilter>());
        services.Configure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, GuardrailsPersonalDataJson.Default));
        return services;
    }

    public static void MapPersonalData(this IEndpointRouteBuilder routes) => PersonalDataApi.Map(routes);
}
