namespace Bellwether.Providers;

/// <summary><c>POST /v1/moderations</c>: flags what names a harm outright.</summary>
internal static class SimulatedModeration
{
    private static readonly (string Category, string[] Words)[] s_categories =
    [
        ("harassment", ["idiot", "stupid"]),
        ("harassment/threatening", ["hurt you"]),
        ("hate", ["hate them"]),
        ("hate/threatening", []),
        ("illicit", ["steal", "counterfeit"]),
        ("illicit/violent", ["bomb"]),
        ("self-harm", ["hurt myself"]),
        ("self-harm/intent", ["hurt myself"]),
        ("self-harm/instructions", []),
        ("sexual", ["porn"]),
        ("sexual/minors", []),
        ("violence", ["kill", "bomb", "attack them"]),
        ("violence/graphic", []),
    ];

    public static SimulatedReply Answer(SimulatedPrompt prompt, ref SimulatedDice dice)
    {
        var stem = dice.Id("", 24);
        var low = dice.Unit() * 0.002;
        var body = SimulatedJson.Body(json =>
        {
            json.WriteString("id", "modr-" + stem);
            json.WriteString("model", prompt.Model.Length > 0 ? prompt.Model : "omni-moderation-latest");
            json.WriteStartArray("results");
            foreach (var input in prompt.Inputs)
            {
                var hits = Array.ConvertAll(s_categories, category => category.Words.Any(word => input.Contains(word, StringComparison.OrdinalIgnoreCase)));
                json.WriteStartObject();
                json.WriteBoolean("flagged", hits.Contains(true));
                json.WriteStartObject("categories");
                for (var i = 0; i < hits.Length; i++)
                {
                    json.WriteBoolean(s_categories[i].Category, hits[i]);
                }
                json.WriteEndObject();
                json.WriteStartObject("category_scores");
                for (var i = 0; i < hits.Length; i++)
                {
                    json.WriteNumber(s_categories[i].Category, hits[i] ? 0.93 : Math.Round(low + i * 0.0001, 6));
                }
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
        return SimulatedJson.Plain(body, prompt.Behaviour.Latency, SimulatedHeaders.OpenAi(stem));
    }
}
