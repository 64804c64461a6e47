using System.Security.Cryptography;
using System.Text;
using Bellwether.Primitives;

namespace Bellwether.Exchange;

/// <summary>Where a step stands in its session.</summary>
public readonly record struct SessionPlace(string TraceId, string SpanId, string ParentId);

/// <summary>
/// Helicone's sessions as a trace: the session is the trace, each path in it a step, and <c>/trip/flights</c> is a child of
/// <c>/trip</c>. Several steps of one path share their place.
/// </summary>
public static class SessionTree
{
    /// <param name="project">Equal sessions of two projects are two.</param>
    /// <param name="session">Not empty.</param>
    /// <param name="path"><c>/trip/flights</c>; slashes at both ends do not matter.</param>
    /// <returns>Null when the path names nothing.</returns>
    public static SessionPlace? Place(ProjectId project, string session, string path)
    {
        var trimmed = path.Trim().Trim('/');
        if (trimmed.Length == 0)
        {
            return null;
        }
        var cut = trimmed.LastIndexOf('/');
        return new(
            Hex(16, project.Value, session),
            Hex(8, project.Value, session, trimmed),
            cut > 0 ? Hex(8, project.Value, session, trimmed[..cut].TrimEnd('/')) : "");
    }

    private static string Hex(int bytes, params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part));
            hash.AppendData([0]);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, bytes));
    }
}
