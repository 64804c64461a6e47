namespace Bellwether.Detection;

/// <summary>Meanings that make abuse or a request for harm where they stand near each other.</summary>
internal static class HarmRules
{
    public static readonly ConceptRules All = new(
        // Abuse.
        Rule("It insults somebody.", HarmConcept.You | HarmConcept.Insult, 6),
        Rule("It calls somebody names.", HarmConcept.You | HarmConcept.Mild, 4),
        Rule("It degrades a group of people.", HarmConcept.Group | HarmConcept.Degrade, 8),
        Rule("It insults a group of people.", HarmConcept.Group, 5, HarmConcept.Insult | HarmConcept.Mild),
        Rule("It hates a group of people.", HarmConcept.Group | HarmConcept.Hate, 5),
        Rule("It speaks of violence against a group of people.", HarmConcept.Group | HarmConcept.Hurt, 6),
        Rule("It threatens somebody.", HarmConcept.You | HarmConcept.Hurt, 4),
        Rule("It hates somebody.", HarmConcept.You | HarmConcept.Hate, 4),
        Rule("It insults with obscene words.", HarmConcept.Insult, 4, HarmConcept.Profanity | HarmConcept.Mild),
        Rule("It uses slurs together with contempt or violence.", HarmConcept.Slur, 8, HarmConcept.Hurt | HarmConcept.Degrade | HarmConcept.Hate | HarmConcept.Insult),
        Rule("It threatens somebody, or wishes them harm.", HarmConcept.Wish | HarmConcept.Hurt, 7, HarmConcept.You | HarmConcept.Group),
        // Requests.
        Rule("It asks for help with a crime.", HarmConcept.Ask | HarmConcept.Grave, 16),
        Rule("It asks for help with breaking in, fraud, spying or hatred.", HarmConcept.Ask, 14, HarmConcept.Hack | HarmConcept.Crime | HarmConcept.Spy | HarmConcept.Deceive | HarmConcept.Bias),
        Rule("It asks about violence, weapons or drugs.", HarmConcept.Ask, 14, HarmConcept.Hurt | HarmConcept.Weapon | HarmConcept.Drug),
        Rule("It wants to do harm without being caught.", HarmConcept.Evade, 20, HarmConcept.Crime | HarmConcept.Hack | HarmConcept.Grave | HarmConcept.Hurt | HarmConcept.Drug | HarmConcept.Weapon | HarmConcept.Spy),
        Rule("It wants to turn people against others by deceit.", HarmConcept.Deceive, 16, HarmConcept.Bias | HarmConcept.Group),
        Rule("It asks for sexual content.", HarmConcept.Ask | HarmConcept.Sexual, 12));

    /// <summary>How many of them, from the first, speak of abuse; the others speak of requests.</summary>
    public const int OfAbuse = 11;

    private static ConceptRule Rule(string reason, HarmConcept needs, int within, HarmConcept oneOf = HarmConcept.None) => new(reason, (ulong)needs, within, (ulong)oneOf);
}
