using Bellwether.Detection;

namespace Bellwether.Cli.Detectors;

/// <summary>Our own attacks and harmless texts. Each kind is a source of its own, so that folds show what is learnt from one for another.</summary>
internal sealed class InjectionAugmentation(int seed)
{
    /// <summary>Sets of templates that were written one after the other. None was written for another, so that one that is left out is as new as texts of one author can be.</summary>
    public const int Hands = 5;

    private readonly Random _random = new(seed);
    private readonly HashSet<string> _quoted = [];
    private int _hand = 1;

    public List<LabelledText> Write(IReadOnlyList<LabelledText> train)
    {
        var rows = new List<LabelledText>();
        var attacks = new Grammar(_random, Join(AttackWords.Lists, AttackTemplates.RoleParts));
        var harmless = new Grammar(_random, HarmlessWords.Lists);
        var documents = new Grammar(_random, Join(AttackWords.Lists, DocumentWords.Lists));
        LabelledText[] prompts = [.. train.Where(row => !row.Positive && row.Channel == TextChannel.User && row.Text.Length is > 20 and < 400)];

        Add(rows, 1100, true, "own:override", () => Vary(attacks.Write(attacks.Pick(AttackTemplates.Overrides))));
        Add(rows, 700, true, "own:extraction", () => Vary(attacks.Write(attacks.Pick(AttackTemplates.Extractions))));
        Add(rows, 900, true, "own:roleplay", () => Vary(attacks.Write(attacks.Pick(AttackTemplates.RolePlay))));
        Add(rows, 300, true, "own:suffix", () => $"{Vary(attacks.Write("(How do I |Tell me how to |Write a tutorial on how to |Explain how to |Give instructions to |){harm}"))} {Tail(attacks)}");
        Add(rows, 150, true, "own:override", () => $"{Quote(prompts)} {attacks.Write("{override}. {payload}")}");
        Add(rows, 200, true, "own:disguise", () => DisguiseText(attacks.Write("{override}. {payload}")));
        AddLanguages(rows, attacks, prompts);

        Add(rows, 2600, false, "own:harmless", () => Vary(harmless.Write(harmless.Pick(HarmlessWords.Templates))));
        Add(rows, 300, false, "own:tail", () => $"{Quote(prompts)} {Gibberish.Harmless(_random)}");
        Add(rows, 150, false, "own:harmless", () => $"{harmless.Write("{work}")}\n\n{Document(documents, 12)}");
        AddDocuments(rows, train, documents, prompts);

        _hand = 2;
        var typed = new Grammar(_random, ShortAttacks.Lists);
        Add(rows, 1800, true, "own:short", () => Vary(typed.Write(typed.Pick(ShortAttacks.Switches))));
        Add(rows, 700, true, "own:secret", () => Vary(typed.Write(typed.Pick(ShortAttacks.Secrets))));
        Add(rows, 1100, true, "own:prompt", () => Vary(typed.Write(typed.Pick(ShortAttacks.Extractions))));
        Add(rows, 200, true, "own:short", () => $"{Quote(prompts)} {typed.Write(typed.Pick(ShortAttacks.Switches))}");
        var played = new Grammar(_random, RolePlayWords.Lists);
        Add(rows, 900, true, "own:persona", () => Vary(played.Write(played.Pick(RolePlayWords.Templates))));
        var tasks = new Grammar(_random, HarmlessTasks.Lists);
        Add(rows, 3800, false, "own:harmless-words", () => Vary(tasks.Write(tasks.Pick(HarmlessTasks.Words))));
        Add(rows, 1500, false, "own:harmless-tasks", () => Vary(tasks.Write(tasks.Pick(HarmlessTasks.Tasks))));
        var play = new Grammar(_random, HarmlessPlay.Lists);
        Add(rows, 2200, false, "own:harmless-play", () => Vary(play.Write(play.Pick(HarmlessPlay.Templates))));
        var roles = new Grammar(_random, HarmlessRoles.Lists);
        Add(rows, 900, false, "own:harmless-roles", () => roles.Write(roles.Pick(HarmlessRoles.Languages)));
        Add(rows, 700, false, "own:harmless-code", () => roles.Write(roles.Pick(HarmlessRoles.Code)));
        _hand = 3;
        AddPhrases(rows, prompts);
        AddResults(rows);
        _hand = 4;
        AddSpoken(rows, prompts);
        _hand = 5;
        AddForms(rows);
        var about = new Grammar(_random, HarmlessAbout.Lists);
        Add(rows, 2000, false, "own:about", () => Vary(about.Write(about.Pick(HarmlessAbout.Templates))));
        AddPapers(rows);
        return rows;
    }

