using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Bellwether.Telemetry;

/// <summary>
/// Dead letters are copies too: what was erased must not come back with a replay. The store never had most of them, so that each is asked itself.
/// </summary>
internal sealed class DeadLetterCopies(DeadLetters letters) : ITelemetryCopies
{
    // Fields whose values name a person or one call; others would be found in anybody's bytes.
    private static readonly string[] s_naming = ["id", "user", "session", "request_id", "trace_id"];
    // Shorter texts are in any bytes by chance.
    private const int ShortestTrace = 3;

    public string Name => "dead_letters";

    public async Task<long> EraseAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var request = erasure.Request;
        ImmutableArray<string> named = [.. request.Where.Where(filter => filter.Op is FilterOp.Eq or FilterOp.In && (s_naming.Contains(filter.Field) || filter.Field.StartsWith(FilterField.PropertyPrefix, StringComparison.Ordinal))).SelectMany(filter => filter.Values)];
        var erased = new List<string>();
        var said = new List<(string Letter, Annotation Annotation)>();
        foreach (var (letter, bytes) in letters.Of(request.Project))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var record = Record(letter, bytes);
            if (record?.Annotation is { } annotation)
            {
                said.Add((letter.Id, annotation));
            }
            else if (record?.Observation is { } observation ? erasure.Concerns(observation) && FilterMatch.Holds(request.Where, observation) : named.Any(name => Holds(bytes, name)))
            {
                erased.Add(letter.Id);
            }
        }
        // What was said of a call that is not there any more goes with it, as in the store.
        var gone = await erasure.GoneAsync(said.Select(one => one.Annotation.ObservationId).Where(id => id != Guid.Empty), cancellationToken);
        erased.AddRange(said.Where(one => gone.Contains(one.Annotation.ObservationId) || Names(request.Where, one.Annotation)).Select(one => one.Letter));
        foreach (var id in erased)
        {
            letters.Remove(id);
        }
        return erased.Count;
    }

    /// <summary>A letter goes with the texts of its observation's day; bytes that are no record go by the time at which they were set aside.</summary>
    public Task DropAsync(DroppedTexts dropped, CancellationToken cancellationToken)
    {
        var gone = new List<string>();
        foreach (var (letter, bytes) in letters.Of(project: null))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var record = Record(letter, bytes);
            var isGone = record?.Annotation is { } said ? dropped.IsGone(said.Time, texts: false) : dropped.IsGone(record?.Observation?.StartTime ?? letter.Time, texts: true);
            if (isGone)
            {
                gone.Add(letter.Id);
            }
        }
        gone.ForEach(letters.Remove);
        return Task.CompletedTask;
    }

    private static TelemetryRecord? Record(DeadLetter letter, byte[] bytes)
    {
        if (!letter.Replayable)
        {
            return null;
        }
        try
        {
            return RecordCodec.Read(bytes);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    // Of whole traces and sessions, and by whom.
    private static bool Names(ImmutableArray<Filter> where, Annotation said) => where.Any(filter => filter.Op is FilterOp.Eq or FilterOp.In && filter.Field switch
    {
        "user" => said.Author.Length > 0 && filter.Values.Contains(said.Author),
        "session" => said.Session.Length > 0 && filter.Values.Contains(said.Session),
        "trace_id" => said.TraceId.Length > 0 && filter.Values.Contains(said.TraceId),
        _ => false,
    });

    // Bytes of a damaged journal are no record that could be asked: they go when a name that was asked for stands in them.
    private static bool Holds(ReadOnlySpan<byte> bytes, string name) =>
        (name.Length >= ShortestTrace && bytes.IndexOf(Encoding.UTF8.GetBytes(name)) >= 0)
        || (Guid.TryParse(name, CultureInfo.InvariantCulture, out var id) && (bytes.IndexOf(id.ToByteArray()) >= 0 || bytes.IndexOf(id.ToByteArray(bigEndian: true)) >= 0));
}
