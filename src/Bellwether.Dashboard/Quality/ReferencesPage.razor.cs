using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Quality;
using Bellwether.References;
using Microsoft.AspNetCore.Components;

namespace Bellwether.Dashboard;

/// <summary>Requirement Q2: makes sets of reference questions and shows how alike the answers are over time.</summary>
public sealed partial class ReferencesPage
{
    private static readonly TimeSpan s_window = TimeSpan.FromDays(7);
    private ImmutableArray<(ReferenceSet Set, ImmutableArray<Row> Questions)> _sets = [];
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
        var sets = ImmutableArray.CreateBuilder<(ReferenceSet, ImmutableArray<Row>)>();
        foreach (var set in await Store.ListAsync(ProjectId, Gone))
        {
            var results = (await Store.ResultsAsync(set.Id, new TimeRange(now - s_window, now.AddMinutes(1)), Gone)).ToLookup(result => result.Question);
            sets.Add((set, [.. set.Questions.Select(question => Row.Of(question, [.. results[question.Id]]))]));
        }
        _sets = sets.ToImmutable();
        return !_sets.IsEmpty;
    }

    private void Open(ReferenceSet? set)
    {
        ClearErrors();
        _form = set is null ? new Form() : Form.Of(set);
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
            : await ApplyAsync(actor => Store.CreateAsync(actor, ProjectId, draft, Gone), $"{VisibleText.Flatten(form.Name, 100)} is asked now. Its answers are here in a moment.");
        if (saved is not null) { _form = null; }
    }

    private async Task RunAsync(ReferenceSet set) => await ApplyAsync(actor => Store.RunAsync(actor, ProjectId, set.Id, Gone), $"{VisibleText.Flatten(set.Name, 100)} is asked now. Its answers are here in a moment.");

    private async Task RemoveAsync(ReferenceSet set) => await ApplyAsync(actor => Store.DeleteAsync(actor, ProjectId, set.Id, Gone), $"{VisibleText.Flatten(set.Name, 100)} is removed.");

    private static string Describe(ReferenceSet set) => string.Create(CultureInfo.InvariantCulture,
        $"{set.Model}, {(set.EveryMinutes == 0 ? "when told to" : $"every {Format.Span(TimeSpan.FromMinutes(set.EveryMinutes))}")}, by {(set.Similarity == SimilarityKind.Lexical ? "words" : "embeddings")}, at least {set.Threshold:0.##}");

    private sealed record Row(string Id, string Question, ReferenceResult? Last, IReadOnlyList<double?> Trend, Proportion Passed)
    {
        public static Row Of(ReferenceQuestion question, ImmutableArray<ReferenceResult> results) => new(
            question.Id, question.Question, results.LastOrDefault(), [.. results.TakeLast(60).Select(result => result.Similarity)], new(results.Count(result => result.Passed), results.Length));
    }

    private sealed class Form
    {
        public Guid? Id { get; init; }
        public string Name { get; set; } = "";
        public string Model { get; set; } = "";
        public string Provider { get; set; } = "";
        public string System { get; set; } = "";
        public string Questions { get; set; } = "";
        public SimilarityKind Similarity { get; set; }
        public string EmbeddingModel { get; set; } = "";
        public string Threshold { get; set; } = "0.5";
        public string EveryMinutes { get; set; } = "60";
        public int MaxTokens { get; init; } = 500;
        public bool Enabled { get; init; } = true;

        public static Form Of(ReferenceSet set) => new()
        {
            Id = set.Id, Name = set.Name, Model = set.Model, Provider = set.Provider, System = set.System, Similarity = set.Similarity, EmbeddingModel = set.EmbeddingModel, Threshold = TypedNumbers.Text(set.Threshold), EveryMinutes = TypedNumbers.Text(set.EveryMinutes),
            MaxTokens = set.MaxTokens, Enabled = set.Enabled, Questions = ReferenceText.Write(set.Questions),
        };

        public ReferenceSetDraft ToDraft(TypedNumbers numbers) => new()
        {
            Name = Name, Model = Model, Provider = Provider, System = System, Similarity = Similarity, EmbeddingModel = EmbeddingModel, Threshold = numbers.Double("threshold", Threshold), EveryMinutes = numbers.Small("every_minutes", EveryMinutes), MaxTokens = MaxTokens, Enabled = Enabled,
            Questions = ReferenceText.Read(Questions),
        };
    }
}
