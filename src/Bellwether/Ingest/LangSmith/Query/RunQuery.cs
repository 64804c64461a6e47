using System.Text.Json.Nodes;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>A question for runs, made of the body of <c>runs/query</c> in either version.</summary>
/// <param name="names">What names become when they are stored; those of the filters become the same.</param>
internal sealed class RunQuery(CaptureFilters names)
{
    private const int MostSessions = 1_000;
    private readonly List<RunFilter> _parts = [];

    /// <summary>What the store decides; the filters below decide the rest.</summary>
    public RunPushdown Pushdown { get; } = new();
    /// <summary>Must hold of the run.</summary>
    public RunFilter Filter => new RunFilter.And(1, _parts);
    /// <summary>Must hold of the root of the run's trace; null for none.</summary>
    public RunFilter? TraceFilter { get; private set; }
    /// <summary>Must hold of any run of its trace; null for none.</summary>
    public RunFilter? TreeFilter { get; private set; }
    public bool Ascending { get; private set; }
    public int Limit { get; private set; } = 100;
    /// <summary>The last run of the page before; null at the first.</summary>
    public RunPosition? After { get; private set; }
    /// <summary>Fields to answer with; null for all.</summary>
    public IReadOnlySet<string>? Select { get; private set; }

    private static readonly HashSet<string> s_known =
    [
        "session", "run_type", "filter", "trace_filter", "tree_filter", "query", "start_time", "end_time", "error", "id", "limit", "trace", "parent_run",
        "reference_example", "is_root", "order", "select", "cursor", "execution_order",
    ];

    private static readonly HashSet<string> s_knownV2 =
    [
        "project_ids", "reference_dataset_id", "reference_examples", "filter", "trace_filter", "tree_filter", "min_start_time", "max_start_time", "has_error", "ids", "is_root",
        "run_type", "selects", "trace_id", "cursor", "page_size", "limit",
    ];

    private static readonly HashSet<string> s_knownOfTraces =
        ["project_id", "trace_ids", "trace_filter", "tree_filter", "min_start_time", "max_start_time", "selects", "cursor", "page_size"];

    /// <summary>The body of <c>POST /runs/query</c> and <c>POST /runs/stats</c>.</summary>
    public static RunQuery Of(JsonObject body, LangSmithProjects projects, ProjectId project, CaptureFilters names)
    {
        RefuseUnknown(body, s_known);
        var query = new RunQuery(names);
        query.AddProjects(LangSmithCall.Ids(body, "session", MostSessions), projects, project);
        query.AddIds("id", LangSmithCall.Ids(body, "id"));
        query.AddIds("reference_example_id", LangSmithCall.Ids(body, "reference_example"));
        query.AddTrace(LangSmithCall.Id(body, "trace"));
        query.AddParent(LangSmithCall.Id(body, "parent_run"));
        query.AddType(LangSmithCall.Text(body, "run_type"));
        query.AddFlags(LangSmithCall.Flag(body, "is_root"), LangSmithCall.Flag(body, "error"));
        if (body["execution_order"] is { } order)
        {
            _ = JsonFields.Number(order) == 1 ? query.AddFlags(true, null) : throw LangSmithRefusal.Invalid("execution_order", "can be 1 only, which means roots");
        }
        query.AddFilters(body, LangSmithCall.Text(body, "query"));
        query.AddWindow(LangSmithCall.Time(body, "start_time"), LangSmithCall.Time(body, "end_time"));
        query.Ascending = LangSmithCall.Text(body, "order") switch
        {
            "" or "desc" => false,
            "asc" => true,
            _ => throw LangSmithRefusal.Invalid("order", "must be asc or desc"),
        };
        query.AddPage(body, "limit");
        query.Select = LangSmithCall.Texts(body, "select") is { Count: > 0 } fields ? fields.ToHashSet() : null;
        return query;
    }

