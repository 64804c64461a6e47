using System.Text.Json.Nodes;
using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Ingest;

/// <summary>Langfuse's own API, receiving and reading; its OpenTelemetry route is one of <see cref="OtlpFeature"/>.</summary>
public static class LangfuseFeature
{
    /// <summary>Needs telemetry, state and identity.</summary>
    public static IServiceCollection AddLangfuse(this IServiceCollection services)
    {
        services.AddBellwetherOptions<OtlpPorts>("Otlp");
        services.AddMetrics();
        services.TryAddSingleton<LangfuseMeters>();
        services.TryAddSingleton<LangfuseReceiver>();
        services.TryAddSingleton<LangfuseDoor>();
        services.TryAddSingleton<LangfuseHttp>();
        services.TryAddSingleton<StoredBefore>();
        services.TryAddSingleton<LangfuseScoreReads>();
        services.TryAddSingleton<LangfuseSearch>();
        services.TryAddSingleton<LangfuseTraceReads>();
        services.TryAddSingleton<LangfuseStepReads>();
        services.TryAddSingleton<LangfuseSessionReads>();
        services.TryAddSingleton<LangfuseProjectReads>();
        services.TryAddSingleton<LangfusePromptStore>();
        services.TryAddSingleton<LangfusePrompts>();
        services.TryAddSingleton<ClientDocuments>();
        services.TryAddSingleton<LangfuseDatasets>();
        services.TryAddSingleton<LangfuseDatasetRuns>();
        return services;
    }

    public static void MapLangfuse(this IEndpointRouteBuilder routes)
    {
        Map(routes, HttpMethods.Get, "/health", LangfuseHttp.HealthAsync);
        Map(routes, HttpMethods.Post, "/ingestion", static context => context.RequestServices.GetRequiredService<LangfuseHttp>().IngestAsync(context));
        Map(routes, HttpMethods.Post, "/scores", static context => context.RequestServices.GetRequiredService<LangfuseHttp>().ScoreAsync(context));

        Get<LangfuseProjectReads>(routes, "/projects", null, static (projects, call) => projects.ListAsync(call));
        Get<LangfuseTraceReads>(routes, "/traces", Role.Viewer, static (traces, call) => traces.ListAsync(call));
        Get<LangfuseTraceReads>(routes, "/traces/{id}", Role.Viewer, static (traces, call) => traces.GetAsync(call));
        Get<LangfuseStepReads>(routes, "/observations", Role.Viewer, static (steps, call) => steps.ListAsync(call));
        Get<LangfuseStepReads>(routes, "/observations/{id}", Role.Viewer, static (steps, call) => steps.GetAsync(call));
        Get<LangfuseStepReads>(routes, "/v2/observations", Role.Viewer, static (steps, call) => steps.ListV2Async(call));
        Get<LangfuseSessionReads>(routes, "/sessions", Role.Viewer, static (sessions, call) => sessions.ListAsync(call));
        Get<LangfuseSessionReads>(routes, "/sessions/{id}", Role.Viewer, static (sessions, call) => sessions.GetAsync(call));
        foreach (var path in new[] { "/scores", "/v2/scores" })
        {
            Get<LangfuseScoreReads>(routes, path, Role.Viewer, static (scores, call) => scores.ListAsync(call));
            Get<LangfuseScoreReads>(routes, path + "/{id}", Role.Viewer, static (scores, call) => scores.GetAsync(call));
        }
        Get<LangfuseScoreReads>(routes, "/v3/scores", Role.Viewer, static (scores, call) => scores.ListV3Async(call));

        Get<LangfusePrompts>(routes, "/v2/prompts", Role.Viewer, static (prompts, call) => prompts.ListAsync(call));
        Get<LangfusePrompts>(routes, "/v2/prompts/{name}", Role.Viewer, static (prompts, call) => prompts.GetAsync(call));
        Send<LangfusePrompts>(routes, HttpMethods.Post, "/v2/prompts", StatusCodes.Status201Created, static (prompts, call, body) => prompts.CreateAsync(call, body));
        Send<LangfusePrompts>(routes, HttpMethods.Patch, "/v2/prompts/{name}/versions/{version}", StatusCodes.Status200OK, static (prompts, call, body) => prompts.LabelAsync(call, body));
        Map(routes, HttpMethods.Delete, "/v2/prompts/{name}", static context => context.RequestServices.GetRequiredService<LangfuseDoor>().HandleAsync(context, Role.Editor, async (key, now) =>
        {
            await context.RequestServices.GetRequiredService<LangfusePrompts>().DeleteAsync(new LangfuseCall(context, key, now));
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }));
        MapDatasets(routes);
        // A client must not take a refusal of its keys for the answer to what is not there.
        routes.Map("/api/public/{**path}", static context => IngestAnswer.WriteAsync(
            context, StatusCodes.Status404NotFound, new JsonObject { ["message"] = $"{context.Request.Method} {context.Request.Path} is not served here", ["error"] = "LangfuseNotFoundError" }))
            .AllowAnonymous().ExcludeFromDescription();
    }

