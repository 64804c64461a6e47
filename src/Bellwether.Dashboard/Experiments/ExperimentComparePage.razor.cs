using System.Collections.Immutable;
using Bellwether.Datasets;
using Microsoft.AspNetCore.Components;

namespace Bellwether.Dashboard;

/// <summary>Two experiments side by side: in numbers, and example by example.</summary>
public sealed partial class ExperimentComparePage
{
    private static readonly int s_pageSize = 20;

    private static readonly ImmutableArray<(CompareShow Show, string Label)> s_shows =
    [
        (CompareShow.All, "All"), (CompareShow.Higher, "B higher"), (CompareShow.Same, "Same"), (CompareShow.Lower, "B lower"), (CompareShow.Failed, "Failed"), (CompareShow.OneOnly, "In one only"),
    ];

    private CompareState _state = new();
    private ExperimentComparison? _comparison;
    private ComparedTexts _texts = ComparedTexts.None;
    private ImmutableArray<ComparedExample> _shown = [];
    private string _score = "";
    private int _pages;
    private bool _isRead;

    [Parameter]
    public Guid Dataset { get; set; }

    protected override string OwnQuery(string uri) => CompareState.Parse(uri).ToQuery();

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var state = CompareState.Parse(Navigation.Uri);
        var both = state is { A: { } a, B: { } b } ? await Experiments.CompareAsync(ProjectId, Dataset, a, b, cancellationToken) : null;
        if (both is null)
        {
            (_state, _comparison, _shown, _isRead) = (state, null, [], true);
            return;
        }
        var score = Choices(both).Any(one => one.Name == state.Score) ? state.Score : Choices(both).FirstOrDefault()?.Name ?? "";
        var fitting = both.Examples.Where(example => CompareState.Fits(state.Show, example, score)).ToList();
        var pages = Math.Max(1, (fitting.Count + s_pageSize - 1) / s_pageSize);
        // Whoever comes with an old address, or whose page got empty meanwhile, sees the last one.
        state = state with { Page = Math.Min(state.Page, pages) };
        ImmutableArray<ComparedExample> shown = [.. fitting.Skip((state.Page - 1) * s_pageSize).Take(s_pageSize)];
        var texts = shown.IsEmpty ? ComparedTexts.None : await Experiments.TextsAsync(ProjectId, both, shown, cancellationToken);
        (_state, _comparison, _score, _pages, _shown, _texts, _isRead) = (state, both, score, pages, shown, texts, true);
    }

    // Examples are told apart by numbers that both have.
    private static IEnumerable<ScoreDifference> Choices(ExperimentComparison both) => both.Scores.Where(score => score.Pairs > 0);

    // Only what is whole on both sides can be compared.
    private static double? CostDifference(ExperimentComparison both, Func<ExperimentSummary, double?, double?> of) =>
        both.A.Spend is { Unpriced: 0, CostUsd: { } a } && both.B.Spend is { Unpriced: 0, CostUsd: { } b } ? of(both.B, b) - of(both.A, a) : null;

    // A run that was left out costs nothing: sums then say which experiment was shorter, not which is cheaper.
    private static bool IsSameSize(ExperimentComparison both) => both.A.Runs == both.B.Runs && !both.A.IsCut && !both.B.IsCut;

    // The sum is of all runs, also of those that were not read.
    private static double? PerRun(ExperimentSummary side, double? sum) => side.Runs > 0 && !side.IsCut ? sum / side.Runs : null;

    private static string Cut(ExperimentSummary side) => side.IsCut ? ", the first of more" : "";

    private static string Mean(ExperimentSummary side, string name) => side.Scores.FirstOrDefault(score => score.Name == name) switch
    {
        null => Format.None,
        { Mean: { } mean, Count: var count } => $"{ScoreText.Number(mean)} (n {Format.Count(count)})",
        var labels => ScoreText.Labels(labels.Labels),
    };

    private string Href(CompareState state) => View.Link($"/p/{Project}/experiments/{Dataset:D}/compare{state.ToQuery()}");

    private string TraceHref(string trace) => View.Link($"/p/{Project}/traces/{PathPart.Write(trace)}");
}