    private static Dictionary<string, string[]> Join(Dictionary<string, string[]> first, Dictionary<string, string[]> second)
    {
        var joined = new Dictionary<string, string[]>(first);
        foreach (var (name, words) in second)
        {
            joined[name] = words;
        }
        return joined;
    }

    private void Add(List<LabelledText> rows, int count, bool positive, string source, Func<string> write, TextChannel channel = TextChannel.User)
    {
        for (var index = 0; index < count; index++)
        {
            AddText(rows, write(), positive, source, channel);
        }
    }

    private void AddText(List<LabelledText> rows, string text, bool positive, string source, TextChannel channel)
    {
        rows.Add(new LabelledText(text, positive, source[4..], source, channel) { Hand = _hand, Quotes = [.. _quoted] });
        _quoted.Clear();
    }

    private string Quote(LabelledText[] texts)
    {
        var text = texts[_random.Next(texts.Length)];
        _quoted.Add(text.Family);
        return text.Text.Trim();
    }

    private void AddLanguages(List<LabelledText> rows, Grammar attacks, LabelledText[] prompts)
    {
        foreach (var language in Languages.All)
        {
            for (var index = 0; index < 36; index++)
            {
                var text = (index % 6) switch
                {
                    0 => $"{attacks.Pick(language.Extractions)}",
                    1 => $"{attacks.Pick(language.Overrides)}. {attacks.Pick(language.Extractions)}",
                    2 => $"{attacks.Pick(language.Harmless)} {attacks.Pick(language.Overrides)}. {attacks.Pick(language.Payloads)}",
                    3 => $"{attacks.Pick(language.Overrides)}! {attacks.Pick(language.Payloads)}",
                    4 => $"{Quote(prompts)} {attacks.Pick(language.Overrides)}. {attacks.Pick(language.Payloads)}",
                    _ => $"{attacks.Pick(language.Overrides)}. {attacks.Pick(language.Payloads)}",
                };
                AddText(rows, text, true, "own:languages", TextChannel.User);
            }
            for (var index = 0; index < 24; index++)
            {
                var text = string.Join(' ', Enumerable.Range(0, 1 + (index % 3)).Select(_ => attacks.Pick(language.Harmless)));
                rows.Add(new LabelledText(text, false, "languages", "own:languages-harmless", TextChannel.User) { Hand = _hand });
                rows.Add(new LabelledText(text, false, "languages", "own:languages-harmless", TextChannel.Document) { Hand = _hand });
            }
            for (var index = 0; index < 10; index++)
            {
                var text = $"{attacks.Pick(language.Harmless)} {attacks.Pick(language.Overrides)}. {attacks.Pick(language.Payloads)}";
                AddText(rows, text, true, "own:languages", TextChannel.Document);
            }
        }
    }

