using System.Globalization;
using Bellwether.Evaluators;
using Bellwether.Feedback;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Quality;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Components;

namespace Bellwether.Dashboard;

/// <summary>Requirement Q4: makes evaluators and shows how they do.</summary>
public sealed partial class EvaluatorsPage
{
    private static readonly TimeSpan s_window = TimeSpan.FromDays(7);
    private IReadOnlyList<Row> _rows = [];
    private Form? _form;
    private bool _mayChange;

    [Parameter]
    public string Project { get; set; } = ProjectId.Default.Value;

    private ProjectId ProjectId => new(Project);

    protected override async Task<bool> LoadAsync(Actor actor)
    {
        _mayChange = actor.May(Role.Editor, ProjectId);
        if (!actor.MaySee(ProjectId)) { return false; }
        var now = Clock.GetUtcNow();
        var window = new TimeRange(now - s_window, now);
        var rows = new List<Row>();
        foreach (var report in await Reports.ReadAsync(ProjectId, window, Gone))
        {
            // Labels of its own name are meant for it; votes are the next best that people say.
            var against = report.Evaluator.Name;
            var agreement = await Agreements.ReadAsync(ProjectId, window, report.Evaluator.Name, against, Gone);
            if (agreement.Kappa.Pairs == 0)
            {
                against = FeedbackNames.Vote;
                agreement = await Agreements.ReadAsync(ProjectId, window, report.Evaluator.Name, against, Gone);
            }
            rows.Add(new Row(report, agreement, against));
        }
        _rows = rows;
        return rows.Count > 0;
    }

    private void Open(Evaluator? evaluator)
    {
        ClearErrors();
        _form = evaluator is null ? new Form() : Form.Of(evaluator);
    }

    private async Task SaveAsync()
    {
        var form = _form!;
        var numbers = new TypedNumbers();
        var draft = form.ToDraft(numbers);
        if (numbers.Errors.Count > 0)
        {
            Refuse(numbers.Errors);
            return;
        }
        var saved = form.Id is { } id
            ? await ApplyAsync(actor => Store.UpdateAsync(actor, ProjectId, id, draft, Gone), $"{VisibleText.Flatten(form.Name, 100)} is changed.")
            : await ApplyAsync(actor => Store.CreateAsync(actor, ProjectId, draft, Gone), $"{VisibleText.Flatten(form.Name, 100)} judges from now on.");
        if (saved is not null) { _form = null; }
    }

    private async Task SwitchAsync(Evaluator evaluator) => await ApplyAsync(
        actor => Store.UpdateAsync(actor, ProjectId, evaluator.Id, Form.Of(evaluator).ToDraft(new()) with { Enabled = !evaluator.Enabled }, Gone), $"{VisibleText.Flatten(evaluator.Name, 100)} is {(evaluator.Enabled ? "stopped" : "started")}.");

    private async Task RemoveAsync(Evaluator evaluator) => await ApplyAsync(actor => Store.DeleteAsync(actor, ProjectId, evaluator.Id, Gone), $"{VisibleText.Flatten(evaluator.Name, 100)} is removed.");

    private string Verdicts(Evaluator evaluator) => $"/p/{Project}/feedback?from=now-7d&to=now&source={FeedbackSources.Evaluator}&name={Uri.EscapeDataString(evaluator.Name)}";

    private static string KindHint(EvaluatorKind kind) => kind switch
    {
        EvaluatorKind.Judge => "Costs what its calls cost.",
        EvaluatorKind.Regex => "Runs here, without backtracking.",
        _ => "Run here; all must hold.",
    };

    private static string How(Evaluator evaluator) => evaluator.Kind switch
    {
        EvaluatorKind.Judge => $"{(evaluator.Rubric == "custom" ? "own rubric" : evaluator.Rubric)}, {evaluator.Model}",
        EvaluatorKind.Regex => VisibleText.Flatten(evaluator.Pattern, 40),
        _ => VisibleText.Flatten(string.Join(", ", evaluator.Checks.Select(check => check.Check)), 60),
    };

    private static string Agrees(Agreement agreement, string against)
    {
        var kappa = agreement.Kappa;
        if (kappa.Pairs == 0) { return "nobody labelled its calls"; }
        var whose = against == FeedbackNames.Vote ? "vote" : "label";
        var of = $"{Format.Count(kappa.Pairs)} {whose}{(kappa.Pairs == 1 ? "" : "s")}{(kappa.Pairs < Proportion.SmallSample ? ", few" : "")}";
        return kappa.Value is { } value
            ? string.Create(CultureInfo.InvariantCulture, $"κ {value:0.00} ({kappa.Low:0.00} to {kappa.High:0.00}), {of}")
            : $"{Format.Percent(kappa.Agreement)} alike, {of}";
    }

