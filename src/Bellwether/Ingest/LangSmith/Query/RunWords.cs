using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>What was said of some runs, all of it.</summary>
internal sealed class RunWords
{
    public static readonly RunWords None = new(new Dictionary<Guid, List<Annotation>>());

    private const int RunsAtOnce = 500;
    private readonly Dictionary<Guid, List<Annotation>> _byRun;

    private RunWords(Dictionary<Guid, List<Annotation>> byRun) => _byRun = byRun;

    public IReadOnlyList<Annotation> Of(Observation run) => _byRun.TryGetValue(run.Id, out var said) ? said : [];

    public static async Task<RunWords> OfAsync(TelemetryReader reader, ProjectId project, IReadOnlyList<Observation> runs, CancellationToken cancellationToken)
    {
        var byRun = new Dictionary<Guid, List<Annotation>>();
        foreach (var some in runs.Chunk(RunsAtOnce))
        {
            var owners = new Dictionary<Guid, Guid>();
            foreach (var run in some)
            {
                foreach (var target in ObservationIds.Targets(run))
                {
                    owners.TryAdd(target, run.Id);
                }
            }
            string? cursor = null;
            do
            {
                var query = new AnnotationQuery(project, AnnotationQuery.AllTime) { Observations = [.. owners.Keys], OthersOnly = true };
                var page = await reader.ReadAnnotationsAsync(new AnnotationPageRequest(query, 1_000) { Cursor = cursor }, cancellationToken);
                foreach (var said in page.Items)
                {
                    var owner = owners[said.ObservationId];
                    (byRun.TryGetValue(owner, out var list) ? list : byRun[owner] = []).Add(said);
                }
                cursor = page.Next;
            }
            while (cursor is not null);
        }
        return new RunWords(byRun);
    }
}