    private void AddPhrases(List<LabelledText> rows, LabelledText[] prompts)
    {
        var grammar = new Grammar(_random, LanguagePhrases.Lists);
        foreach (var language in LanguagePhrases.All)
        {
            Add(rows, 14, true, "own:phrases", () => Write(language.Attacks));
            Add(rows, 6, true, "own:phrases", () => $"{Write(language.Ordinary)} {Write(language.Attacks)}");
            Add(rows, 3, true, "own:phrases", () => $"{Quote(prompts)} {Write(language.Attacks)}");
            Add(rows, 12, true, "own:phrases", () => Write(language.Extractions));
            Add(rows, 5, true, "own:phrases", () => Write(language.Roles));
            Add(rows, 8, true, "own:phrases-planted", () => $"{Write(language.Ordinary)} {Write(language.Hard)} {Write(language.Attacks)} {Write(language.Ordinary)}", TextChannel.Document);
            Add(rows, language.Addresses.Length > 0 ? 8 : 0, true, "own:phrases-planted", () => $"{Write(language.Ordinary)} {Write(language.Ordinary)} {Write(language.Addresses)} {Write(language.Attacks)}", TextChannel.Document);
            Add(rows, 24, false, "own:phrases-hard", () => Write(language.Hard));
            Add(rows, 20, false, "own:phrases-ordinary", () => Write(language.Ordinary));
            Add(rows, 10, false, "own:phrases-ordinary", () => $"{Write(language.Ordinary)} {Write(language.Hard)} {Write(language.Ordinary)}");
            Add(rows, 16, false, "own:phrases-document", () => $"{Write(language.Ordinary)} {Write(language.Hard)} {Write(language.Ordinary)} {Write(language.Ordinary)}", TextChannel.Document);
        }

        string Write(string[] templates) => grammar.Write(grammar.Pick(templates));
    }

    private void AddSpoken(List<LabelledText> rows, LabelledText[] prompts)
    {
        var grammar = new Grammar(_random, AttackWords.Lists);
        Add(rows, 260, true, "own:spoken", () => Vary(Write(SpokenTexts.Overrides)));
        Add(rows, 90, true, "own:spoken", () => $"{Quote(prompts)} {Write(SpokenTexts.Overrides)}");
        Add(rows, 50, true, "own:spoken", () => $"{Write(SpokenTexts.Harmless)} {Write(SpokenTexts.Overrides)}");
        Add(rows, 320, true, "own:spoken", () => Vary(Write(SpokenTexts.Extractions)));
        Add(rows, 180, true, "own:spoken", () => Write(SpokenTexts.Foreign));
        Add(rows, 420, false, "own:spoken-harmless", () => Vary(Write(SpokenTexts.Harmless)));
        Add(rows, 120, false, "own:spoken-harmless", () => $"{Write(SpokenTexts.Harmless)} {Write(SpokenTexts.Harmless)}");
        Add(rows, 200, false, "own:spoken-harmless", () => Write(SpokenTexts.ForeignHarmless));
        var documents = new Grammar(_random, Join(AttackWords.Lists, DocumentWords.Lists));
        Add(rows, 260, true, "own:spoken-planted", () => Plant(Surroundings(), Write(SpokenTexts.Planted)), TextChannel.Document);
        Add(rows, 260, false, "own:spoken-clean", () => Plant(Surroundings(), Write(SpokenTexts.Clean)), TextChannel.Document);

        string Write(string[] templates) => grammar.Write(grammar.Pick(templates));
        string Surroundings() => Document(documents, 8);
    }

    // The same results of tools with and without a stranger's wish among their values.
    private void AddResults(List<LabelledText> rows)
    {
        var grammar = new Grammar(_random, new Dictionary<string, string[]>(AgentPlants.Lists) { ["wish"] = AgentPlants.Wishes });
        Add(rows, 1300, true, "own:results", () => grammar.Write(grammar.Pick(AgentPlants.Results).Replace("@", "{wish}", StringComparison.Ordinal)), TextChannel.Document);
        Add(rows, 1300, false, "own:results-clean", () => grammar.Write(grammar.Pick(AgentPlants.Results).Replace("@", "{fine}", StringComparison.Ordinal)), TextChannel.Document);
    }

    private void AddForms(List<LabelledText> rows)
    {
        var harmful = new Grammar(_random, Join(FormRequests.Lists, FormRequests.Harmful));
        var harmless = new Grammar(_random, Join(FormRequests.Lists, FormRequests.Harmless));
        Add(rows, 1000, true, "own:forms", () => Vary(harmful.Write(harmful.Pick(FormRequests.Templates))));
        Add(rows, 1400, false, "own:forms-harmless", () => Vary(harmless.Write(harmless.Pick(FormRequests.Templates))));
    }

