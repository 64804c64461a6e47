using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Feedback;

/// <summary>Feedback over HTTP with a key. Any key of the project may give it, also one that may only call models; reading needs a role.</summary>
internal static class FeedbackApi
{
    private const int MostObservations = 50;
    private static readonly TimeSpan s_longestLink = TimeSpan.FromDays(90);
    private static readonly TimeSpan s_usualLink = TimeSpan.FromDays(7);

    // An application's key speaks for its users, whatever else it may do; a person who is signed in needs the right to change things.
    private static readonly AuthorizationPolicy s_giver = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireClaim(Claims.Project)
        .RequireAssertion(static context => context.User.Identity?.AuthenticationType == Schemes.ApiKey
            || context.User.HasClaim(Claims.Role, nameof(Role.Editor)) || context.User.HasClaim(Claims.Role, nameof(Role.Administrator)))
        .Build();

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1").WithTags("Feedback");
        group.MapPost("/feedback", GiveAsync).RequireAuthorization(s_giver).WithSummary("Say what a user thought of an answer or did with it").WithDescription(
            "`{observation_id | request_id | trace_id | session, value?: up|down|report, score?: number|bool, category?: incorrect|harmful|unhelpful|other, text?, user?, kind?: explicit|copied|regenerated|edited|abandoned|re_asked|escalated, original?, edited?, name?}`. A user's later word on the same thing replaces the former.")
            .Accepts<FeedbackRequest>("application/json").Produces<FeedbackAccepted>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        group.MapGet("/feedback", ListAsync).RequireAuthorization(Policies.Viewer).WithSummary("Feedback, newest first").WithDescription(
            "Parameters: `from`, `to`, `limit`, `cursor`, `name`, `source`, `category`, `user`, `observation_id`, `trace_id`, `session` (each may be repeated), `up=true|false`, `q` for text.")
            .Produces<FeedbackList>().ProducesValidationProblem();
        group.MapPost("/feedback/links", LinkAsync).RequireAuthorization(s_giver).WithSummary("A signed link with which an end user can vote without a key").WithDescription(
            "`{observation_id | request_id, user?, expires_in_seconds?}`; at most 90 days, 7 days when not said. The token also serves the script `/feedback.js`.")
            .Accepts<LinkRequest>("application/json").Produces<FeedbackLink>().ProducesValidationProblem();
    }

    private static async Task<IResult> GiveAsync(HttpContext context, FeedbackIntake intake)
    {
        var (request, refusal) = await RequestBody.ReadAsync(context.Request, FeedbackJson.Default.FeedbackRequest, context.RequestAborted);
        if (request is null)
        {
            return refusal!;
        }
        return context.User.ProjectFor(request.Project ?? context.Request.Query["project"]) is { } project
            ? await StoreAsync(context, intake, request.Read(project))
            : NoProject();
    }

    /// <summary>Journals what was read, or says what is wrong with it.</summary>
    public static async Task<IResult> StoreAsync(HttpContext context, FeedbackIntake intake, Change<UserFeedback[]> read)
    {
        if (read.Value is not { } feedback)
        {
            return Invalid(read.Errors);
        }
        var (result, ids) = await intake.AcceptAsync(feedback, context.RequestAborted);
        if (!result.Accepted)
        {
            context.Response.Headers.RetryAfter = result.Refusal.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            return Results.Problem(result.Refusal.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        return Results.Json(new FeedbackAccepted([.. ids]), FeedbackJson.Default.FeedbackAccepted);
    }

    private static async Task<IResult> LinkAsync(HttpContext context, FeedbackLinks links, TimeProvider clock)
    {
        var (request, refusal) = await RequestBody.ReadAsync(context.Request, FeedbackJson.Default.LinkRequest, context.RequestAborted);
        if (request is null)
        {
            return refusal!;
        }
        if (context.User.ProjectFor(request.Project ?? context.Request.Query["project"]) is not { } project)
        {
            return NoProject();
        }
        var seconds = request.ExpiresInSeconds ?? s_usualLink.TotalSeconds;
        var id = Guid.Empty;
        var errors = new FieldErrors()
            .Check(string.IsNullOrEmpty(request.ObservationId) != string.IsNullOrEmpty(request.RequestId), "observation_id", "or request_id is needed, and only one of them")
            .Check(string.IsNullOrEmpty(request.ObservationId) || (Guid.TryParse(request.ObservationId, CultureInfo.InvariantCulture, out id) && id != Guid.Empty), "observation_id", "must be the id of an observation")
            .Check((request.RequestId?.Length ?? 0) <= 200 && request.RequestId?.Any(char.IsControl) != true, "request_id", "may have at most 200 printable characters")
            .Check((request.User?.Length ?? 0) <= 200, "user", "may have at most 200 characters")
            .Check(seconds >= 1 && seconds <= s_longestLink.TotalSeconds, "expires_in_seconds", $"must be 1 to {s_longestLink.TotalSeconds}");
        if (errors.Any)
        {
            return Invalid(errors.ToChange().Errors);
        }
        var expires = clock.GetUtcNow() + TimeSpan.FromSeconds(seconds);
        var token = links.Issue(new VotePass(project, id != Guid.Empty ? FeedbackTarget.Observation(id) : FeedbackTarget.Request(request.RequestId!), request.User ?? "", expires));
        return Results.Json(new FeedbackLink($"{context.Request.Scheme}://{context.Request.Host}/f/{token}", token, expires), FeedbackJson.Default.FeedbackLink);
    }

    private static async Task<IResult> ListAsync(HttpContext context, TelemetryReader reader, TimeProvider clock)
    {
        var parameters = context.Request.Query;
        if (context.User.ProjectFor(parameters["project"]) is not { } project)
        {
            return NoProject();
        }
        try
        {
            var owners = await OwnersAsync(reader, project, [.. Values("observation_id").Select(Id)], context.RequestAborted);
            var query = new AnnotationQuery(project, ObservationFilters.Window(parameters, clock.GetUtcNow()))
            {
                Names = Values("name"), Sources = Values("source"), Categories = Values("category"), Authors = Values("user"), Traces = Values("trace_id"), Sessions = Values("session"),
                // What validators and guards find in every call would bury what people say of some.
                OthersOnly = Values("source").IsEmpty && !Values("user").Contains(Annotation.Own) && owners.Count == 0,
                Observations = [.. owners.Keys], Up = Up(parameters["up"]), Text = parameters["q"].ToString() is { Length: > 0 } text ? text : null,
            };
            var request = new AnnotationPageRequest(query, ObservationFilters.Limit(parameters)) { Cursor = parameters["cursor"].ToString() is { Length: > 0 } cursor ? cursor : null };
            var page = await reader.ReadAnnotationsAsync(request, context.RequestAborted);
            return Results.Json(new FeedbackList([.. page.Items.Select(annotation => View(annotation, owners))], page.Next), FeedbackJson.Default.FeedbackList);
        }
        catch (TelemetryQueryException mistake)
        {
            return Invalid(new Dictionary<string, string[]> { [mistake.Field] = [mistake.Message] });
        }

        ImmutableArray<string> Values(string name) => [.. parameters[name].Select(value => value ?? "")];
    }

    private static Guid Id(string text) => Guid.TryParse(text, CultureInfo.InvariantCulture, out var id) ? id : throw new TelemetryQueryException("observation_id", "must be the id of an observation");

    private static bool? Up(string? text) => string.IsNullOrEmpty(text) ? null : bool.TryParse(text, out var up) ? up : throw new TelemetryQueryException("up", "must be true or false");

    // The ids by which feedback may name some observations, each with the observation's own: what was said before it was stored names its request.
    private static async Task<Dictionary<Guid, Guid>> OwnersAsync(TelemetryReader reader, ProjectId project, List<Guid> observations, CancellationToken cancellationToken)
    {
        if (observations.Count > MostObservations)
        {
            throw new TelemetryQueryException("observation_id", $"may be given at most {MostObservations} times");
        }
        var owners = new Dictionary<Guid, Guid>();
        foreach (var id in observations)
        {
            owners[id] = id;
            if (await reader.ReadAsync(project, id, cancellationToken) is { } detail)
            {
                foreach (var target in ObservationIds.Targets(detail.Observation)) { owners.TryAdd(target, id); }
            }
        }
        return owners;
    }

    private static FeedbackView View(Annotation annotation, Dictionary<Guid, Guid> owners) => new(
        annotation.Id, annotation.Time, annotation.Name, annotation.Source, annotation.Number is { } number && double.IsFinite(number) ? number : null, annotation.Category, annotation.Text, annotation.Author,
        owners.TryGetValue(annotation.ObservationId, out var owner) ? owner : annotation.ObservationId == Guid.Empty || annotation.IsOfRequest ? null : annotation.ObservationId,
        annotation.TraceId, annotation.Session, annotation.RequestId);

    private static IResult Invalid(IReadOnlyDictionary<string, string[]> errors) =>
        Results.ValidationProblem(errors.ToDictionary(), title: "The request is not valid.");

    private static IResult NoProject() => Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "There is no such project.");
}
