namespace Bellwether.Detection;

/// <summary>
/// Judges a text on this machine, without asking anyone. Everything it is given is hostile: it never throws because of what a
/// text says, takes time linear in its length, stops when <see cref="DetectorInput.Deadline"/> has passed, and may be called by many threads at once.
/// </summary>
public interface ITextDetector
{
    /// <summary>What it looks for, as API and policies name it: <c>injection</c>, <c>harm</c>, <c>leak</c>, <c>pii</c>.</summary>
    string Name { get; }

    DetectorReport Check(in DetectorInput input);
}