    /// <summary>The body of <c>POST /api/v2/runs/query</c>, whose names and enums are others.</summary>
    public static RunQuery OfV2(JsonObject body, LangSmithProjects projects, ProjectId project, CaptureFilters names, DateTimeOffset now)
    {
        RefuseUnknown(body, s_knownV2);
        var query = new RunQuery(names);
        var named = LangSmithCall.Ids(body, "project_ids", MostSessions);
        var dataset = LangSmithCall.Id(body, "reference_dataset_id");
        if ((named.Count > 0) == (dataset is not null))
        {
            throw LangSmithRefusal.Invalid("project_ids", "or reference_dataset_id is needed, and only one of them");
        }
        query.AddProjects(dataset is { } of ? [.. projects.OfDataset(project, of).Select(experiment => experiment.Id)] : named, projects, project);
        query.AddIds("id", LangSmithCall.Ids(body, "ids"));
        query.AddIds("reference_example_id", LangSmithCall.Ids(body, "reference_examples"));
        query.AddTrace(LangSmithCall.Id(body, "trace_id"));
        query.AddType(LangSmithCall.Text(body, "run_type").ToLowerInvariant());
        query.AddFlags(LangSmithCall.Flag(body, "is_root"), LangSmithCall.Flag(body, "has_error"));
        query.AddFilters(body, "");
        // As their API says; experiments are asked for whole.
        query.AddWindow(LangSmithCall.Time(body, "min_start_time") ?? (dataset is null ? now.AddDays(-1) : null), LangSmithCall.Time(body, "max_start_time"));
        query.AddPage(body, body["page_size"] is null ? "limit" : "page_size");
        query.Select = Selected(LangSmithCall.Texts(body, "selects"));
        return query;
    }

    /// <summary>V2 answers with what is asked for and the id.</summary>
    public static HashSet<string> Selected(IEnumerable<string> selects) => [.. selects.Select(field => field.ToLowerInvariant()), "id"];

    /// <summary>The body of <c>POST /api/v2/traces/query</c>: roots, of which <c>trace_filter</c> is asked itself.</summary>
    public static RunQuery OfTraces(JsonObject body, LangSmithProjects projects, ProjectId project, CaptureFilters names, DateTimeOffset now)
    {
        RefuseUnknown(body, s_knownOfTraces);
        var query = new RunQuery(names);
        query.AddProjects([LangSmithCall.Id(body, "project_id") ?? throw LangSmithRefusal.Invalid("project_id", "is needed")], projects, project);
        query.AddIds("trace_id", LangSmithCall.Ids(body, "trace_ids"));
        query.AddFlags(true, null);
        query.AddFilters(new JsonObject { ["filter"] = body["trace_filter"]?.DeepClone(), ["tree_filter"] = body["tree_filter"]?.DeepClone() }, "");
        query.AddWindow(LangSmithCall.Time(body, "min_start_time") ?? now.AddDays(-1), LangSmithCall.Time(body, "max_start_time"));
        query.AddPage(body, "page_size");
        query.Select = Selected(LangSmithCall.Texts(body, "selects"));
        return query;
    }

    /// <summary>The query string of <c>GET /api/v2/traces/{id}/runs</c>.</summary>
    public static RunQuery OfTrace(LangSmithCall call, LangSmithProjects projects, CaptureFilters names)
    {
        var query = new RunQuery(names);
        query.AddProjects(call.Ids("project_id"), projects, call.Project);
        query.AddTrace(call.RouteId("id"));
        query.AddFilters(new JsonObject { ["filter"] = call.Parameter("filter") }, "");
        var times = new JsonObject { ["min_start_time"] = Said("min_start_time"), ["max_start_time"] = Said("max_start_time") };
        query.AddWindow(LangSmithCall.Time(times, "min_start_time"), LangSmithCall.Time(times, "max_start_time"));
        return query;

        string? Said(string name) => call.Parameter(name) is { Length: > 0 } text ? text : null;
    }

    private static void RefuseUnknown(JsonObject body, HashSet<string> known)
    {
        foreach (var (name, value) in body)
        {
            if (value is not null && !known.Contains(name))
            {
                throw LangSmithRefusal.Invalid(JsonFields.Short(name, 60), "runs cannot be queried by this field here");
            }
        }
    }

