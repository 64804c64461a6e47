namespace Bellwether.Dashboard;

/// <summary>Ids of users, sessions and traces as one part of a path: they are whatever a client sent.</summary>
internal static class PathPart
{
    public static string Write(string id) => Uri.EscapeDataString(id);

    /// <summary>
    /// A route's value as it was written. Servers leave <c>%2F</c> alone when they decode a path, because it is no separator; the
    /// router of a circuit does not. (An id that has "%2F" itself is read as one with a slash.)
    /// </summary>
    public static string Read(string value) => value.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