    private static string Spent(EvaluatorReport report) => report.Evaluator.Kind != EvaluatorKind.Judge ? "nothing"
        : report.Today.Tokens > 0 ? $"{Format.Usd(report.Today.Usd)}, and {Format.Compact(report.Today.Tokens)} of {Format.Compact(report.Evaluator.MaxTokensPerDay)} tokens without a price"
        : $"{Format.Usd(report.Today.Usd)} of {Format.Usd(report.Evaluator.MaxUsdPerDay)}";

    private static string Trouble(EvaluatorCounts counts) => string.Join(", ", new[]
    {
        counts.Failed > 0 ? $"{Format.Count(counts.Failed)} failed" : "", counts.OverBudget > 0 ? $"{Format.Count(counts.OverBudget)} over the budget" : "", counts.Dropped > 0 ? $"{Format.Count(counts.Dropped)} left out" : "",
    }.Where(part => part.Length > 0)) is { Length: > 0 } parts ? parts + " since the start" : "";

    private sealed record Row(EvaluatorReport Report, Agreement Agreement, string Against);

    private sealed class Form
    {
        public Guid? Id { get; init; }
        public string Name { get; set; } = "";
        public EvaluatorKind Kind { get; set; } = EvaluatorKind.Judge;
        public bool Enabled { get; init; } = true;
        public string Percent { get; set; } = "10";
        public string Filter { get; set; } = "";
        public EvaluatedText Target { get; set; }
        public string Pattern { get; set; } = "";
        public string Match { get; set; } = "passes";
        public string Checks { get; set; } = "";
        public string Rubric { get; set; } = "helpfulness";
        public string Instructions { get; set; } = "";
        public string Model { get; set; } = "";
        public string Provider { get; set; } = "";
        public string Threshold { get; set; } = "0.5";
        public string MaxUsd { get; set; } = "1";
        public string MaxTokens { get; set; } = "1000000";

        public static Form Of(Evaluator evaluator) => new()
        {
            Id = evaluator.Id, Name = evaluator.Name, Kind = evaluator.Kind, Enabled = evaluator.Enabled, Percent = TypedNumbers.Text(Math.Round(evaluator.Share * 100, 6)), Filter = evaluator.Filter, Target = evaluator.Target,
            Pattern = evaluator.Pattern, Match = evaluator.PassOnMatch ? "passes" : "fails", Checks = string.Join('\n', evaluator.Checks.Select(check => $"{check.Check} {check.Value}".TrimEnd())),
            Rubric = evaluator.Rubric.Length > 0 ? evaluator.Rubric : "helpfulness", Instructions = evaluator.Instructions, Model = evaluator.Model, Provider = evaluator.Provider, Threshold = TypedNumbers.Text(evaluator.Threshold),
            MaxUsd = TypedNumbers.Text(evaluator.MaxUsdPerDay), MaxTokens = TypedNumbers.Text(evaluator.MaxTokensPerDay),
        };

        public EvaluatorDraft ToDraft(TypedNumbers numbers) => new()
        {
            Name = Name, Kind = Kind, Enabled = Enabled, Share = ShareOf(numbers), Filter = Filter, Target = Target, Pattern = Pattern, PassOnMatch = Match == "passes",
            Checks = [.. Checks.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Split(' ', 2)).Select(parts => new CodeCheck(parts[0], parts.Length > 1 ? parts[1] : ""))],
            Rubric = Rubric, Instructions = Instructions, Model = Model, Provider = Provider, Threshold = numbers.Double("threshold", Threshold), MaxUsdPerDay = numbers.Decimal("max_usd_per_day", MaxUsd), MaxTokensPerDay = numbers.Whole("max_tokens_per_day", MaxTokens),
        };

        // The store says of the share what holds for a fraction; here it is a percentage.
        private double? ShareOf(TypedNumbers numbers)
        {
            var percent = numbers.Double("share", Percent);
            if (percent is <= 0 or > 100) { numbers.Refuse("share", "must be above 0 and at most 100"); }
            return percent / 100;
        }
    }
}