    private void AddProjects(IReadOnlyList<Guid> sessions, LangSmithProjects projects, ProjectId project)
    {
        if (sessions.Count == 0)
        {
            return;
        }
        var names = sessions.Select(id => projects.Find(project, id)?.Name ?? throw LangSmithRefusal.NotFound($"Project {id}")).Distinct().ToList();
        if (names.Contains(LangSmithProjects.DefaultName))
        {
            names.Add("");
        }
        Pushdown.Add(names.Count == 1 ? Telemetry.Filter.Eq("endpoint", names[0]) : new Filter("endpoint", FilterOp.In, [.. names]));
    }

    private void AddIds(string field, IReadOnlyList<Guid> ids)
    {
        if (ids.Count > 0)
        {
            Add(new RunFilter.Compare(1, RunFields.Find(field)!, RunOperator.In, [.. ids.Select(id => new RunValue(id.ToString()))]));
        }
    }

    private void AddTrace(Guid? trace)
    {
        if (trace is { } id)
        {
            Pushdown.Add(Telemetry.Filter.Eq("trace_id", RunIds.StoredTrace(id)));
        }
    }

    private void AddParent(Guid? parent)
    {
        if (parent is { } id)
        {
            var text = id.ToString("N");
            // A span's id stands in the last half.
            Pushdown.Add(Telemetry.Filter.Eq("parent_id", text.StartsWith("0000000000000000", StringComparison.Ordinal) ? text[16..] : id.ToString()));
        }
    }

    private void AddType(string type)
    {
        if (type.Length > 0)
        {
            Add(new RunFilter.Compare(1, RunFields.Find("run_type")!, RunOperator.Eq, [new RunValue(type)]));
        }
    }

    private RunQuery AddFlags(bool? root, bool? error)
    {
        if (root is { } isRoot)
        {
            Add(new RunFilter.Compare(1, RunFields.Find("is_root")!, RunOperator.Eq, [new RunValue("", Flag: isRoot)]));
        }
        if (error is { } failed)
        {
            Add(new RunFilter.Compare(1, RunFields.Find("error")!, RunOperator.Eq, [new RunValue("", Flag: failed)]));
        }
        return this;
    }

    private void AddFilters(JsonObject body, string search)
    {
        if (search.Trim().Length > 0)
        {
            Pushdown.Search(search);
        }
        if (Filtered(body, "filter", Pushdown.Add) is { } filter)
        {
            _parts.Add(filter);
        }
        const string Texts = "texts can be searched in filter only";
        TraceFilter = Filtered(body, "trace_filter", part => RunPushdown.RefuseSearch(part, Texts));
        TreeFilter = Filtered(body, "tree_filter", part => RunPushdown.RefuseSearch(part, Texts));
    }

    // The mistake is named with the field that holds it.
    private RunFilter? Filtered(JsonObject body, string name, Action<RunFilter> take)
    {
        var text = LangSmithCall.Text(body, name, int.MaxValue);
        if (text.Trim().Length == 0)
        {
            return null;
        }
        try
        {
            var filter = RunNames.AsStored(RunFilterParser.Parse(text), names);
            take(filter);
            return filter;
        }
        catch (RunFilterException mistake)
        {
            throw LangSmithRefusal.Invalid(name, mistake.Message);
        }
    }

    private void Add(RunFilter part)
    {
        _parts.Add(part);
        Pushdown.Add(part);
    }

    private void AddWindow(DateTimeOffset? from, DateTimeOffset? to)
    {
        if (from is { } first)
        {
            Pushdown.NotBefore(first);
        }
        if (to is { } last)
        {
            Pushdown.Before(last.AddTicks(1));
        }
    }

    private void AddPage(JsonObject body, string limit)
    {
        if (body[limit] is { } node)
        {
            // LangSmith's own pages are not longer: whoever wants more follows the cursor.
            Limit = JsonFields.Number(node) is { } number and >= 1 ? (int)Math.Min(number, 100) : throw LangSmithRefusal.Invalid(limit, "must be a whole number of at least 1");
        }
        if (LangSmithCall.Text(body, "cursor") is { Length: > 0 } cursor)
        {
            After = RunPosition.Parse(cursor) ?? throw LangSmithRefusal.Invalid("cursor", "is not one that a page returned");
        }
    }
}
