using Bellwether.Pricing;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Tests.Pricing;

/// <summary>M3: dated rows, tiers, overrides, and "no price" where none is known.</summary>
public sealed class PriceBookTests
{
    private static readonly DateTimeOffset Autumn = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly PriceBook _book = new();

    [Fact]
    public void An_unknown_model_has_no_price_rather_than_a_price_of_zero() =>
        Assert.Null(_book.Quote("", "nobody/has-this-model", Tokens(10, 10), Autumn));

    [Theory]
    [InlineData("""{"model":"gpt-4o","usage":{"prompt_tokens":12.0,"completion_tokens":3e0}}""", 12, 3)]
    [InlineData("""{"model":"gpt-4o","usage":{"prompt_tokens":9223372036854775807,"completion_tokens":1}}""", 1_000_000_000_000, 1)]
    public void Counts_are_read_as_numbers_and_bounded(string response, long input, long output)
    {
        using var document = System.Text.Json.JsonDocument.Parse(response);
        Assert.True(UsageReader.TryRead(_book.Table, _book.Table.Provider("OpenAI"), "chat", document.RootElement, out var usage, out _));
        Assert.Equal((input, output), (usage.InputTokens, usage.OutputTokens));
    }

    [Theory]
    [InlineData("text-embedding-3-small", "openai/text-embedding-3-small")]
    [InlineData("ft:gpt-4o-2024-08-06:acme::1", "openai/ft:gpt-4o")]
    [InlineData("gemini-embedding-001", "google/gemini-embedding-001")]
    [InlineData("nomic-embed-text", null)]
    [InlineData("llama3.3", null)]
    [InlineData("text-embedding-004", null)]
    public void At_an_address_that_nobody_knows_a_models_name_says_whose_it_is(string model, string? row) =>
        Assert.Equal(row, _book.Quote("", model, Tokens(10, 0), Autumn)?.PriceVersion.Split('/', 2)[1].Split('#')[0]);

    [Fact]
    public void A_provider_is_found_in_any_case_and_gemini_under_the_name_of_our_settings()
    {
        Assert.Equal("openai", _book.Table.Provider("OpenAI")!.Id);
        Assert.Equal("google", _book.Table.Provider("gemini")!.Id);
        Assert.Null(_book.Table.Provider("nobody"));
    }

    [Fact]
    public void A_call_without_usage_has_no_price() => Assert.Null(_book.Quote("openai", "gpt-4o", Usage.None, Autumn));

    [Fact]
    public void A_model_without_an_output_price_has_no_price_for_output() =>
        Assert.Null(_book.Quote("openai", "gpt-image-2", Tokens(10, 10), Autumn));

