namespace Bellwether.Detection;

/// <summary>One place of a text that holds personal data or a secret.</summary>
/// <param name="Start">In UTF-16 units of the text as it was given.</param>
/// <param name="End">Exclusive.</param>
/// <param name="Confidence">0 to 1.</param>
public readonly record struct PersonalDataFinding(PersonalDataType Type, int Start, int End, float Confidence)
{
    public int Length => End - Start;
}
