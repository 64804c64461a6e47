using System.Security.Cryptography;
using System.Text;
using Bellwether.Exchange;

namespace Bellwether.Gateway;

/// <summary>
/// Helicone's sessions as a trace: the session is the trace, each path in it a step, and <c>/trip/flights</c> is a child of
/// <c>/trip</c>. Several calls of one path share their place.
/// </summary>
internal static class SessionTree
{
    /// <param name="call">A call with a session.</param>
    /// <param name="path"><c>/trip/flights</c>; slashes at both ends do not matter.</param>
    public static void Place(ModelCall call, string path)
    {
        var trimmed = path.Trim().Trim('/');
        if (trimmed.Length == 0)
        {
            return;
        }
        var project = call.Project.Value;
        call.TraceId = Hex(16, project, call.Session);
        call.SpanId = Hex(8, project, call.Session, trimmed);
        var cut = trimmed.LastIndexOf('/');
        call.ParentId = cut > 0 ? Hex(8, project, call.Session, trimmed[..cut].TrimEnd('/')) : "";
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
