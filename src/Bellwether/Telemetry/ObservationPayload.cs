namespace Bellwether.Telemetry;

/// <summary>
/// The texts of one observation, kept apart from its metrics and for a time of their own. Everything in it is hostile.
/// </summary>
public sealed record ObservationPayload
{
    public static readonly ObservationPayload Empty = new();

    /// <summary>The request body as it came (UTF-8 JSON), cut at the capture limit; empty for bodies that are not captured (files, multipart).</summary>
    public ReadOnlyMemory<byte> Input { get; init; }
    /// <summary>Whether <see cref="Input"/> is what <see cref="ITelemetryIntake.FilterInput"/> gave. Not stored.</summary>
    public bool InputIsFiltered { get; init; }
    /// <summary>
    /// The answer. A plain JSON answer is the provider's own body. A streamed one is assembled to
    /// <c>{"text":…,"reasoning":…,"tool_calls":[{"id","name","arguments"}],"refusal":…}</c> (keys only where there is something; further
    /// choices of the same shape in an array <c>alternatives</c>),
    /// and <see cref="OutputAssembled"/> is true.
    /// </summary>
    public ReadOnlyMemory<byte> Output { get; init; }
    public bool OutputAssembled { get; init; }
    public bool InputTruncated { get; init; }
    public bool OutputTruncated { get; init; }
    /// <summary>Request and response headers that matter and hold no secret, one <c>&gt; name: value</c> or <c>&lt; name: value</c> a line.</summary>
    public string Headers { get; init; } = "";
    /// <summary>What an instrumented client said that no field has room for, as one JSON object (UTF-8); empty when there is nothing.</summary>
    public ReadOnlyMemory<byte> Attributes { get; init; }
    /// <summary>Prompt and answer as plain text for search. Empty until it is stored: the store makes it with <see cref="Telemetry.SearchText.Of"/>.</summary>
    public string SearchText { get; init; } = "";

    /// <summary>The same with bytes of its own, for who keeps it longer than the batch that it came in.</summary>
    public ObservationPayload Detached() => this with { Input = Input.ToArray(), Output = Output.ToArray(), Attributes = Attributes.ToArray() };

    public bool IsEmpty => Input.IsEmpty && Output.IsEmpty && Attributes.IsEmpty && Headers.Length == 0;
}
