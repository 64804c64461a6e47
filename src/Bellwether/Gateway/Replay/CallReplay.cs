using System.Globalization;
using System.Net;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bellwether.Gateway;

/// <summary>What became of a replay: the new observation, or why there is none.</summary>
public readonly record struct ReplayOutcome(Guid? Id, string Refusal = "");

/// <summary>
/// Sends a recorded request again: the same body, through the whole gateway (stages, provider, recording), without a socket.
/// It costs what a call costs. The caller of this class has checked that the person may do it (role Editor).
/// </summary>
public sealed class CallReplay
{
    /// <summary>Marks the new call, so that replays can be found and left out: the id of the request that was repeated.</summary>
    public static readonly string Property = "replay-of";

    private readonly CallHandler _calls;
    private readonly TelemetryReader _reader;

    internal CallReplay(CallHandler calls, TelemetryReader reader) => (_calls, _reader) = (calls, reader);

    /// <summary>Why a request cannot be sent again, in a sentence; null when it can.</summary>
    public static string? WhyNot(Observation observation, ObservationPayload payload) =>
        payload.Input.IsEmpty ? "Its body was not kept."
        : payload.InputTruncated ? "Its body was cut when it was recorded."
        : ReplayTarget.Of(observation) is null ? "It did not come through the gateway."
        : null;

    /// <param name="by">Who asked for it, as the new call's key id shows it.</param>
    public async Task<ReplayOutcome> RunAsync(ProjectId project, Guid id, string by, CancellationToken cancellationToken)
    {
        if (await _reader.ReadAsync(project, id, cancellationToken) is not { } detail)
        {
            return new(null, "The request is not stored any more.");
        }
        var observation = detail.Observation;
        if (WhyNot(observation, detail.Payload) is { } reason || ReplayTarget.Of(observation) is not { } target)
        {
            return new(null, WhyNot(observation, detail.Payload) ?? "It did not come through the gateway.");
        }
        var isAnthropic = observation.Surface == "anthropic";
        if (!RouteTable.TryMatch(target.Method, target.Path, isAnthropic, out var route) || route.IsOpaque)
        {
            return new(null, "The gateway does not know this endpoint.");
        }
        var http = Context(observation, detail.Payload, target, cancellationToken);
        // A key of no ring: it cannot be presented from outside, and lives for this one call.
        var key = new ApiKey { Id = "replay:" + by, Name = "Replay", Project = project, Role = Role.Editor };
        return new(await _calls.ReplayAsync(http, route, target.Path, target.Query, key));
    }

    private static DefaultHttpContext Context(Observation observation, ObservationPayload payload, ReplayTarget target, CancellationToken cancellationToken)
    {
        var http = new DefaultHttpContext { RequestAborted = cancellationToken };
        http.Connection.RemoteIpAddress = IPAddress.Loopback;
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        var request = http.Request;
        request.Method = target.Method;
        request.Path = target.Path;
        request.QueryString = new QueryString(target.Query);
        request.Body = new MemoryStream(payload.Input.ToArray(), writable: false);
        request.ContentLength = payload.Input.Length;
        request.ContentType = "application/json";
        foreach (var line in payload.Headers.Split('\n'))
        {
            // Headers that change what the provider does with the body; content-length and the like belong to the old call.
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 2 && line[0] == '>' && line[2..colon] is var name
                && (name.StartsWith("anthropic-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("openai-", StringComparison.OrdinalIgnoreCase)))
            {
                request.Headers[name] = line[(colon + 1)..].Trim();
            }
        }
        Say(request, "x-bellwether-user", observation.User);
        Say(request, "x-bellwether-session", observation.Session);
        Say(request, "x-bellwether-endpoint", observation.Endpoint == observation.Name ? "" : observation.Endpoint);
        foreach (var (name, value) in observation.Properties.Where(property => property.Key != Property))
        {
            Say(request, "x-bellwether-property-" + name, value);
        }
        Say(request, "x-bellwether-property-" + Property, observation.Id.ToString("D", CultureInfo.InvariantCulture));
        return http;
    }

    private static void Say(HttpRequest request, string name, string value)
    {
        if (value.Length > 0 && HeaderRules.IsSafe(value) && HeaderRules.IsSafe(name)) { request.Headers[name] = value; }
    }
}