    [Fact]
    public void The_price_in_force_on_the_day_of_the_call_counts()
    {
        var summer = _book.Quote("anthropic", "claude-sonnet-5", Tokens(1_000_000, 0), new DateTimeOffset(2026, 8, 31, 23, 59, 59, TimeSpan.Zero));
        var september = _book.Quote("anthropic", "claude-sonnet-5", Tokens(1_000_000, 0), new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal(2m, summer!.TotalUsd);
        Assert.Equal(3m, september!.TotalUsd);
        Assert.NotEqual(summer.PriceVersion, september.PriceVersion);
    }

    [Fact]
    public void A_long_context_is_billed_whole_at_the_tier_that_it_reaches()
    {
        Assert.Equal(0.6m, _book.Quote("anthropic", "claude-sonnet-4-5", Tokens(200_000, 0), Autumn)!.InputUsd);
        Assert.Equal(1.200006m, _book.Quote("anthropic", "claude-sonnet-4-5", Tokens(200_001, 0), Autumn)!.InputUsd);
    }

    [Fact]
    public void Cached_tokens_are_a_part_of_the_input_and_not_billed_twice()
    {
        var usage = Tokens(1_000_000, 0) with { CacheReadTokens = 400_000, CacheWriteTokens = 100_000 };
        // 500,000 plain at 3, 400,000 read at 0.30, 100,000 written at 3.75, all USD per million
        Assert.Equal(1.5m + 0.12m + 0.375m, _book.Quote("anthropic", "claude-sonnet-4-0", usage, Autumn)!.InputUsd);
    }

    [Fact]
    public void Night_rates_hold_in_their_hours_only()
    {
        var day = _book.Quote("deepseek", "deepseek-chat", Tokens(1_000_000, 0), new DateTimeOffset(2025, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var night = _book.Quote("deepseek", "deepseek-chat", Tokens(1_000_000, 0), new DateTimeOffset(2025, 3, 1, 20, 0, 0, TimeSpan.Zero));
        Assert.True(night!.TotalUsd < day!.TotalUsd);
    }

    [Fact]
    public void An_override_goes_before_the_table_from_its_day_on()
    {
        _book.Use([new PriceOverride("a", "", "gpt-4o*", new DateOnly(2026, 11, 1), 1m, 2m, null, null, null)]);
        Assert.Equal("override@2026-11-01/a", _book.Quote("openai", "gpt-4o", Tokens(1_000_000, 1_000_000), Autumn)!.PriceVersion);
        Assert.Equal(3m, _book.Quote("openai", "gpt-4o", Tokens(1_000_000, 1_000_000), Autumn)!.TotalUsd);
        Assert.StartsWith("genai-prices@", _book.Quote("openai", "gpt-4o", Tokens(1, 1), Autumn.AddDays(-1))!.PriceVersion, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exact_override_goes_before_a_prefix()
    {
        _book.Use([
            new PriceOverride("prefix", "", "my-*", new DateOnly(2026, 10, 1), 9m, 9m, null, null, null),
            new PriceOverride("exact", "", "my-model", new DateOnly(2026, 1, 1), 1m, 1m, null, null, null),
        ]);
        Assert.Equal(1m, _book.Quote("", "my-model", Tokens(1_000_000, 0), Autumn)!.TotalUsd);
        Assert.Equal(9m, _book.Quote("", "my-other", Tokens(1_000_000, 0), Autumn)!.TotalUsd);
    }

    [Fact]
    public void The_enricher_prices_the_model_that_answered_and_falls_back_to_the_one_asked_for()
    {
        var enricher = new PricingEnricher(_book);
        var call = new Observation
        {
            Id = Guid.CreateVersion7(Autumn), Project = ProjectId.Default, StartTime = Autumn, Kind = ObservationKind.Llm, State = ObservationState.Ok,
            PriceProvider = "openai", RequestModel = "gpt-4o", Model = "in-house-alias", Usage = Tokens(1_000, 0),
        };
        var priced = enricher.Enrich(TelemetryRecord.Of(call, ObservationPayload.Empty)).Observation!;
        Assert.Equal(0.0025m, priced.Cost!.TotalUsd);
        Assert.Null(enricher.Enrich(TelemetryRecord.Of(call with { RequestModel = "other" }, ObservationPayload.Empty)).Observation!.Cost);
    }

    [Theory]
    [InlineData("gpt-4o", 0, 0.0025), InlineData("gpt-4o", 7, 7.0), InlineData("other", 0, null)]
    public void What_a_client_says_a_call_cost_stands_unless_it_is_zero(string model, int said, double? stored)
    {
        var call = new Observation
        {
            Id = Guid.CreateVersion7(Autumn), Project = ProjectId.Default, StartTime = Autumn, Kind = ObservationKind.Llm, State = ObservationState.Ok,
            PriceProvider = "openai", RequestModel = model, Model = model, Usage = Tokens(1_000, 0), Cost = new Cost(said, 0, "client"),
        };
        Assert.Equal((decimal?)stored, new PricingEnricher(_book).Enrich(TelemetryRecord.Of(call, ObservationPayload.Empty)).Observation!.Cost?.TotalUsd);
    }

    [Fact]
    public void A_draft_names_each_field_that_is_wrong() =>
        Assert.Equal(["input", "model", "provider"], new PriceOverrideDraft("nobody", " ", null, null, null, null, null, null).Problems(_book.Table).Keys.Order());

    private static Usage Tokens(long input, long output) => new() { InputTokens = input, OutputTokens = output };
}
