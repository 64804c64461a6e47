using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bellwether.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Pricing;

/// <summary>Prices over HTTP: quote an answer, search the table, keep overrides.</summary>
internal static class PricingApi
{
    private const int MostListed = 500;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/pricing").WithTags("Pricing");
        group.MapPost("/quote", Quote)
            .RequireAuthorization(Policies.Viewer)
            .WithSummary("What a provider's answer costs")
            .WithDescription("`response` is the provider's own body, or at least its model and usage block. Answers `{\"price\":null}` when no price is known: never 0.")
            .Produces<QuoteResponse>().ProducesValidationProblem();
        group.MapGet("/models", Models)
            .RequireAuthorization(Policies.Viewer)
            .Produces<PriceListingPage>()
            .WithSummary("Search the shipped price table; USD per million tokens");
        group.MapGet("/overrides", (PriceBook book) => Results.Json(book.Overrides, PricingJson.Default.ImmutableArrayPriceOverride))
            .RequireAuthorization(Policies.Viewer)
            .WithSummary("The operator's own prices");
        group.MapPost("/overrides", AddOverride).RequireAuthorization(Policies.Operator).WithSummary("Set an own price from a day on")
            .Produces<PriceOverride>(StatusCodes.Status201Created).ProducesValidationProblem();
        group.MapDelete("/overrides/{id}", RemoveOverride).RequireAuthorization(Policies.Operator).WithSummary("Remove an own price")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static IResult Quote(QuoteRequest request, PriceBook book, TimeProvider clock)
    {
        // A provider that the table does not know has no price, unless the operator set one: that is an answer and no mistake.
        var provider = string.IsNullOrEmpty(request.Provider) ? null : book.Table.Provider(request.Provider);
        var flavor = request.Flavor ?? "";
        if (provider is { Extractors.Count: > 0 } && flavor.Length > 0 && provider.Extractors.All(extractor => extractor.Flavor != flavor))
        {
            return Problem("flavor", $"{provider.Name} has no API flavor '{flavor}'; it has {string.Join(", ", provider.Extractors.Select(extractor => extractor.Flavor))}.");
        }
        if (!UsageReader.TryRead(book.Table, provider, provider is null ? "" : flavor, request.Response, out var usage, out var answered))
        {
            return Problem("response", "No usage block of this provider's API was found in it.");
        }

        var at = request.At ?? clock.GetUtcNow();
        var priced = Price(answered) ?? Price(request.Model);
        if (priced is not var (model, quote, version))
        {
            return Results.Json(new NoPrice(), PricingJson.Default.NoPrice);
        }
        return Results.Json(new QuoteResponse(model, quote.InputUsd, quote.OutputUsd, quote.TotalUsd, version), PricingJson.Default.QuoteResponse);

        (string Model, PriceQuote Quote, string Version)? Price(string? model) =>
            string.IsNullOrEmpty(model) ? null : book.Price(request.Provider ?? "", model, usage, at);
    }

    private static IResult Models(PriceBook book, TimeProvider clock, string? q = null, string? provider = null)
    {
        var now = clock.GetUtcNow();
        var found = new List<PriceListing>();
        foreach (var owner in book.Table.Providers.Where(owner => string.IsNullOrEmpty(provider) || owner.Id == provider))
        {
            foreach (var model in owner.Models)
            {
                if (!string.IsNullOrEmpty(q) && !model.Id.Contains(q, StringComparison.OrdinalIgnoreCase) && !model.Name.Contains(q, StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }
                var row = model.RowAt(now);
                if (row >= 0)
                {
                    found.Add(new PriceListing(owner.Id, model.Id, model.Name, model.ContextWindow, $"{book.Table.Source}@{book.Table.Date}", model.Rows[row]));
                }
            }
        }
        return Results.Json(new PriceListingPage([.. found.Take(MostListed)], found.Count), PricingJson.Default.PriceListingPage);
    }

    private static async Task<IResult> AddOverride(PriceOverrideDraft draft, PriceOverrideStore store, PriceBook book, ClaimsPrincipal user, Actors actors, CancellationToken cancellationToken)
    {
        if (draft.Problems(book.Table) is { Count: > 0 } problems)
        {
            return Results.ValidationProblem(problems, type: "https://bellwether.dev/errors/invalid_price");
        }
        var added = await store.AddAsync(draft, actors.Of(user), cancellationToken);
        return Results.Json(added, PricingJson.Default.PriceOverride, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> RemoveOverride(string id, PriceOverrideStore store, ClaimsPrincipal user, Actors actors, CancellationToken cancellationToken) =>
        await store.RemoveAsync(id, actors.Of(user), cancellationToken) ? Results.NoContent() : Results.NotFound();

    private static IResult Problem(string field, string message) =>
        Results.ValidationProblem(new Dictionary<string, string[]> { [field] = [message] }, type: "https://bellwether.dev/errors/invalid_quote");
}

internal sealed record QuoteRequest(string? Provider, string? Flavor, string? Model, JsonElement Response, DateTimeOffset? At);

internal sealed record QuoteResponse(string Model, decimal InputUsd, decimal OutputUsd, decimal TotalUsd, string PriceVersion);

internal sealed record NoPrice([property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Price = null);

internal sealed record PriceListing(string Provider, string Model, string Name, long? ContextWindow, string Source, PriceRow Row);

internal sealed record PriceListingPage(IReadOnlyList<PriceListing> Items, int Total);
