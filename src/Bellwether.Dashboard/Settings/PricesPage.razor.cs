using System.Globalization;
using Bellwether.Identity;
using Bellwether.Pricing;
using Bellwether.State;
using Microsoft.AspNetCore.Components;
using Refusal = Bellwether.State.Change;

namespace Bellwether.Dashboard;

/// <summary>All prices with search, and the operator's own ones.</summary>
public sealed partial class PricesPage
{
    private const int PageSize = 60;
    private IReadOnlyList<Row> _rows = [];
    private Form? _form;
    private bool _mayChange;
    private int _shown = PageSize;
    private int _found;
    private int _total;
    private string _hint = "";
    private string _typed = "";
    private string? _searched;

    /// <summary>From the URL, so that a search can be passed on.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Search { get; set; }

    protected override Task<bool> LoadAsync(Actor actor)
    {
        _mayChange = actor.IsOperator;
        _total = Book.Table.Providers.Sum(provider => provider.Models.Count);
        if (_searched != (Search ?? ""))
        {
            _searched = _typed = Search ?? "";
        }
        Find();
        return Task.FromResult(true);
    }

    private void SearchAgain()
    {
        _shown = PageSize;
        Find();
    }

    // The address follows once the word is whole. With every letter, its answer would come back into the box behind the next one.
    private void KeepSearch()
    {
        _searched = _typed;
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("q", _typed.Length > 0 ? _typed : null), replace: true);
    }

    private void Find()
    {
        var words = _typed.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var now = Clock.GetUtcNow();
        var fits = Book.Table.Providers
            .SelectMany(provider => provider.Models.Select(model => (Provider: provider, Model: model)))
            .Where(pair => words.All(word =>
                pair.Model.Id.Contains(word, StringComparison.OrdinalIgnoreCase)
                || pair.Model.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
                || pair.Provider.Name.Contains(word, StringComparison.OrdinalIgnoreCase)))
            .ToList();
        _found = fits.Count;
        _hint = _found == _total ? $"{Format.Count(_total)} models" : $"{Format.Count(_found)} of {Format.Count(_total)} models";
        _rows = [.. fits.Take(_shown).Select(pair => Row.Of(pair.Provider, pair.Model, now))];
    }

    private void Open(Row? row)
    {
        ClearErrors();
        _form = new Form
        {
            Model = row?.Model ?? "",
            Provider = row?.ProviderId ?? "",
            From = DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime),
            Input = TypedNumbers.Text(row?.Price.Input?.Base),
            Output = TypedNumbers.Text(row?.Price.Output?.Base),
            CacheRead = TypedNumbers.Text(row?.Price.CacheRead?.Base),
            CacheWrite = TypedNumbers.Text(row?.Price.CacheWrite?.Base),
        };
    }

    private async Task SaveAsync()
    {
        var form = _form!;
        var numbers = new TypedNumbers();
        var draft = new PriceOverrideDraft(
            form.Provider, form.Model, form.From, numbers.Decimal("input", form.Input), numbers.Decimal("output", form.Output), numbers.Decimal("cacheRead", form.CacheRead),
            numbers.Decimal("cacheWrite", form.CacheWrite), null);
        if (form.From is null) { numbers.Refuse("validFrom", "is needed"); }
        if (numbers.Errors.Count > 0)
        {
            Refuse(numbers.With(draft.Problems(Book.Table)));
            return;
        }
        if (await ApplyAsync(actor => AddAsync(actor, draft), "The price is set. It holds for calls from now on.") is not null)
        {
            _form = null;
        }
    }

    private async Task<Change<PriceOverride>> AddAsync(Actor actor, PriceOverrideDraft draft) =>
        !actor.IsOperator ? Refusal.Forbidden
        : draft.Problems(Book.Table) is { Count: > 0 } problems ? Refusal.Invalid(problems)
        : await Overrides.AddAsync(draft, actor, Gone);

    private async Task RemoveAsync(string id) => await ApplyAsync<string>(
            async actor => !actor.IsOperator ? Refusal.Forbidden : await Overrides.RemoveAsync(id, actor, Gone) ? id : Refusal.NotFound,
            "The price is removed.");

    private static string Amount(decimal? usd) => usd?.ToString("0.00####", CultureInfo.InvariantCulture) ?? Format.None;

    private static string Amount(TokenPrice? price) => price is null ? Format.None : Amount(price.Base) + (price.Tiers.Count > 0 ? "+" : "");

    private sealed record Row(string Key, string Model, string ProviderId, string Provider, string Since, string Note, PriceRow Price)
    {
        public static Row Of(PriceProvider provider, PriceModel model, DateTimeOffset now)
        {
            var index = model.RowAt(now);
            var price = index >= 0 ? model.Rows[index] : new PriceRow();
            var tiers = price.Input?.Tiers.Count > 0 || price.Output?.Tiers.Count > 0 ? "dearer for long prompts" : "";
            return new Row(
                $"{provider.Id}/{model.Id}", model.Id, provider.Id, provider.Name,
                price.From?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "Always",
                price.DailyFrom is null ? tiers : "by time of day", price);
        }
    }

    private sealed class Form
    {
        public string Model { get; set; } = "";
        public string Provider { get; set; } = "";
        public DateOnly? From { get; set; }
        public string Input { get; set; } = "";
        public string Output { get; set; } = "";
        public string CacheRead { get; set; } = "";
        public string CacheWrite { get; set; } = "";
    }
}
