namespace Bellwether.Detection;

/// <summary>Meanings that make an attack where they stand near each other.</summary>
internal static class InjectionRules
{
    public static readonly ConceptRules All = new(
        Rule("It asks to ignore earlier instructions.", Concept.Ignore | Concept.Instruction, 8),
        Rule("It asks to ignore what was said before.", Concept.Ignore | Concept.Previous, 6),
        Rule("It announces new instructions.", Concept.New | Concept.Instruction, 3),
        Rule("It asks for the system prompt or the instructions of the model.", Concept.Reveal, 10, Concept.Prompt),
        Rule("It asks to repeat what stands before the message.", Concept.Reveal | Concept.Previous, 5),
        Rule("It asks for a text of the model's word for word.", Concept.Verbatim, 12, Concept.Prompt | Concept.Previous | Concept.Instruction | Concept.Your),
        Rule("It asks for a secret that the model was given.", Concept.Reveal | Concept.Secret, 8),
        Rule("It asks to encode secrets or instructions.", Concept.Encode, 12, Concept.Prompt | Concept.Secret),
        Rule("It makes the model play a role without limits.", Concept.Pretend | Concept.Without | Concept.Limit, 30),
        Rule("It speaks of a model without limits.", Concept.Without | Concept.Limit, 4),
        Rule("It forbids the model to refuse or to warn.", Concept.Never | Concept.Refuse, 6),
        Rule("It names a known jailbreak or an unrestricted mode.", Concept.Unchained, 1),
        Rule("It speaks to the model and makes it play a role.", Concept.Pretend | Concept.Machine, 12),
        Rule("It asks to send data to an address.", Concept.Send | Concept.Address, 14),
        Rule("It dictates what the model has to say.", Concept.Say | Concept.Only, 5),
        Rule("It contains control marks of chat formats.", Concept.Markup, 1),
        Rule("It asks the model for its password or for a secret.", Concept.Your | Concept.Secret, 4),
        Rule("It claims authority over the model.", Concept.Authority, 16, Concept.Secret | Concept.Instruction | Concept.Prompt | Concept.Never),
        Rule("It makes up a frame in which secrets or personal data are told.", Concept.Pretend, 24, Concept.Secret | Concept.Personal),
        Rule("It dictates the form of the answer to a query that follows.", Concept.Query | Concept.Reply, 20, Concept.Only | Concept.New | Concept.Say),
        Rule("It tells an assistant what its answer must be.", Concept.Imperative | Concept.Reply, 14, Concept.Your | Concept.Say | Concept.Only),
        new ConceptRule("It wants help with something harmful in a certain form.", (ulong)(Concept.Query | Concept.Reply), 40, (ulong)(HarmConcept.Grave | HarmConcept.Hack | HarmConcept.Hurt | HarmConcept.Deceive | HarmConcept.Crime | HarmConcept.Bias)),
        new ConceptRule("It asks for help with something harmful.", (ulong)HarmConcept.Ask, 16, (ulong)(HarmConcept.Grave | HarmConcept.Hack | HarmConcept.Deceive | HarmConcept.Crime | HarmConcept.Evade)),
        new ConceptRule("It makes the model play a role that does harm.", (ulong)Concept.Pretend, 40, (ulong)(HarmConcept.Grave | HarmConcept.Hack | HarmConcept.Crime | HarmConcept.Hurt)));

    private static ConceptRule Rule(string reason, Concept needs, int within, Concept oneOf = Concept.None) => new(reason, (ulong)needs, within, (ulong)oneOf);
}
