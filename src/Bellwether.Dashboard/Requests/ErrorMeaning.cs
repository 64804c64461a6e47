using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <param name="Blame">Who has to act: <c>the caller</c>, <c>the provider</c>, or whoever runs Bellwether.</param>
/// <param name="What">What happened, in a sentence.</param>
/// <param name="Next">What to do about it.</param>
internal sealed record ErrorMeaning(string Blame, string What, string Next)
{
    private const string Caller = "the caller";
    private const string Provider = "the provider";
    private const string Operator = "whoever runs Bellwether";

    /// <summary>What an error type of the taxonomy means to the person who looks at the call.</summary>
    public static ErrorMeaning Of(Observation observation)
    {
        var type = observation.ErrorType;
        var refused = observation.State == ObservationState.Refused;
        if (type == ErrorTypes.RateLimited)
        {
            return refused
                ? new(Caller, "A limit set in Bellwether stopped the call; the provider was not asked.", "Slow down, or raise the limit of the key.")
                : new(Provider, "The provider answered that its rate limit or quota was reached.", "Retry after the time in Retry-After; if it lasts, ask the provider for more or route part of the traffic elsewhere.");
        }
        if (type == ErrorTypes.Timeout)
        {
            return new(Provider, "The provider did not answer, or stopped sending, within the configured time.", "Look at other calls of the same minute: if they are slow too, the provider has trouble. The timeouts are part of the provider's settings.");
        }
        if (type == ErrorTypes.Unavailable)
        {
            return new(Provider, "The provider could not be reached, was overloaded, or broke the connection off.", "Usually passes by itself; the SDKs retry. Check the provider's status page if many calls fail.");
        }
        if (type == ErrorTypes.Auth)
        {
            return refused
                ? new(Caller, "The Bellwether key was missing, unknown, revoked or expired.", "Check the key the application sends; keys are listed under Settings, Keys.")
                : new(Operator, "The provider did not accept the key it was given.", "Check the provider's key under Settings, Providers, with its connection test.");
        }
        if (type == ErrorTypes.BadRequest)
        {
            return new(Caller, "The request was not one that the endpoint understands.", "The message says which part; compare with the request body below.");
        }
        if (type == ErrorTypes.ContentFilter)
        {
            return new(Provider, "The provider's content filter stopped the prompt or the answer.", "Read the messages below: the filter looks at the whole conversation, not at the last message alone.");
        }
        if (type == ErrorTypes.ContextLength)
        {
            return new(Caller, "The prompt and the requested answer do not fit into the model's context.", "Shorten the history, ask for fewer tokens, or use a model with a larger context.");
        }
        if (type == ErrorTypes.ClientDisconnect)
        {
            return new(Caller, "The caller closed the connection before the end. What had been streamed until then is kept below.", "Normal when people stop an answer; a fixed duration before the break points at a timeout in the client.");
        }
        if (type == ErrorTypes.ValidationMalformed)
        {
            return refused
                ? new(Caller, "The body was not valid JSON.", "Log the body where it is made; a proxy or a wrong content type may have changed it.")
                : new(Provider, "What the provider answered cannot be read: its JSON is broken, or breaks off.", "The raw answer below is what came. If it happens often, look at what stands between Bellwether and the provider.");
        }
        if (type == ErrorTypes.ValidationSchema && observation.State == ObservationState.Ok)
        {
            return new(Provider, "The answer does not fit the JSON schema that the request asked for.", "The finding below names the place; ask for strict structured output, or repeat the call.");
        }
        if (type == ErrorTypes.SemanticRefusal)
        {
            return new(Provider, "The model declined what was asked. The call itself went well.", "Read the answer: a refusal can be right. Where it is not, the system prompt or another model may help.");
        }
        if (type == ErrorTypes.ValidationSchema)
        {
            return new(Caller, "The body was JSON, but a field that is needed was missing or had the wrong type.", "The message names the field.");
        }
        if (type == ErrorTypes.Aborted)
        {
            return new(Operator, "Bellwether was stopped while the call ran. What had been streamed until then is kept below.", "Give the process more time to drain at shutdown, or restart it in quiet hours.");
        }
        if (type.StartsWith(ErrorTypes.BlockedPrefix, StringComparison.Ordinal))
        {
            return new(Operator, $"The guard “{type[ErrorTypes.BlockedPrefix.Length..]}” stopped the call.", "Read the finding below; if it is wrong, adjust the guard.");
        }
        return new(Provider, "The call ended with an error that fits none of the known types.", "The message and the raw answer below are all that is known.");
    }
}
