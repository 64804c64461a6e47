namespace Bellwether.Primitives;

/// <summary>The tenant that every row, key and query belongs to: a short slug such as <c>default</c>, 1 to 64 characters of <c>[a-z0-9-]</c>.</summary>
public readonly record struct ProjectId(string Value)
{
    /// <summary>The project that the first start creates.</summary>
    public static readonly ProjectId Default = new("default");

    public override string ToString() => Value;
}
