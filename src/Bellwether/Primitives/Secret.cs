namespace Bellwether.Primitives;

/// <summary>A credential in memory. Formatting, logging or serialising it by accident yields <c>***</c>; only <see cref="Reveal"/> gives the text.</summary>
public sealed class Secret(string value)
{
    private readonly string _value = value;

    /// <summary>The clear text. Call it only where the bytes leave for their rightful receiver.</summary>
    public string Reveal() => _value;

    public override string ToString() => "***";
}
