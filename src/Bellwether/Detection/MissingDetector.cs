namespace Bellwether.Detection;

/// <summary>Stands in the place of a detector whose model cannot be used: nobody may take its silence for a clean text.</summary>
internal sealed class MissingDetector(string name) : ITextDetector
{
    private static readonly DetectorReport s_report = new(0, DetectorVerdict.Unknown) { Reasons = ["The model of this detector cannot be used; the server runs without it."] };

    public string Name => name;

    public DetectorReport Check(in DetectorInput input) => s_report;
}
