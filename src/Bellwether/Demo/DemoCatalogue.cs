using System.Collections.Immutable;
using Bellwether.Providers;

namespace Bellwether.Demo;

/// <summary>A model as the demo's history shows it.</summary>
/// <param name="PriceProvider">Id in the price table; for the model without a price, one that is not in it.</param>
/// <param name="TtftMs">Median time to first token.</param>
internal sealed record DemoModel(string Name, string Provider, string PriceProvider, SimulatedDialect Dialect, double TtftMs, double TokensPerSecond, bool Reasons = false);

internal enum DemoShape { Chat, Vision, Extraction, Agent, Embedding, Moderation }

/// <summary>A feature of the imaginary shop, with the models behind it and how often each is chosen.</summary>
internal sealed record DemoScenario(string Endpoint, DemoShape Shape, double Share, double Streamed, string System, ImmutableArray<(DemoModel Model, int Weight)> Models, ImmutableArray<DemoText> Texts);

/// <summary>A question and its answer; <c>{0}</c> and <c>{1}</c> stand for words that vary.</summary>
internal sealed record DemoText(string Question, string Answer);

/// <summary>The imaginary shop "Northwind Outdoor" that the demo shows.</summary>
internal static class DemoCatalogue
{
    private static readonly DemoModel s_mini = new("gpt-4o-mini", "openai", "openai", SimulatedDialect.OpenAi, 330, 95);
    private static readonly DemoModel s_gpt = new("gpt-4o", "openai", "openai", SimulatedDialect.OpenAi, 480, 70);
    private static readonly DemoModel s_gpt5 = new("gpt-5.4-mini", "openai", "openai", SimulatedDialect.OpenAi, 900, 110, Reasons: true);
    private static readonly DemoModel s_sonnet = new("claude-sonnet-4-6", "anthropic", "anthropic", SimulatedDialect.Anthropic, 760, 62);
    private static readonly DemoModel s_haiku = new("claude-haiku-4-5", "anthropic", "anthropic", SimulatedDialect.Anthropic, 410, 130);
    private static readonly DemoModel s_opus = new("claude-opus-4-6", "anthropic", "anthropic", SimulatedDialect.Anthropic, 1_300, 45);
    private static readonly DemoModel s_flash = new("gemini-2.5-flash", "gemini", "google", SimulatedDialect.Gemini, 380, 160);
    private static readonly DemoModel s_own = new("northwind-support-8b", "vllm", "northwind", SimulatedDialect.OpenAi, 120, 55);
    private static readonly DemoModel s_embedding = new("text-embedding-3-small", "openai", "openai", SimulatedDialect.OpenAi, 60, 0);
    private static readonly DemoModel s_moderation = new("omni-moderation-latest", "openai", "openai", SimulatedDialect.OpenAi, 110, 0);

    /// <summary>The model of the cost spike.</summary>
    public static readonly DemoModel Dearest = s_opus;

    public static readonly ImmutableArray<DemoScenario> Scenarios =
    [
        new("support-chat", DemoShape.Chat, 0.38, 0.92, "You are the support assistant of Northwind Outdoor. Be friendly, precise and short. Never promise refunds above 100 EUR.",
            [(s_mini, 46), (s_haiku, 30), (s_gpt, 12), (s_own, 12)], DemoTexts.Support),
        new("product-search", DemoShape.Chat, 0.14, 0.35, "Answer questions about products from the catalogue excerpts given. Say so if the excerpts do not contain the answer.",
            [(s_flash, 60), (s_mini, 40)], DemoTexts.Search),
        new("ticket-summary", DemoShape.Chat, 0.11, 0.05, "Summarise the ticket for the next agent in at most five bullet points, in the language of the ticket.",
            [(s_sonnet, 55), (s_gpt, 45)], DemoTexts.Tickets),
        new("code-assistant", DemoShape.Chat, 0.08, 0.95, "You help the shop's developers. Prefer small examples over long explanations.",
            [(s_sonnet, 70), (s_gpt5, 30)], DemoTexts.Code),
        new("invoice-extraction", DemoShape.Extraction, 0.06, 0, "Extract the fields of the invoice as JSON. Use null for what is not there.",
            [(s_gpt, 65), (s_flash, 35)], DemoTexts.Invoices),
        new("photo-check", DemoShape.Vision, 0.04, 0.5, "Look at the customer's photo and say whether the damage is covered by the warranty.",
            [(s_gpt, 50), (s_sonnet, 50)], DemoTexts.Photos),
        new("trip-planner", DemoShape.Agent, 0.06, 0.7, "Plan day trips with our gear. Use the tools for weather and stock.",
            [(s_gpt5, 60), (s_sonnet, 40)], DemoTexts.Trips),
        new("semantic-search", DemoShape.Embedding, 0.10, 0, "", [(s_embedding, 1)], DemoTexts.Search),
        new("review-moderation", DemoShape.Moderation, 0.03, 0, "", [(s_moderation, 1)], DemoTexts.Reviews),
    ];

    public static readonly ImmutableArray<string> Products = ["Fjell 45 backpack", "Tarn two-person tent", "Skarv rain jacket", "Lynx headlamp", "Borealis sleeping bag", "Kite trekking poles", "Moss hiking boots", "Otter dry bag", "Ember camping stove", "Drift down vest"];
    public static readonly ImmutableArray<string> Places = ["Lisbon", "Bergen", "Graz", "Ghent", "Oulu", "Toulouse", "Porto", "Kraków", "Cork", "Ljubljana"];
    public static readonly ImmutableArray<string> Plans = ["free", "plus", "business"];
    public static readonly ImmutableArray<string> Regions = ["eu-west", "eu-north", "us-east"];

    private static readonly double s_shares = Scenarios.Sum(scenario => scenario.Share);

    public static DemoScenario Pick(ref SimulatedDice dice)
    {
        var roll = dice.Unit() * s_shares;
        foreach (var scenario in Scenarios)
        {
            roll -= scenario.Share;
            if (roll < 0)
            {
                return scenario;
            }
        }
        return Scenarios[0];
    }

    public static DemoModel PickModel(DemoScenario scenario, ref SimulatedDice dice)
    {
        var roll = dice.Next(scenario.Models.Sum(entry => entry.Weight));
        foreach (var (model, weight) in scenario.Models)
        {
            roll -= weight;
            if (roll < 0)
            {
                return model;
            }
        }
        return scenario.Models[0].Model;
    }

    /// <summary>A few users call often, most rarely.</summary>
    public static string User(ref SimulatedDice dice)
    {
        var unit = dice.Unit();
        return $"customer-{1_000 + (int)(unit * unit * unit * 900)}";
    }

    public static string Fill(string template, string first, string second) => template
        .Replace("{0}", first, StringComparison.Ordinal)
        .Replace("{1}", second, StringComparison.Ordinal);
}
