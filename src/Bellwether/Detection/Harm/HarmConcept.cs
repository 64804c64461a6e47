namespace Bellwether.Detection;

/// <summary>What words of many languages mean, as far as abuse and requests for harm are made of them. The bits are above those of <see cref="Concept"/>: one table has both.</summary>
[Flags]
internal enum HarmConcept : ulong
{
    None = 0,
    // Of abuse.
    Slur = 1ul << 32, Insult = 1ul << 33, Mild = 1ul << 34, Profanity = 1ul << 35, Degrade = 1ul << 36, Group = 1ul << 37, You = 1ul << 38, Hate = 1ul << 39, Masked = 1ul << 40,
    // Of both.
    Hurt = 1ul << 41, Sexual = 1ul << 42,
    // Of requests.
    Ask = 1ul << 43, Grave = 1ul << 44, Crime = 1ul << 45, Hack = 1ul << 46, Weapon = 1ul << 47, Drug = 1ul << 48, Deceive = 1ul << 49, Evade = 1ul << 50, Spy = 1ul << 51, Bias = 1ul << 52,
    // Of threats: somebody should, will, deserves.
    Wish = 1ul << 53,
}

/// <summary>Where the bits of <see cref="HarmConcept"/> stand.</summary>
internal static class HarmConcepts
{
    public const int First = 32, Count = 22;
}