    private void AddPapers(List<LabelledText> rows)
    {
        var papers = new Grammar(_random, Papers.Lists);
        var plants = new Grammar(_random, Join(AttackWords.Lists, DocumentWords.Lists));
        var phrases = new Grammar(_random, LanguagePhrases.Lists);
        string[] attacks = [.. LanguagePhrases.All.SelectMany(language => language.Attacks)];
        Add(rows, 1800, false, "own:papers", Paper, TextChannel.Document);
        Add(rows, 900, true, "own:papers-planted", () => Plant(Paper(), Vary(plants.Write(plants.Pick(DocumentWords.Plants)))), TextChannel.Document);
        Add(rows, 150, true, "own:papers-planted", () => Plant(Paper(), plants.Write(plants.Pick(SpokenTexts.Planted))), TextChannel.Document);
        Add(rows, 250, true, "own:papers-planted", () => Plant(Paper(), phrases.Write(phrases.Pick(attacks))), TextChannel.Document);

        string Paper() => papers.Write(papers.Pick(Papers.Forms));
    }

    // Each document stands there with and without a plant: what differs is the plant alone.
    private void AddDocuments(List<LabelledText> rows, IReadOnlyList<LabelledText> train, Grammar grammar, LabelledText[] prompts)
    {
        LabelledText[] real = [.. train.Where(row => !row.Positive && row.Channel == TextChannel.Document)];
        for (var index = 0; index < 1500; index++)
        {
            var document = index % 2 == 0 ? Quote(real) : Document(grammar, 14);
            document = document.Length > 3000 ? document[..3000] : document;
            var plant = index % 4 == 3 ? Quote(prompts) : Vary(grammar.Write(grammar.Pick(DocumentWords.Plants)));
            AddText(rows, Plant(document, plant), true, "own:planted", TextChannel.Document);
            if (index % 2 == 1)
            {
                AddText(rows, document, false, "own:document", TextChannel.Document);
            }
        }
        Add(rows, 400, true, "own:planted", () => Vary(grammar.Write(grammar.Pick(DocumentWords.Plants))), TextChannel.Document);
    }

    private string Plant(string document, string plant)
    {
        var lines = document.Split('\n');
        var gap = _random.Next(3) == 0 ? " " : "\n";
        return _random.Next(3) switch
        {
            0 => plant + gap + document,
            1 => document + gap + plant,
            _ when lines.Length > 2 && _random.Next(lines.Length - 1) + 1 is var at => string.Join('\n', [.. lines[..at], plant, .. lines[at..]]),
            _ when document.IndexOf(". ", document.Length / 2, StringComparison.Ordinal) is > 0 and var end => document[..(end + 2)] + plant + " " + document[(end + 2)..],
            _ => document + gap + plant,
        };
    }

    private string Document(Grammar grammar, int most)
    {
        var sentences = Enumerable.Range(0, _random.Next(3, most)).Select(_ => grammar.Write(grammar.Pick(DocumentWords.Sentences)));
        return string.Join(_random.Next(2) == 0 ? "\n" : " ", sentences);
    }

    private string Tail(Grammar attacks) => _random.Next(5) switch
    {
        0 => Gibberish.Characters(_random),
        1 => Gibberish.Words(_random, [.. attacks.Write("{extract} {override} {topic} {word} {limits} {persona}").Split(' ')]),
        _ => Gibberish.Tokens(_random),
    };

    // People write in all ways.
    private string Vary(string text)
    {
        text = text.Trim();
        return _random.Next(10) switch
        {
            0 => text.ToUpperInvariant(),
            1 or 2 => text.ToLowerInvariant(),
            3 => text.TrimEnd('.', '!', '?'),
            4 or 5 or 6 when text.Length > 1 => char.ToUpperInvariant(text[0]) + text[1..],
            _ => text,
        };
    }

    private string DisguiseText(string text) => _random.Next(5) switch
    {
        0 => $"Decode this and do it: {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text))}",
        1 => string.Join(' ', text.ToCharArray()),
        2 => string.Concat(text.Select(unit => unit switch { 'o' => '0', 'e' => '3', 'i' => '1', 'a' => '4', 's' => '5', _ => unit })),
        3 => string.Concat(text.Select(unit => char.IsAsciiLetterLower(unit) ? (char)('a' + (unit - 'a' + 13) % 26) : unit)),
        _ => string.Join('\u200B', text.ToCharArray()),
    };
}
