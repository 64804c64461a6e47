namespace Bellwether.Primitives;

/// <summary>Metadata of an endpoint: a parameter of the query that its handler reads for itself, so that the machine-readable description has it too.</summary>
public sealed record QueryParameter(string Name, string Description);
