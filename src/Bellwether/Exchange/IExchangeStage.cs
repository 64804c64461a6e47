using Bellwether.Telemetry;

namespace Bellwether.Exchange;

/// <summary>
/// A step that every scanned call takes before it goes to a provider: limits, guards, experiments, cache, routing. The order
/// is one list in the gateway (<c>StageOrder</c>), by <see cref="Name"/>. A stage never waits for a database.
/// </summary>
public interface IExchangeStage
{
    /// <summary>Its place in the order; a name that the list does not hold stops the start.</summary>
    string Name { get; }

    /// <summary>Looks at the call, may change it, and says how it goes on. Should complete synchronously.</summary>
    ValueTask<StageVerdict> BeforeAsync(ModelCall call, CancellationToken cancellationToken);

    /// <summary>
    /// Looks at another body of a call that it saw before, which is sent when the first one failed elsewhere: it is on the call now. Stages that
    /// counted the call do not count it again.
    /// </summary>
    ValueTask<StageVerdict> AgainAsync(ModelCall call, CancellationToken cancellationToken) => new(StageVerdict.Continue);

    /// <summary>Called once for each call that <see cref="BeforeAsync"/> saw, in reverse order, with what the call became: settles reservations. Must not throw or block.</summary>
    void Ended(ModelCall call, Observation observation);
}

/// <summary>How a call goes on after a stage. <c>default</c> is "go on".</summary>
public readonly struct StageVerdict
{
    private StageVerdict(Refusal? refusal, StageAnswer? answer) => (Refusal, Answer) = (refusal, answer);

    public static StageVerdict Continue => default;

    public Refusal? Refusal { get; }
    public StageAnswer? Answer { get; }

    public static StageVerdict Refuse(Refusal refusal) => new(refusal, null);

    /// <summary>Answers instead of the provider.</summary>
    public static StageVerdict Reply(StageAnswer answer) => new(null, answer);
}

/// <summary>An answer that did not come from a provider, in the dialect of the call; a stream is given as all its events.</summary>
public sealed record StageAnswer(string ContentType, ReadOnlyMemory<byte> Body)
{
    /// <summary>Who answered, as the observation's provider: <c>cache</c>.</summary>
    public required string Source { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}
