using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Ingest;

/// <summary>Phoenix's API: projects, spans, annotations, datasets and experiments. Its spans by OpenTelemetry are <see cref="OtlpFeature"/>'s.</summary>
public static class PhoenixFeature
{
    /// <summary>Needs telemetry, identity, datasets and <see cref="OtlpFeature.AddOtlp"/>.</summary>
    public static IServiceCollection AddPhoenix(this IServiceCollection services)
    {
        services.AddBellwetherOptions<OtlpPorts>("Otlp");
        services.AddMetrics();
        services.TryAddSingleton<PhoenixMeters>();
        services.TryAddSingleton<PhoenixDoor>();
        services.TryAddSingleton<PhoenixProjects>();
        services.TryAddSingleton<PhoenixSpans>();
        services.TryAddSingleton<PhoenixAnnotations>();
        services.TryAddSingleton<PhoenixDatasets>();
        services.TryAddSingleton<PhoenixExperiments>();
        return services;
    }

    public static void MapPhoenix(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/arize_phoenix_version", static () => Results.Text(PhoenixDoor.Version)).AllowAnonymous().ExcludeFromDescription();

        Get<PhoenixProjects>(routes, "/v1/projects", static (projects, call) => projects.ListAsync(call));
        Get<PhoenixProjects>(routes, "/v1/projects/{project}", static (projects, call) => projects.GetAsync(call));
        Post<PhoenixProjects>(routes, "/v1/projects", Role.Editor, static (projects, call) => projects.CreateAsync(call));
        Get<PhoenixSpans>(routes, "/v1/projects/{project}/spans", static (spans, call) => spans.ListAsync(call));
        Post<PhoenixSpans>(routes, "/v1/projects/{project}/spans", null, static (spans, call) => spans.CreateAsync(call));

        foreach (var (target, name) in new[] { (PhoenixTarget.Span, "span"), (PhoenixTarget.Trace, "trace"), (PhoenixTarget.Session, "session") })
        {
            Get<PhoenixAnnotations>(routes, $"/v1/projects/{{project}}/{name}_annotations", (annotations, call) => annotations.ListAsync(call, target));
            Post<PhoenixAnnotations>(routes, $"/v1/{name}_annotations", null, (annotations, call) => annotations.CreateAsync(call, target));
        }
        Post<PhoenixAnnotations>(routes, "/v1/document_annotations", null, static (annotations, call) => annotations.CreateAsync(call, PhoenixTarget.Document));

        Get<PhoenixDatasets>(routes, "/v1/datasets", static (datasets, call) => datasets.ListAsync(call));
        Post<PhoenixDatasets>(routes, "/v1/datasets/upload", Role.Editor, static (datasets, call) => datasets.UploadAsync(call));
        Get<PhoenixDatasets>(routes, "/v1/datasets/{id}", static (datasets, call) => datasets.GetAsync(call));
        Delete<PhoenixDatasets>(routes, "/v1/datasets/{id}", static (datasets, call) => datasets.DeleteAsync(call));
        Get<PhoenixDatasets>(routes, "/v1/datasets/{id}/versions", static (datasets, call) => datasets.VersionsAsync(call));
        Get<PhoenixDatasets>(routes, "/v1/datasets/{id}/examples", static (datasets, call) => datasets.ExamplesAsync(call));

        Get<PhoenixExperiments>(routes, "/v1/datasets/{id}/experiments", static (experiments, call) => experiments.ListAsync(call));
        Post<PhoenixExperiments>(routes, "/v1/datasets/{id}/experiments", Role.Editor, static (experiments, call) => experiments.CreateAsync(call));
        Get<PhoenixExperiments>(routes, "/v1/experiments/{id}", static (experiments, call) => experiments.GetAsync(call));
        Delete<PhoenixExperiments>(routes, "/v1/experiments/{id}", static (experiments, call) => experiments.DeleteAsync(call));
        Get<PhoenixExperiments>(routes, "/v1/experiments/{id}/json", static (experiments, call) => experiments.JsonAsync(call));
        Get<PhoenixExperiments>(routes, "/v1/experiments/{id}/runs", static (experiments, call) => experiments.RunsAsync(call));
        Post<PhoenixExperiments>(routes, "/v1/experiments/{id}/runs", Role.Editor, static (experiments, call) => experiments.AddRunAsync(call));
        Post<PhoenixExperiments>(routes, "/v1/experiment_evaluations", Role.Editor, static (experiments, call) => experiments.EvaluateAsync(call));
    }

    private static void Get<T>(IEndpointRouteBuilder routes, string path, Func<T, PhoenixCall, Task<PhoenixAnswer>> handler) where T : notnull =>
        Map(routes, HttpMethods.Get, path, Role.Viewer, handler);

    private static void Post<T>(IEndpointRouteBuilder routes, string path, Role? least, Func<T, PhoenixCall, Task<PhoenixAnswer>> handler) where T : notnull =>
        Map(routes, HttpMethods.Post, path, least, handler);

    private static void Delete<T>(IEndpointRouteBuilder routes, string path, Func<T, PhoenixCall, Task<PhoenixAnswer>> handler) where T : notnull =>
        Map(routes, HttpMethods.Delete, path, Role.Editor, handler);

    // The door checks keys itself: they come in places that the API's scheme does not know, and errors have another shape.
    private static void Map<T>(IEndpointRouteBuilder routes, string method, string path, Role? least, Func<T, PhoenixCall, Task<PhoenixAnswer>> handler) where T : notnull =>
        routes.MapMethods(path, [method], (RequestDelegate)(context => AnswerAsync(context, least, handler))).AllowAnonymous().ExcludeFromDescription();

    private static Task AnswerAsync<T>(HttpContext context, Role? least, Func<T, PhoenixCall, Task<PhoenixAnswer>> handler) where T : notnull
    {
        var services = context.RequestServices;
        return services.GetRequiredService<PhoenixDoor>().HandleAsync(context, least, call => handler(services.GetRequiredService<T>(), call));
    }
}