    private static void MapDatasets(IEndpointRouteBuilder routes)
    {
        foreach (var path in new[] { "/datasets", "/v2/datasets" })
        {
            Get<LangfuseDatasets>(routes, path, Role.Viewer, static (datasets, call) => datasets.ListAsync(call));
            Get<LangfuseDatasets>(routes, path + "/{name}", Role.Viewer, static (datasets, call) => datasets.GetAsync(call));
            Send<LangfuseDatasets>(routes, HttpMethods.Post, path, StatusCodes.Status200OK, static (datasets, call, body) => datasets.CreateAsync(call, body));
        }
        Get<LangfuseDatasets>(routes, "/dataset-items", Role.Viewer, static (datasets, call) => datasets.ItemsAsync(call));
        Get<LangfuseDatasets>(routes, "/dataset-items/{id}", Role.Viewer, static (datasets, call) => datasets.ItemAsync(call));
        Send<LangfuseDatasets>(routes, HttpMethods.Post, "/dataset-items", StatusCodes.Status200OK, static (datasets, call, body) => datasets.WriteItemAsync(call, body));
        Answer<LangfuseDatasets>(routes, HttpMethods.Delete, "/dataset-items/{id}", Role.Editor, static (datasets, call) => datasets.DeleteItemAsync(call));
        Get<LangfuseDatasetRuns>(routes, "/dataset-run-items", Role.Viewer, static (runs, call) => runs.ItemsAsync(call));
        Send<LangfuseDatasetRuns>(routes, HttpMethods.Post, "/dataset-run-items", StatusCodes.Status200OK, static (runs, call, body) => runs.AddAsync(call, body));
        Get<LangfuseDatasetRuns>(routes, "/datasets/{name}/runs", Role.Viewer, static (runs, call) => runs.ListAsync(call));
        Get<LangfuseDatasetRuns>(routes, "/datasets/{name}/runs/{run}", Role.Viewer, static (runs, call) => runs.GetAsync(call));
        Answer<LangfuseDatasetRuns>(routes, HttpMethods.Delete, "/datasets/{name}/runs/{run}", Role.Editor, static (runs, call) => runs.DeleteAsync(call));
    }

    private static void Send<T>(IEndpointRouteBuilder routes, string method, string path, int status, Func<T, LangfuseCall, JsonObject, Task<JsonNode>> handler) where T : notnull =>
        Map(routes, method, path, context => context.RequestServices.GetRequiredService<LangfuseDoor>().HandleAsync(context, Role.Editor, async (key, now) =>
        {
            var body = await LangfuseCall.BodyAsync(context.Request);
            await IngestAnswer.WriteAsync(context, status, await handler(context.RequestServices.GetRequiredService<T>(), new LangfuseCall(context, key, now), body));
        }));

    private static void Get<T>(IEndpointRouteBuilder routes, string path, Role? least, Func<T, LangfuseCall, Task<JsonNode>> handler) where T : notnull =>
        Answer(routes, HttpMethods.Get, path, least, handler);

    private static void Answer<T>(IEndpointRouteBuilder routes, string method, string path, Role? least, Func<T, LangfuseCall, Task<JsonNode>> handler) where T : notnull =>
        Map(routes, method, path, context => context.RequestServices.GetRequiredService<LangfuseDoor>().HandleAsync(context, least, async (key, now) =>
        {
            var answer = await handler(context.RequestServices.GetRequiredService<T>(), new LangfuseCall(context, key, now));
            await IngestAnswer.WriteAsync(context, StatusCodes.Status200OK, answer);
        }));

    // The door checks keys itself: they come as a pair that the API's scheme does not know, and errors have another shape.
    private static void Map(IEndpointRouteBuilder routes, string method, string path, RequestDelegate handler) =>
        routes.MapMethods("/api/public" + path, [method], handler).AllowAnonymous().ExcludeFromDescription();
}
