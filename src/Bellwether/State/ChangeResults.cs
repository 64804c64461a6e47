using Microsoft.AspNetCore.Http;

namespace Bellwether.State;

/// <summary>Turns the outcome of a change into the API's answer.</summary>
public static class ChangeResults
{
    public static IResult ToResult<T>(this Change<T> change, Func<T, IResult> done) => change.Outcome switch
    {
        ChangeOutcome.Done => done(change.Value!),
        ChangeOutcome.Invalid => Results.ValidationProblem(change.Errors.ToDictionary(), title: "The request is not valid."),
        ChangeOutcome.NotFound => Results.Problem(title: "There is no such thing, or you may not see it.", statusCode: StatusCodes.Status404NotFound),
        ChangeOutcome.Forbidden => Results.Problem(title: "You may not do this.", statusCode: StatusCodes.Status403Forbidden),
        ChangeOutcome.Conflict => Results.ValidationProblem(change.Errors.ToDictionary(), title: "The request conflicts with what is there.", statusCode: StatusCodes.Status409Conflict),
        _ => throw new ArgumentOutOfRangeException(nameof(change)),
    };
}
