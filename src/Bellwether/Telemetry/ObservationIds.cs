using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Bellwether.Primitives;

namespace Bellwether.Telemetry;

/// <summary>Ids of observations whose sender has ids of its own.</summary>
public static class ObservationIds
{
    /// <summary>
    /// What an annotation names as its observation when its sender knew the request id only and the observation was not stored
    /// yet: an id made of the request id, which readers of the observation look for too.
    /// </summary>
    public static Guid OfRequest(ProjectId project, string requestId) => Of("request", DateTimeOffset.UnixEpoch, project.Value, requestId);

    /// <summary>The same for a sender that knew the span's id only, as Phoenix's clients do.</summary>
    public static Guid OfSpan(ProjectId project, string spanId) => Of("annotated-span", DateTimeOffset.UnixEpoch, project.Value, spanId);

    /// <summary>Every id by which an annotation may name an observation.</summary>
    public static IEnumerable<Guid> Targets(Observation observation)
    {
        yield return observation.Id;
        if (observation.RequestId.Length > 0)
        {
            yield return OfRequest(observation.Project, observation.RequestId);
        }
        if (observation.SpanId.Length > 0)
        {
            yield return OfSpan(observation.Project, observation.SpanId);
        }
    }

    /// <summary>
    /// A version-7 GUID made of the start time and a hash of the sender's own ids: the same span always gets the same id, so
    /// that sending it again replaces it, and the id still sorts by time. Fits whoever names the same start each time.
    /// </summary>
    /// <param name="scope">What kind of id it is (<c>span</c>, <c>score</c> …), so that equal ids of two kinds do not meet.</param>
    /// <param name="start">Start of the step; milliseconds count.</param>
    /// <param name="parts">The sender's ids, such as trace id and span id.</param>
    public static Guid Of(string scope, DateTimeOffset start, params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(scope));
        foreach (var part in parts)
        {
            hash.AppendData([0]);
            hash.AppendData(Encoding.UTF8.GetBytes(part));
        }
        Span<byte> bytes = stackalloc byte[32];
        hash.GetHashAndReset(bytes);
        var id = bytes[..16];
        Span<byte> time = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(time, Math.Max(0, start.ToUnixTimeMilliseconds()) << 16);
        time[..6].CopyTo(id);
        id[6] = (byte)(0x70 | (id[6] & 0x0f));
        id[8] = (byte)(0x80 | (id[8] & 0x3f));
        return new Guid(id, bigEndian: true);
    }
}
