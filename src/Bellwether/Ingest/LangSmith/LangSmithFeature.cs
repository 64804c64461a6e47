using System.Text.Json.Nodes;
using Bellwether.Datasets;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Bellwether.Ingest;

/// <summary>LangSmith's API under every base URL that its clients can be given: receiving runs and feedback, and reading what is there.</summary>
public static class LangSmithFeature
{
    private static readonly string[] s_prefixes = ["", "/api", "/api/v1", LangSmithPaths.Mount];

    /// <summary>Needs telemetry, state, identity and datasets.</summary>
    public static IServiceCollection AddLangSmith(this IServiceCollection services)
    {
        services.AddBellwetherOptions<OtlpPorts>("Otlp");
        services.AddMetrics();
        services.TryAddSingleton<LangSmithMeters>();
        services.AddAttachmentList();
        services.AddBellwetherOptions<AttachmentOptions>("Attachments");
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AttachmentOptions>, AttachmentOptionsValidator>());
        services.TryAddSingleton<AttachmentLinks>();
        services.TryAddSingleton<AttachmentReads>();
        services.TryAddSingleton<RunAttachments>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITelemetryCopies, AttachmentCopies>());
        services.TryAddSingleton<LangSmithReceiver>();
        services.TryAddSingleton<LangSmithHttp>();
        services.TryAddSingleton<ClientDocuments>();
        services.AddStatePolicy<LangSmithProjects>();
        services.TryAddSingleton<LangSmithDoor>();
        services.TryAddSingleton<StoredBefore>();
        services.TryAddSingleton<RunReads>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IExperimentSource, LangSmithExperiments>());
        services.TryAddSingleton<FeedbackReads>();
        services.TryAddSingleton<ProjectsApi>();
        services.TryAddSingleton<DatasetsApi>();
        services.TryAddSingleton<CsvUpload>();
        services.TryAddSingleton<ExampleAttachments>();
        services.TryAddSingleton<ExampleDrafts>();
        services.TryAddSingleton<ExamplesApi>();
        services.TryAddSingleton<QueuesApi>();
        services.TryAddSingleton<PromptsApi>();
        services.TryAddSingleton<FeedbackConfigsApi>();
        services.TryAddSingleton<ComparisonsApi>();
        return services;
    }

    /// <summary>What pages need of attachments. Needs a data folder.</summary>
    public static IServiceCollection AddAttachmentList(this IServiceCollection services)
    {
        services.TryAddSingleton<AttachmentFiles>();
        services.TryAddSingleton(provider => new AttachmentList(provider.GetRequiredService<AttachmentFiles>()));
        return services;
    }

    /// <summary>Before routing: many paths of LangSmith's are also ours.</summary>
    public static IApplicationBuilder UseLangSmith(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (LangSmithPaths.Find(context.Request) is { } path)
        {
            context.Request.Path = path;
        }
        return next(context);
    });

    public static void MapLangSmith(this IEndpointRouteBuilder routes)
    {
        foreach (var prefix in s_prefixes)
        {
            Receive(routes, HttpMethods.Get, prefix + "/info", static (_, context) => LangSmithHttp.InfoAsync(context));
            Receive(routes, HttpMethods.Post, prefix + "/runs/multipart", static (http, context) => http.MultipartAsync(context));
            Receive(routes, HttpMethods.Post, prefix + "/runs/batch", static (http, context) => http.BatchAsync(context));
            Receive(routes, HttpMethods.Post, prefix + "/runs", static (http, context) => http.RunAsync(context, id: null));
            Receive(routes, HttpMethods.Patch, prefix + "/runs/{id}", static (http, context) => http.RunAsync(context, context.GetRouteValue("id") as string ?? ""));
        }
        Receive(routes, HttpMethods.Post, LangSmithPaths.Mount + "/feedback", static (http, context) => http.FeedbackAsync(context));

        // Its address is the key.
        routes.MapGet(LangSmithPaths.Mount + "/attachments/{token}", (HttpContext context, string token) => context.RequestServices.GetRequiredService<AttachmentReads>().AnswerAsync(context, token))
            .AllowAnonymous().ExcludeFromDescription();

        routes.MapGet("/api/v1/observations/{id:guid}/attachments", (HttpContext context, Guid id) => context.RequestServices.GetRequiredService<AttachmentReads>().AnswerAsync(context, id))
            .RequireAuthorization(Policies.Viewer).WithTags("Telemetry").WithSummary("A file that came with an observation")
            .WithDescription("`?name=` says which one. Answered as a download, whatever its sender called its type.");

        Map<RunReads>(routes, "POST", "/runs/query", Role.Viewer, static (runs, call) => runs.QueryAsync(call));
        Map<RunReads>(routes, "POST", "/runs/stats", Role.Viewer, static (runs, call) => runs.StatsAsync(call));
        Map<RunReads>(routes, "GET", "/runs/{id}", Role.Viewer, static (runs, call) => runs.ReadAsync(call));
        Map<RunReads>(routes, "POST", "/api/v2/runs/query", Role.Viewer, static (runs, call) => runs.QueryV2Async(call));
        Map<RunReads>(routes, "POST", "/api/v2/traces/query", Role.Viewer, static (runs, call) => runs.TracesV2Async(call));
        Map<RunReads>(routes, "GET", "/api/v2/runs/{id}", Role.Viewer, static (runs, call) => runs.ReadV2Async(call));
        Map<RunReads>(routes, "GET", "/api/v2/traces/{id}/runs", Role.Viewer, static (runs, call) => runs.TraceV2Async(call));

        Map<FeedbackReads>(routes, "GET", "/feedback", Role.Viewer, static (feedback, call) => feedback.ListAsync(call));
        Map<FeedbackReads>(routes, "GET", "/feedback/{id}", Role.Viewer, static (feedback, call) => feedback.ReadAsync(call));
        Map<FeedbackReads>(routes, "PATCH", "/feedback/{id}", Role.Editor, static (feedback, call) => feedback.ChangeAsync(call));
        Map<FeedbackReads>(routes, "DELETE", "/feedback/{id}", Role.Editor, static (feedback, call) => feedback.DeleteAsync(call));

        Map<ProjectsApi>(routes, "GET", "/sessions", Role.Viewer, static (projects, call) => projects.ListAsync(call));
        Map<ProjectsApi>(routes, "POST", "/sessions", Role.Editor, static (projects, call) => projects.CreateAsync(call));
        Map<ProjectsApi>(routes, "GET", "/sessions/{id}", Role.Viewer, static (projects, call) => projects.ReadAsync(call));
        Map<ProjectsApi>(routes, "PATCH", "/sessions/{id}", Role.Editor, static (projects, call) => projects.ChangeAsync(call));
        Map<ProjectsApi>(routes, "DELETE", "/sessions/{id}", Role.Editor, static (projects, call) => projects.DeleteAsync(call));
        MapDatasets(routes);
        MapDocuments(routes);
        // A client must not take a refusal of its key, or our sign-in page, for the answer to what is not there.
        routes.Map(LangSmithPaths.Mount + "/{**path}", static context => IngestAnswer.WriteAsync(
            context, StatusCodes.Status404NotFound, new JsonObject { ["detail"] = $"{context.Request.Method} {context.Request.Path} is not served here" }))
            .AllowAnonymous().ExcludeFromDescription();
    }

    private static void MapDatasets(IEndpointRouteBuilder routes)
    {
        Map<DatasetsApi>(routes, "GET", "/datasets", Role.Viewer, static (datasets, call) => datasets.ListAsync(call));
        Map<DatasetsApi>(routes, "POST", "/datasets", Role.Editor, static (datasets, call) => datasets.CreateAsync(call));
        Map<CsvUpload>(routes, "POST", "/datasets/upload", Role.Editor, static (upload, call) => upload.UploadAsync(call));
        Map<DatasetsApi>(routes, "GET", "/datasets/{id}", Role.Viewer, static (datasets, call) => datasets.ReadAsync(call));
        Map<DatasetsApi>(routes, "PATCH", "/datasets/{id}", Role.Editor, static (datasets, call) => datasets.ChangeAsync(call));
        Map<DatasetsApi>(routes, "DELETE", "/datasets/{id}", Role.Editor, static (datasets, call) => datasets.DeleteAsync(call));
        Map<DatasetsApi>(routes, "GET", "/datasets/{id}/versions", Role.Viewer, static (datasets, call) => datasets.VersionsAsync(call));
        Map<DatasetsApi>(routes, "GET", "/datasets/{id}/versions/diff", Role.Viewer, static (datasets, call) => datasets.DiffAsync(call));
        Map<DatasetsApi>(routes, "GET", "/datasets/{id}/version", Role.Viewer, static (datasets, call) => datasets.VersionAsync(call));
        Map<DatasetsApi>(routes, "PUT", "/datasets/{id}/tags", Role.Editor, static (datasets, call) => datasets.TagAsync(call));
        Map<DatasetsApi>(routes, "GET", "/datasets/{id}/splits", Role.Viewer, static (datasets, call) => datasets.SplitsAsync(call));
        Map<DatasetsApi>(routes, "PUT", "/datasets/{id}/splits", Role.Editor, static (datasets, call) => datasets.ChangeSplitsAsync(call));
        Map<DatasetsApi>(routes, "PATCH", "/platform/datasets/{id}/examples/metadata", Role.Editor, static (datasets, call) => datasets.EditMetadataAsync(call));

        Map<ComparisonsApi>(routes, "POST", "/datasets/comparative", Role.Editor, static (comparisons, call) => comparisons.CreateAsync(call));
        Map<ComparisonsApi>(routes, "GET", "/datasets/{id}/comparative", Role.Viewer, static (comparisons, call) => comparisons.ListAsync(call));

        Map<ExamplesApi>(routes, "GET", "/examples", Role.Viewer, static (examples, call) => examples.ListAsync(call));
        Map<ExamplesApi>(routes, "POST", "/examples", Role.Editor, static (examples, call) => examples.CreateAsync(call));
        Map<ExamplesApi>(routes, "DELETE", "/examples", Role.Editor, static (examples, call) => examples.DeleteManyAsync(call));
        Map<ExamplesApi>(routes, "POST", "/examples/bulk", Role.Editor, static (examples, call) => examples.CreateManyAsync(call));
        Map<ExamplesApi>(routes, "PATCH", "/examples/bulk", Role.Editor, static (examples, call) => examples.ChangeManyAsync(call));
        Map<ExamplesApi>(routes, "GET", "/examples/{id}", Role.Viewer, static (examples, call) => examples.ReadAsync(call));
        Map<ExamplesApi>(routes, "PATCH", "/examples/{id}", Role.Editor, static (examples, call) => examples.ChangeAsync(call));
        Map<ExamplesApi>(routes, "DELETE", "/examples/{id}", Role.Editor, static (examples, call) => examples.DeleteAsync(call));
        Map<ExamplesApi>(routes, "POST", "/platform/datasets/{id}/examples", Role.Editor, static (examples, call) => examples.UploadAsync(call));
        Map<ExamplesApi>(routes, "PATCH", "/platform/datasets/{id}/examples", Role.Editor, static (examples, call) => examples.UploadChangesAsync(call));
        Map<ExamplesApi>(routes, "POST", "/platform/datasets/examples/delete", Role.Editor, static (examples, call) => examples.DeletePostedAsync(call));
    }

    private static void MapDocuments(IEndpointRouteBuilder routes)
    {
        Map<FeedbackConfigsApi>(routes, "GET", "/feedback-configs", Role.Viewer, static (configs, call) => configs.ListAsync(call));
        Map<FeedbackConfigsApi>(routes, "POST", "/feedback-configs", Role.Editor, static (configs, call) => configs.CreateAsync(call));
        Map<FeedbackConfigsApi>(routes, "PATCH", "/feedback-configs", Role.Editor, static (configs, call) => configs.ChangeAsync(call));
        Map<FeedbackConfigsApi>(routes, "DELETE", "/feedback-configs", Role.Editor, static (configs, call) => configs.DeleteAsync(call));

        Map<QueuesApi>(routes, "GET", "/annotation-queues", Role.Viewer, static (queues, call) => queues.ListAsync(call));
        Map<QueuesApi>(routes, "POST", "/annotation-queues", Role.Editor, static (queues, call) => queues.CreateAsync(call));
        Map<QueuesApi>(routes, "GET", "/annotation-queues/{id}", Role.Viewer, static (queues, call) => queues.ReadAsync(call));
        Map<QueuesApi>(routes, "PATCH", "/annotation-queues/{id}", Role.Editor, static (queues, call) => queues.ChangeAsync(call));
        Map<QueuesApi>(routes, "DELETE", "/annotation-queues/{id}", Role.Editor, static (queues, call) => queues.DeleteAsync(call));
        Map<QueuesApi>(routes, "GET", "/annotation-queues/{id}/size", Role.Viewer, static (queues, call) => queues.SizeAsync(call));
        Map<QueuesApi>(routes, "GET", "/annotation-queues/{id}/run/{index}", Role.Viewer, static (queues, call) => queues.RunAsync(call));
        Map<QueuesApi>(routes, "GET", "/annotation-queues/{id}/runs", Role.Viewer, static (queues, call) => queues.RunsAsync(call));
        Map<QueuesApi>(routes, "POST", "/annotation-queues/{id}/runs", Role.Editor, static (queues, call) => queues.AddRunsAsync(call));
        Map<QueuesApi>(routes, "POST", "/annotation-queues/{id}/runs/by-key", Role.Editor, static (queues, call) => queues.AddRunsAsync(call));
        Map<QueuesApi>(routes, "DELETE", "/annotation-queues/{id}/runs/{run}", Role.Editor, static (queues, call) => queues.RemoveRunAsync(call));

        Map<PromptsApi>(routes, "GET", "/settings", Role.Viewer, static (_, call) => PromptsApi.SettingsAsync(call));
        Map<PromptsApi>(routes, "GET", "/repos", Role.Viewer, static (prompts, call) => prompts.ListAsync(call));
        Map<PromptsApi>(routes, "POST", "/repos", Role.Editor, static (prompts, call) => prompts.CreateAsync(call));
        Map<PromptsApi>(routes, "GET", "/repos/{owner}/{name}", Role.Viewer, static (prompts, call) => prompts.ReadAsync(call));
        Map<PromptsApi>(routes, "PATCH", "/repos/{owner}/{name}", Role.Editor, static (prompts, call) => prompts.ChangeAsync(call));
        Map<PromptsApi>(routes, "DELETE", "/repos/{owner}/{name}", Role.Editor, static (prompts, call) => prompts.DeleteAsync(call));
        Map<PromptsApi>(routes, "POST", "/repos/{owner}/{name}/tags", Role.Editor, static (prompts, call) => prompts.TagAsync(call));
        Map<PromptsApi>(routes, "POST", "/likes/{owner}/{name}", Role.Editor, static (prompts, call) => prompts.LikeAsync(call));
        Map<PromptsApi>(routes, "GET", "/commits/{owner}/{name}", Role.Viewer, static (prompts, call) => prompts.CommitsAsync(call));
        Map<PromptsApi>(routes, "POST", "/commits/{owner}/{name}", Role.Editor, static (prompts, call) => prompts.CreateCommitAsync(call));
        Map<PromptsApi>(routes, "GET", "/commits/{owner}/{name}/{commit}", Role.Viewer, static (prompts, call) => prompts.CommitAsync(call));
    }

    // Keys come in a header that the API's scheme does not know, and errors have another shape: receiver and door check keys themselves.
    private static void Receive(IEndpointRouteBuilder routes, string method, string path, Func<LangSmithHttp, HttpContext, Task> handler) =>
        routes.MapMethods(path, [method], (RequestDelegate)(context => handler(context.RequestServices.GetRequiredService<LangSmithHttp>(), context)))
            .AllowAnonymous().ExcludeFromDescription();

    private static void Map<T>(IEndpointRouteBuilder routes, string method, string path, Role least, Func<T, LangSmithCall, Task<LangSmithAnswer>> handler) where T : class =>
        routes.MapMethods(LangSmithPaths.Mount + path, [method], (RequestDelegate)(context => HandleAsync(context, least, handler))).AllowAnonymous().ExcludeFromDescription();

    private static Task HandleAsync<T>(HttpContext context, Role least, Func<T, LangSmithCall, Task<LangSmithAnswer>> handler) where T : class
    {
        var api = context.RequestServices.GetRequiredService<T>();
        return context.RequestServices.GetRequiredService<LangSmithDoor>().HandleAsync(context, least, call => handler(api, call));
    }
}
