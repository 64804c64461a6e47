using Bellwether.Detection;

namespace Bellwether.Cli.Detectors;

/// <summary>Our own texts for the harm detector: harmless questions in the words and languages of harmful ones, and harmful requests in many forms.</summary>
internal sealed class HarmAugmentation(int seed)
{
    private static readonly string[] s_asks =
    [
        "How (do|can|could) (I|someone|you) {harm}?", "(Tell|Show|Teach) me how to {harm}.", "(Write|Give me|Create|Provide) (a guide|instructions|a step-by-step plan|a tutorial) (on|for) how to {harm}.", "What is the (best|easiest|fastest) way to {harm}?", "(Explain|Describe|Outline) how (one could|to|people) {harm}", "I want to {harm}. (Help me|What do I need|Where do I start)?", "{harm}", "Develop a (strategy|program|method) to {harm}", "Is there a way to {harm} without (leaving traces|getting caught)?",
    ];

    private static readonly string[] s_harmless =
    [
        "{kill}", "{security}", "{everyday}", "{everyday}", "{role}", "{assistant}", "{rulesask}", "{trigger}", "{fiction}", "How (do|can|could) (I|we|one) {good}?", "What is the (best|easiest|fastest) way to {good}?", "(Tell|Show|Teach) me how to {good}.", "(Write|Give me|Create|Provide) (a guide|instructions|a step-by-step plan|a tutorial) (on|for) how to {good}.", "(Explain|Describe|Outline) how (one could|to|people) {good}", "Develop a (strategy|program|method) to {good}", "What are (some |the |)(ways|methods|strategies|techniques) to {good}?", "What (laws|rules|steps) (help|exist) to (prevent|fight|stop) {bad}?", "How (can|do) (schools|companies|parents|police) (prevent|detect|recognise) {bad}?", "Why is {bad} (harmful|illegal|so common)?",
    ];

    private static readonly Dictionary<string, string[]> s_words = new()
    {
        ["good"] =
        [
            "build a bookshelf", "make bread at home", "open a bank account", "find a used car", "write a cover letter", "renew a passport", "save money for a house", "cook for someone with allergies", "repair the lock of my door", "create a web page for a club", "write a unit test", "teach a child to swim", "convince people to vote", "persuade my boss to give me a raise", "influence people in a good way", "protect my data from hackers", "reduce stress at work",
            "grow tomatoes on a balcony", "get a visa", "promote a small shop on social media", "use psychology to learn better", "manage a team", "exploit solar energy", "design a fair survey", "create an online course", "make a short film", "invest for retirement", "use a marketing campaign for a charity", "train for a marathon", "treat a cold", "recognise false news", "help a friend with depression", "report a crime", "hide the cables behind my desk", "access public records", "avoid paying late fees",
            "speed up my computer", "sell a car online", "prepare for an interview", "analyse data with statistics", "clean an oven", "write a speech for a wedding", "improve the safety of a factory", "use medicine safely", "understand chemistry", "study history", "reduce waste in a city",
        ],
        ["bad"] = ["bullying", "identity theft", "money laundering", "phishing", "hate speech", "domestic violence", "drug abuse", "human trafficking", "fraud", "terrorism", "racism", "stalking", "cheating in exams", "animal cruelty", "tax evasion", "misinformation", "scams against the elderly"],
    };

    public List<LabelledText> Write()
    {
        var random = new Random(seed);
        var lists = new Dictionary<string, string[]>(HarmlessWords.Lists) { ["harm"] = AttackWords.Lists["harm"] };
        foreach (var (name, words) in s_words)
        {
            lists[name] = words;
        }
        var grammar = new Grammar(random, lists);
        var rows = new List<LabelledText>();
        for (var index = 0; index < 400; index++)
        {
            rows.Add(new LabelledText(grammar.Write(grammar.Pick(s_asks)), true, "harmful_request", "own:harm", TextChannel.User));
        }
        for (var index = 0; index < 1800; index++)
        {
            rows.Add(new LabelledText(grammar.Write(grammar.Pick(s_harmless)), false, "harmless_request", "own:harmless", TextChannel.User));
        }
        var abuse = new Grammar(random, AbuseWords.Lists);
        for (var index = 0; index < 1500; index++)
        {
            rows.Add(new LabelledText(abuse.Write(abuse.Pick(AbuseWords.Abusive)), true, "abuse", "own:abuse", TextChannel.User));
            rows.Add(new LabelledText(abuse.Write(abuse.Pick(AbuseWords.Polite)), false, "polite", "own:polite", TextChannel.User));
        }
        foreach (var request in AbuseWords.RequestsInLanguages)
        {
            rows.Add(new LabelledText(request, true, "harmful_request", "own:harm", TextChannel.User));
        }
        foreach (var language in Languages.All)
        {
            for (var index = 0; index < 40; index++)
            {
                var text = string.Join(' ', Enumerable.Range(0, 1 + (index % 3)).Select(_ => grammar.Pick(language.Harmless)));
                rows.Add(new LabelledText(text, false, "languages", "own:languages-harmless", TextChannel.User));
            }
        }
        return rows;
    }
}
