using System.Globalization;
using Bellwether.Datasets;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary>
/// Addresses of pages that LangSmith's and Langfuse's clients print. A browser that follows one comes to our page of the same thing; what does
/// not exist, or not for whoever looks, is not found.
/// </summary>
internal sealed class UiLinks(Projects all, LangSmithProjects projects, DatasetStore datasets, TelemetryReader reader)
{
    /// <summary><c>/o/{tenant}/projects/p/{id}</c>: the traces of a project, or the experiment that it is.</summary>
    public IResult Project(HttpContext context) =>
        Tenant(context) is { } project && Id(context, "id") is { } id && projects.Find(project, id) is { } found
            ? To(DatasetOf(found) is { } dataset ? $"{Page(project)}/experiments/{dataset}?a={id}" : $"{Page(project)}/traces?single=1&q={Uri.EscapeDataString(FilterSyntax.Write(Filter.Eq("endpoint", found.Name)))}")
            : NotFound();

    /// <summary><c>/o/{tenant}/projects/p/{id}/r/{run}</c></summary>
    public async Task<IResult> RunAsync(HttpContext context) =>
        Tenant(context) is { } project && Id(context, "run") is { } id && await reader.ReadAsync(project, id, context.RequestAborted) is { Observation: { } run }
            ? To(run.TraceId.Length > 0 ? $"{Page(project)}/traces/{Uri.EscapeDataString(run.TraceId)}?step={id}" : $"{Page(project)}/requests/{id}")
            : NotFound();

    /// <summary><c>/o/{tenant}/datasets/{id}</c></summary>
    public async Task<IResult> DatasetAsync(HttpContext context) =>
        await DatasetPageAsync(context) is { } page ? To(page) : NotFound();

    /// <summary><c>/o/{tenant}/datasets/{id}/compare?selectedSessions=…,…</c>: one experiment, or two of them side by side.</summary>
    public async Task<IResult> CompareAsync(HttpContext context)
    {
        if (await DatasetPageAsync(context) is not { } page || Tenant(context) is not { } project)
        {
            return NotFound();
        }
        var named = context.Request.Query["selectedSessions"].SelectMany(text => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)).Distinct().ToList();
        var experiments = named.Select(text => Guid.TryParse(text, CultureInfo.InvariantCulture, out var id) && projects.Find(project, id) is { } found && DatasetOf(found) == Id(context, "id") ? id : Guid.Empty).ToList();
        return experiments.Contains(Guid.Empty) ? NotFound() : To(experiments switch
        {
            [] => page,
            [var one] => $"{page}?a={one}",
            // Our page shows two.
            [var one, var other, ..] => $"{page}/compare?a={one}&b={other}",
        });
    }

    /// <summary><c>/project/{project}/traces/{id}</c> and <c>/trace/{id}</c>, Langfuse's.</summary>
    public async Task<IResult> TraceAsync(HttpContext context)
    {
        var (named, trace) = (Route(context, "project"), LangfuseIds.TraceId(Route(context, "id")));
        foreach (var project in Visible(context).Where(project => trace.Length > 0 && (named.Length == 0 || project.Value == named)))
        {
            var steps = await reader.ReadTraceAsync(new TraceRequest(project, trace, AnnotationQuery.AllTime, 1), context.RequestAborted);
            if (!steps.Items.IsEmpty)
            {
                return To($"{Page(project)}/traces/{Uri.EscapeDataString(trace)}");
            }
        }
        return NotFound();
    }

    private async Task<string?> DatasetPageAsync(HttpContext context) =>
        Tenant(context) is { } project && Id(context, "id") is { } id && await datasets.FindAsync(project, id, context.RequestAborted) is not null ? $"{Page(project)}/experiments/{id}" : null;

    // A tenant is one of our projects, of which only those are looked at that the person may see.
    private ProjectId? Tenant(HttpContext context)
    {
        if (Id(context, "tenant") is not { } tenant)
        {
            return null;
        }
        foreach (var project in Visible(context))
        {
            if (RunIds.Tenant(project) == tenant)
            {
                return project;
            }
        }
        return null;
    }

    private IEnumerable<ProjectId> Visible(HttpContext context) => all.All.Select(project => project.Id).Where(context.User.MaySee);

    private static Guid? DatasetOf(ClientDocument project) => JsonFields.Id(project.Body()["reference_dataset_id"]);

    private static Guid? Id(HttpContext context, string name) => Guid.TryParse(Route(context, name), CultureInfo.InvariantCulture, out var id) ? id : null;

    private static string Route(HttpContext context, string name) => (context.Request.RouteValues[name] as string ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static string Page(ProjectId project) => $"/p/{Uri.EscapeDataString(project.Value)}";

    private static IResult To(string page) => Results.LocalRedirect(page);

    private static IResult NotFound() => Results.NotFound();
}
