using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bellwether.Providers;

namespace Bellwether.Demo;

/// <summary>One call of the imaginary shop, before it is put into a provider's format.</summary>
internal sealed record DemoCall
{
    public required DemoScenario Scenario { get; init; }
    public required DemoModel Model { get; init; }
    public required string User { get; init; }
    public required string Session { get; init; }
    public required bool Stream { get; init; }
    public required string System { get; init; }
    public required string Question { get; init; }
    public required string Answer { get; init; }
    /// <summary>Earlier turns of the conversation, question and answer in turn.</summary>
    public ImmutableArray<string> Earlier { get; init; } = [];
    /// <summary>For the second step of an agent: what its tool gave.</summary>
    public string? ToolResult { get; init; }
    public double Temperature { get; init; } = 0.3;
    public ImmutableArray<KeyValuePair<string, string>> Properties { get; init; } = [];

    public bool HasTools => Scenario.Shape == DemoShape.Agent;

    /// <summary>What <c>Observation.SystemFingerprint</c> holds for this prompt.</summary>
    public string Fingerprint => System.Length == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(System)).AsSpan(0, 8));

    public static DemoCall Invent(DemoScenario scenario, DemoModel model, DateTimeOffset time, DemoCalendar calendar, ref SimulatedDice dice)
    {
        var text = dice.Pick(scenario.Texts);
        var first = scenario.Shape == DemoShape.Agent || text.Question.Contains("near {0}", StringComparison.Ordinal) ? dice.Pick(DemoCatalogue.Places) : dice.Pick(DemoCatalogue.Products);
        var second = scenario.Shape == DemoShape.Agent ? (3 + dice.Next(9)).ToString(CultureInfo.InvariantCulture) : (10_200 + dice.Next(4_000)).ToString(CultureInfo.InvariantCulture);
        var user = DemoCatalogue.User(ref dice);
        var question = DemoCatalogue.Fill(text.Question, first, second);
        if (scenario.Endpoint == "product-search")
        {
            question = Excerpts(ref dice) + "\nQuestion: " + question;
        }
        return new DemoCall
        {
            Scenario = scenario,
            Model = model,
            User = user,
            // About an hour of one user is a session.
            Session = string.Create(CultureInfo.InvariantCulture, $"s-{user[9..]}-{time:MMddHH}"),
            Stream = dice.Unit() < scenario.Streamed,
            // The prompt of the support chat was changed six days before the demo began.
            System = scenario.Endpoint == "support-chat" && time > calendar.Anchor.AddDays(-6) ? scenario.System + " Offer a human colleague when the customer is upset." : scenario.System,
            Question = question,
            Answer = DemoCatalogue.Fill(text.Answer, first, second),
            Earlier = scenario.Endpoint == "support-chat" ? EarlierTurns(scenario, first, second, ref dice) : [],
            Temperature = scenario.Shape == DemoShape.Extraction ? 0 : 0.3,
            Properties =
            [
                new("plan", dice.Pick(DemoCatalogue.Plans)),
                new("region", dice.Pick(DemoCatalogue.Regions)),
                new("app_version", time > calendar.Anchor.AddDays(-10) ? "4.8.0" : "4.7.2"),
            ],
        };
    }

    private static ImmutableArray<string> EarlierTurns(DemoScenario scenario, string first, string second, ref SimulatedDice dice)
    {
        var turns = ImmutableArray.CreateBuilder<string>();
        for (var left = dice.Next(6) - 2; left > 0; left--)
        {
            var text = dice.Pick(scenario.Texts);
            turns.Add(DemoCatalogue.Fill(text.Question, first, second));
            turns.Add(DemoCatalogue.Fill(text.Answer, first, second));
        }
        return turns.ToImmutable();
    }

    private static string Excerpts(ref SimulatedDice dice)
    {
        var text = new StringBuilder("Catalogue excerpts:\n");
        for (var i = 0; i < 4; i++)
        {
            var product = dice.Pick(DemoCatalogue.Products);
            text.Append(CultureInfo.InvariantCulture, $"[{i + 1}] {product}: weight {200 + dice.Next(2_000)} g, price {20 + dice.Next(300)} EUR, made of recycled polyester, two years of warranty. Rated {3.5 + dice.Unit() * 1.4:0.0} of 5 by {20 + dice.Next(900)} customers.\n");
        }
        return text.ToString();
    }
}
