using Bellwether.Primitives;

namespace Bellwether.Identity;

/// <summary>What a signed-in person or a key may do. Each role may do what the one before it may.</summary>
public enum Role { Viewer, Editor, Administrator }

/// <summary>A Bellwether key as the snapshot holds it: never the key itself, only its SHA-256.</summary>
public sealed record ApiKey
{
    /// <summary>Public id (<c>key_…</c>), which logs and observations may show.</summary>
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required ProjectId Project { get; init; }
    public required Role Role { get; init; }
    /// <summary>May call models through the gateway.</summary>
    public bool Gateway { get; init; } = true;
    /// <summary>May use the API with its role.</summary>
    public bool Api { get; init; } = true;
    /// <summary>May name any project and change what belongs to the installation (providers, users): the bootstrap key. Other keys see their project only.</summary>
    public bool AllProjects { get; init; }
    /// <summary>Prefix and last characters, to tell keys apart in a list.</summary>
    public string Hint { get; init; } = "";
    /// <summary>Id of the user or key that made it.</summary>
    public string CreatedBy { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }
    /// <summary>Models the key may use, exact or with a trailing <c>*</c>; empty for all.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];
}

/// <summary>Outcome of looking a key up.</summary>
public enum KeyCheck { Valid, Missing, Unknown, Revoked, Expired }
