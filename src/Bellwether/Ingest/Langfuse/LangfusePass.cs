using System.Text.Json.Nodes;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.Logging;

namespace Bellwether.Ingest;

/// <summary>The work on one request: traces first, whose user and session their steps have, then steps, then the traces' own rows.</summary>
internal sealed class LangfusePass(ITelemetryIntake intake, TelemetryReader reader, RecentTraces recent, LangfuseBatch batch, OtlpSender sender, ILogger logger)
{
    // One journal record group: of steps with long texts a batch is not held twice.
    private const int ChunkBytes = 16 * 1024 * 1024;
    // A trace that gets its user only after so many steps has it on the later ones and on itself.
    private const int MostRewritten = 1_000;

    private readonly Dictionary<string, TraceState> _traces = new(StringComparer.Ordinal);
    private readonly List<TelemetryRecord> _records = [];
    private long _bytes;

    /// <summary>The journal's words, to be waited for outside of the step.</summary>
    public List<Task<AppendResult>> Acknowledgements { get; } = [];

    /// <summary>Starts that were not believed.</summary>
    public int Corrected { get; private set; }

    private ProjectId Project => sender.Key.Project;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var write in batch.Traces)
        {
            var trace = await TraceAsync(write.Id, cancellationToken);
            Try(write, () => trace.Say(write, sender));
        }
        foreach (var write in batch.Steps)
        {
            await StepAsync(write, cancellationToken);
        }
        foreach (var trace in _traces.Values)
        {
            await FinishAsync(trace, cancellationToken);
        }
        foreach (var (id, at, body) in batch.Scores)
        {
            var (record, problem) = LangfuseScore.Map(body, id, at, sender);
            if (record is null)
            {
                batch.Reject(id, problem);
                continue;
            }
            Add(record, cancellationToken);
        }
        Hand(cancellationToken);
    }

    private async Task StepAsync(LangfuseWrite write, CancellationToken cancellationToken)
    {
        var id = LangfuseIds.Step(Project, write.Id);
        var prior = await PriorVersions.FindAsync(intake, reader, Project, id, cancellationToken);
        JsonObject step = [];
        var isNewer = true;
        if (!Try(write, () => step = LangfuseAttributes.Merge(write, prior, out isNewer)))
        {
            return;
        }
        var trace = await TraceAsync(LangfuseStep.TraceId(write, step), cancellationToken);
        Try(write, () =>
        {
            var record = LangfuseStep.Map(write, step, isNewer, prior, trace.Facts, sender, out var corrected);
            Corrected += corrected ? 1 : 0;
            trace.Written.Add(id);
            trace.Recent.Add(id);
            // Only what was said: the start of an update that came first is a guess.
            if ((JsonFields.Time(step["endTime"]) ?? JsonFields.Time(step["startTime"])) is { } end && RunClock.IsBelieved(end, sender) && (trace.Recent.End is not { } known || end > known))
            {
                trace.Recent.End = end;
            }
            Add(record, cancellationToken);
        });
    }

    private async Task FinishAsync(TraceState trace, CancellationToken cancellationToken)
    {
        var says = trace.Said is not null;
        if (trace.Facts is not { } facts || (!says && trace.Prior is null))
        {
            return;
        }
        var record = LangfuseTrace.Map(trace.Id, trace.Said ?? LangfuseAttributes.Read(trace.Prior), trace.IsNewer, trace.Prior, trace.At, trace.Recent.End, sender, out var corrected);
        Corrected += corrected && says ? 1 : 0;
        // A trace lasts until its last step has ended.
        if (says || record.Observation!.Timings.TotalMs > trace.Prior!.Observation!.Timings.TotalMs)
        {
            Add(record, cancellationToken);
        }
        if (says && (trace.Prior?.Observation is not { } before || !facts.Says(LangfuseFacts.Of(before))))
        {
            await RewriteAsync(trace, facts, cancellationToken);
        }
        trace.Recent.IsThere = true;
    }

    // The steps that came before what their trace now says.
    private async Task RewriteAsync(TraceState trace, LangfuseFacts facts, CancellationToken cancellationToken)
    {
        var earlier = new HashSet<Guid>(trace.Recent.Steps);
        if (trace.Prior?.Observation is { } known)
        {
            var window = new TimeRange(known.StartTime - TimeSpan.FromDays(1), sender.Now + TimeSpan.FromDays(1));
            var steps = await reader.ReadTraceAsync(new TraceRequest(Project, trace.Id, window, MostRewritten), cancellationToken);
            earlier.UnionWith(steps.Items.Where(step => step.Surface == sender.Surface && step.SpanId != known.SpanId).Select(step => step.Id));
        }
        earlier.ExceptWith(trace.Written);
        foreach (var id in earlier)
        {
            if (await PriorVersions.FindAsync(intake, reader, Project, id, cancellationToken) is { Observation: { } step } record && step.TraceId == trace.Id)
            {
                Add(record.With(facts.Apply(step, trace.Id), record.Payload with { SearchText = "" }), cancellationToken);
            }
        }
    }

    private async ValueTask<TraceState> TraceAsync(string id, CancellationToken cancellationToken)
    {
        if (_traces.TryGetValue(id, out var trace))
        {
            return trace;
        }
        trace = new TraceState(id, recent.Get(Project, id));
        // Whoever has seen a trace's steps and not the trace need not ask for it again: it would have come by here.
        if (trace.Recent.IsThere != false)
        {
            trace.Prior = await PriorVersions.FindAsync(intake, reader, Project, LangfuseIds.Trace(Project, id), cancellationToken);
            trace.Recent.IsThere = trace.Prior is not null;
            trace.Facts = trace.Prior?.Observation is { } known ? LangfuseFacts.Of(known) : null;
        }
        _traces.Add(id, trace);
        return trace;
    }

    private void Add(TelemetryRecord record, CancellationToken cancellationToken)
    {
        _records.Add(record);
        _bytes += record.Payload.Input.Length + record.Payload.Output.Length + record.Payload.Attributes.Length;
        if (_bytes >= ChunkBytes)
        {
            Hand(cancellationToken);
        }
    }

    private void Hand(CancellationToken cancellationToken)
    {
        if (_records.Count > 0)
        {
            Acknowledgements.Add(intake.AppendAsync(_records.ToArray(), cancellationToken).AsTask());
            _records.Clear();
            _bytes = 0;
        }
    }

    // One broken event never rejects its neighbours.
    private bool Try(LangfuseWrite write, Action map)
    {
        try
        {
            map();
            return true;
        }
        catch (Exception error)
        {
            Log.EventNotMapped(logger, error.GetType().Name, error.StackTrace);
            write.Events.ForEach(id => batch.Reject(id, "body: holds a value that cannot be read"));
            return false;
        }
    }

    /// <summary>A trace in this request.</summary>
    private sealed class TraceState(string id, RecentTraces.RecentTrace recent)
    {
        public string Id { get; } = id;
        public RecentTraces.RecentTrace Recent { get; } = recent;
        public TelemetryRecord? Prior { get; set; }
        /// <summary>What its steps inherit; null while no trace was sent.</summary>
        public LangfuseFacts? Facts { get; set; }
        /// <summary>What is known of it together with what the request says; null when the request is silent on it.</summary>
        public JsonObject? Said { get; private set; }
        public bool IsNewer { get; private set; } = true;
        public DateTimeOffset? At { get; private set; }
        /// <summary>Steps that this request writes.</summary>
        public HashSet<Guid> Written { get; } = [];

        public void Say(LangfuseWrite write, OtlpSender sender)
        {
            var said = LangfuseAttributes.Merge(write, Prior, out var isNewer);
            Facts = LangfuseFacts.Of(LangfuseTrace.Map(Id, (JsonObject)said.DeepClone(), isNewer, Prior, write.At, end: null, sender, out _).Observation!);
            (Said, IsNewer, At) = (said, isNewer, write.At);
        }
    }
}
