using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Telemetry;
using Microsoft.Extensions.Logging;

namespace Bellwether.Ingest;

/// <summary>
/// LangSmith's projects (its API calls them sessions), which are observations of one endpoint to us. A project begins when a client makes
/// it or when the first run names it. All of them are in memory.
/// </summary>
internal sealed class LangSmithProjects(ClientDocuments documents, LangSmithMeters meters, TimeProvider clock, ILogger<LangSmithProjects> logger) : IStatePolicy
{
    /// <summary>Of runs that name none; always there.</summary>
    public static readonly string DefaultName = "default";
    public const int LongestName = 256;
    // Runs wait while a project is noted: a state store that hangs is not asked for every one of them.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(ProjectId Project, string Name), ClientDocument> _byName = new();
    private readonly ConcurrentDictionary<(ProjectId Project, Guid Id), ClientDocument> _byId = new();
    private long _pausedUntil;

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var document in await documents.AllAsync(DocumentKind.Project, cancellationToken))
        {
            Keep(document);
        }
    }

    /// <summary>Newest first; the default project is among them.</summary>
    public IReadOnlyList<ClientDocument> Of(ProjectId project)
    {
        var all = _byId.Values.Where(document => document.Project == project).ToList();
        if (!_byName.ContainsKey((project, DefaultName)))
        {
            all.Add(Default(project));
        }
        return [.. all.OrderByDescending(document => document.CreatedAt).ThenByDescending(document => document.Id)];
    }

    public ClientDocument? Find(ProjectId project, Guid id) =>
        _byId.TryGetValue((project, id), out var document) ? document
        : id == RunIds.Project(project, DefaultName) ? Default(project) : null;

    public ClientDocument? Find(ProjectId project, string name) =>
        _byName.TryGetValue((project, name), out var document) ? document
        : name == DefaultName ? Default(project) : null;

    /// <summary>The id of the project of this name, whether or not it is known.</summary>
    public Guid IdOf(ProjectId project, string name)
    {
        name = name.Length == 0 ? DefaultName : name;
        return _byName.TryGetValue((project, name), out var document) ? document.Id : RunIds.Project(project, name);
    }

    /// <summary>Experiments on a dataset.</summary>
    public IEnumerable<ClientDocument> OfDataset(ProjectId project, Guid dataset) => Experiments(project, dataset);

    /// <summary>Experiments, newest first; null for those on any dataset.</summary>
    public IEnumerable<ClientDocument> Experiments(ProjectId project, Guid? dataset)
    {
        // Few of many projects are experiments: only those are parsed.
        var mark = dataset?.ToString() ?? "reference_dataset_id";
        return Of(project).Where(document => document.Json.Contains(mark, StringComparison.OrdinalIgnoreCase)
            && JsonFields.Id(document.Body()["reference_dataset_id"]) is { } found && (dataset is null || found == dataset));
    }

    /// <summary>A run names a project. Trouble with the state never stops a run: the project is then noted with a later one.</summary>
    public async ValueTask NoteAsync(ProjectId project, string name, CancellationToken cancellationToken)
    {
        if (name.Length is 0 or > LongestName || name.Contains('\0') || _byName.ContainsKey((project, name)) || clock.GetUtcNow().UtcTicks < Interlocked.Read(ref _pausedUntil))
        {
            return;
        }
        try
        {
            var now = clock.GetUtcNow();
            var document = new ClientDocument(project, DocumentKind.Project, RunIds.Project(project, name), "", name, "{}", now, now);
            if (await documents.AddAsync(document, cancellationToken))
            {
                Keep(document);
            }
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            meters.Rejected("project", 1);
            Interlocked.Exchange(ref _pausedUntil, (clock.GetUtcNow() + s_pause).UtcTicks);
            if (error is not LangSmithRefusal)
            {
                Log.ProjectNotNoted(logger, error.GetType().Name);
            }
        }
    }

    /// <summary>False when there is a project of this id or name.</summary>
    public async Task<bool> AddAsync(ProjectId project, Guid? id, string name, JsonObject body, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var document = new ClientDocument(project, DocumentKind.Project, id ?? RunIds.Project(project, name), "", name, ClientDocument.Write(body), now, now);
        if (!await documents.AddAsync(document, cancellationToken))
        {
            return false;
        }
        Keep(document);
        return true;
    }

    public async Task<ClientDocument> SaveAsync(ClientDocument document, JsonObject body, CancellationToken cancellationToken)
    {
        var changed = document.With(body, clock.GetUtcNow());
        if (!await documents.SaveAsync(changed, cancellationToken) && !await documents.AddAsync(changed, cancellationToken))
        {
            throw LangSmithRefusal.NotFound("Project");
        }
        Keep(changed);
        return changed;
    }

    public async Task RemoveAsync(ClientDocument document, CancellationToken cancellationToken)
    {
        await documents.RemoveAsync(document.Project, DocumentKind.Project, document.Id, cancellationToken);
        _byId.TryRemove((document.Project, document.Id), out _);
        _byName.TryRemove((document.Project, document.Name), out _);
    }

    private static ClientDocument Default(ProjectId project) =>
        new(project, DocumentKind.Project, RunIds.Project(project, DefaultName), "", DefaultName, "{}", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    private void Keep(ClientDocument document)
    {
        _byId[(document.Project, document.Id)] = document;
        _byName[(document.Project, document.Name)] = document;
    }
}
