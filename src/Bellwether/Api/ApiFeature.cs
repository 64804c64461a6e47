using System.Text.Json;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bellwether.Api;

/// <summary>What all of the product's own endpoints share: request ids, and errors as problem details (RFC 9457).</summary>
public static class ApiFeature
{
    private const int LongestRequestId = 128;

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddProblemDetails(options => options.CustomizeProblemDetails = problem =>
        {
            problem.ProblemDetails.Extensions.Remove("traceId");
            problem.ProblemDetails.Extensions["requestId"] = problem.HttpContext.TraceIdentifier;
        });
        // A body that cannot be bound becomes an exception that says where, instead of an empty 400.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        // Of a key that stands twice every reader may take another one.
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.AllowDuplicateProperties = false);
        services.AddExceptionHandler<ApiErrorHandler>();
        return services;
    }

    /// <summary>Before routing. Takes the caller's <c>X-Request-Id</c> when it is usable, else makes one; answers with it.</summary>
    public static IApplicationBuilder UseApi(this IApplicationBuilder app) => app
        .Use(static (context, next) =>
        {
            var sent = context.Request.Headers["X-Request-Id"];
            if (sent.Count == 1 && IsUsable(sent[0]))
            {
                context.TraceIdentifier = sent[0]!;
            }
            // At the start of the answer, because an error handler clears the headers that were set before.
            context.Response.OnStarting(static state =>
            {
                var started = (HttpContext)state;
                started.Response.Headers["X-Request-Id"] = started.TraceIdentifier;
                return Task.CompletedTask;
            }, context);
            return next(context);
        })
        .UseExceptionHandler()
        .UseWhen(static context => context.Request.Path.StartsWithSegments("/api"), api => api.UseStatusCodePages());

    private static bool IsUsable(string? id) =>
        id is { Length: > 0 and <= LongestRequestId } && id.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-');
}

/// <summary>Turns what reached the top into a problem: the caller's mistakes with their place, ours without any detail.</summary>
internal sealed class ApiErrorHandler(IProblemDetailsService problems, ILogger<ApiErrorHandler> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is StoreNotOpenException)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
            return await problems.TryWriteAsync(new ProblemDetailsContext
            {
                HttpContext = context,
                ProblemDetails = new ProblemDetails
                {
                    Status = StatusCodes.Status503ServiceUnavailable,
                    Type = "https://bellwether.dev/errors/starting",
                    Title = "The telemetry store is not open yet. /readyz says when it is.",
                },
            });
        }
        var problem = exception is BadHttpRequestException bad ? Describe(context, bad) : new ProblemDetails
        {
            Status = StatusCodes.Status500InternalServerError,
            Type = "https://bellwether.dev/errors/internal",
            Title = "Something went wrong on our side.",
            Detail = "The request id leads to the entry in the server's log.",
        };
        if (problem.Status >= StatusCodes.Status500InternalServerError)
        {
            Log.Unhandled(log, exception, context.TraceIdentifier);
        }
        context.Response.StatusCode = problem.Status!.Value;
        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem });
    }

    private static ProblemDetails Describe(HttpContext context, BadHttpRequestException bad)
    {
        var problem = new ProblemDetails
        {
            Status = bad.StatusCode,
            Type = "https://bellwether.dev/errors/bad_request",
            Title = "The request could not be read.",
            Detail = bad.Message,
        };
        if (bad.StatusCode == StatusCodes.Status400BadRequest && !IsIdentity(context.Request.Headers.ContentEncoding.ToString()))
        {
            problem.Status = StatusCodes.Status415UnsupportedMediaType;
            problem.Type = "https://bellwether.dev/errors/unsupported_content_encoding";
            problem.Detail = "This endpoint takes no compressed body: leave Content-Encoding out.";
        }
        else if (bad.InnerException is JsonException json)
        {
            problem.Type = "https://bellwether.dev/errors/invalid_json";
            // A syntax error has the reader's own exception in it; without one the value is JSON, and not the one that is expected.
            // "$.measures[0]" is measures[0].
            var field = json.InnerException is not JsonException && json.Path is { Length: > 2 } path ? path[2..] : "";
            problem.Detail = field.Length > 0 ? $"'{field}' has a value of the wrong kind, or stands twice."
                : json.InnerException is JsonException ? $"The body is not valid JSON, or is nested deeper than 64 levels (line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1})."
                : "The body is not a JSON object, or has a key twice.";
            if (field.Length > 0)
            {
                problem.Extensions["field"] = field;
            }
        }
        else if (bad is { StatusCode: StatusCodes.Status400BadRequest, InnerException: null } && IsWithoutBody(context))
        {
            // The framework's own words are for who wrote the endpoint.
            problem.Type = "https://bellwether.dev/errors/invalid_json";
            problem.Detail = "The body is empty or null; a JSON object is expected.";
        }
        return problem;
    }

    private static bool IsIdentity(string encoding) => encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase);

    // Nothing, or "null".
    private static bool IsWithoutBody(HttpContext context) =>
        context.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<IAcceptsMetadata>() is not null
        && context.Request.ContentLength is null or <= 4;
}
