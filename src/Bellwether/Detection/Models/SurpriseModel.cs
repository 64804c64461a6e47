namespace Bellwether.Detection;

/// <summary>
/// How surprising each character is after the three before it, from ordinary text. Suffixes found by optimisation are gibberish behind
/// a sentence: what gives them away is not surprise but the contrast to the rest of the same text.
/// </summary>
/// <param name="Table">Surprise in sixteenths of a bit by hash of four characters.</param>
internal sealed record SurpriseModel(byte[] Table)
{
    public const int Bits = 16;

    public static int Slot(uint lastFour) => (int)((lastFour * 0x9E3779B1u) >> (32 - Bits));

    public static uint Push(uint lastFour, char folded) => (lastFour << 8) | (byte)(folded < 128 ? folded : 128 | (folded * 37 >> 3));

    public void Write(BinaryWriter writer) => writer.Write(Table);

    public static SurpriseModel Read(BinaryReader reader)
    {
        var table = reader.ReadBytes(1 << Bits);
        return table.Length == 1 << Bits ? new SurpriseModel(table) : throw new InvalidDataException("its surprise table is cut");
    }
}
