using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary>A request that is not done; its message is LangSmith's <c>detail</c> and safe to show.</summary>
internal sealed class LangSmithRefusal(int status, string reason, string detail) : IngestRefusal(status, reason, detail)
{
    public static LangSmithRefusal Invalid(string field, string problem) => new(StatusCodes.Status422UnprocessableEntity, "invalid", $"{field}: {problem}");

    /// <param name="what">Begins the sentence: <c>Project</c>, <c>Dataset</c> … SDKs look for "not found".</param>
    public static LangSmithRefusal NotFound(string what) => new(StatusCodes.Status404NotFound, "not_found", $"{what} not found");

    public static LangSmithRefusal Conflict(string detail) => new(StatusCodes.Status409Conflict, "conflict", detail);
}
