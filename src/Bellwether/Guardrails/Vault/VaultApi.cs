using System.Security.Claims;
using System.Text.Json.Serialization;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Guardrails;

/// <summary>Shows an administrator what a token stands for, and writes down that it did.</summary>
internal static class VaultApi
{
    private const int LongestToken = 100;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/v1/guardrails/tokens/reveal", RevealAsync)
        .WithTags("Guardrails")
        .RequireAuthorization(Policies.Administrator)
        .WithSummary("What a token of the vault stands for")
        .WithDescription("`{token, project?}`, the token as it stands in a record: `[EMAIL_BCDFGHJKLM]`, with or without brackets. Each answer is a row of the audit trail, `vault.token_revealed`. 404 when there is no such token in the project, or when it expired (`Guardrails:Vault:KeepFor`).")
        .Accepts<RevealRequest>("application/json").Produces<RevealedToken>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> RevealAsync(HttpContext context, VaultStore vault, ClaimsPrincipal user, Actors actors, CancellationToken cancellationToken)
    {
        var (request, refusal) = await RequestBody.ReadAsync(context.Request, VaultJson.Default.RevealRequest, cancellationToken);
        if (request is null)
        {
            return refusal!;
        }
        var token = (request.Token ?? "").Trim().TrimStart('[').TrimEnd(']').ToUpperInvariant();
        var errors = new FieldErrors()
            .Check(token.Length > 0, "token", "is needed")
            .Check(token.Length <= LongestToken && token.All(c => char.IsAsciiLetterUpper(c) || c == '_'), "token", "must look like [EMAIL_BCDFGHJKLM]");
        if (errors.Any)
        {
            return Results.ValidationProblem(errors.ToChange().Errors.ToDictionary(), title: "The request is not valid.");
        }
        return user.ProjectFor(request.Project) is { } project && await vault.RevealAsync(actors.Of(user), project, token, cancellationToken) is { } revealed
            ? Results.Json(revealed, VaultJson.Default.RevealedToken)
            : Results.Problem("There is no such token, or it expired.", statusCode: StatusCodes.Status404NotFound);
    }
}

/// <summary>The body of <c>POST /api/v1/guardrails/tokens/reveal</c>.</summary>
internal sealed record RevealRequest(string? Token, string? Project);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RevealRequest))]
[JsonSerializable(typeof(RevealedToken))]
internal sealed partial class VaultJson : JsonSerializerContext;
