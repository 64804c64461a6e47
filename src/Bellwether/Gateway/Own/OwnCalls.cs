using System.Net;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bellwether.Gateway;

/// <summary>A call that the product makes for itself.</summary>
/// <param name="Purpose">Who calls: <c>evaluator:…</c>, <c>probe:…</c>. The call's key id is <see cref="Observation.OwnKeyPrefix"/> and this.</param>
/// <param name="Path">A path of the gateway, such as <c>/v1/chat/completions</c>.</param>
/// <param name="Body">JSON in the path's dialect.</param>
public sealed record OwnCall(ProjectId Project, string Purpose, string Path, ReadOnlyMemory<byte> Body)
{
    /// <summary>Configured name of the provider that must answer; empty to choose by the model.</summary>
    public string Provider { get; init; } = "";
    /// <summary>As the caller's feature name, so that such calls can be told apart in every panel.</summary>
    public required string Endpoint { get; init; }
    public string Session { get; init; } = "";
    public IReadOnlyList<KeyValuePair<string, string>> Properties { get; init; } = [];
}

/// <summary>What came of it. The answer is cut at <see cref="OwnCalls.MostAnswerBytes"/>.</summary>
public sealed record OwnAnswer(Guid Id, int Status, ReadOnlyMemory<byte> Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}

/// <summary>Calls of the product itself through the whole gateway (stages, provider, recording, price), without a socket: judges and probes.</summary>
public sealed class OwnCalls
{
    public static readonly int MostAnswerBytes = 1024 * 1024;

    private readonly CallHandler _calls;

    internal OwnCalls(CallHandler calls) => _calls = calls;

    public async Task<OwnAnswer> SendAsync(OwnCall call, CancellationToken cancellationToken)
    {
        if (!RouteTable.TryMatch("POST", call.Path, anthropic: false, out var route) || route.IsOpaque)
        {
            throw new ArgumentException("The gateway does not know this path.", nameof(call));
        }
        using var answer = new FirstBytes(MostAnswerBytes);
        var http = new DefaultHttpContext { RequestAborted = cancellationToken };
        http.Connection.RemoteIpAddress = IPAddress.Loopback;
        var response = new StreamResponseBodyFeature(answer);
        http.Features.Set<IHttpResponseBodyFeature>(response);
        var request = http.Request;
        request.Method = "POST";
        request.Path = call.Path;
        using var body = new MemoryStream(call.Body.ToArray(), writable: false);
        request.Body = body;
        request.ContentLength = call.Body.Length;
        request.ContentType = "application/json";
        Say("x-bellwether-endpoint", call.Endpoint);
        Say("x-bellwether-session", call.Session);
        foreach (var (name, value) in call.Properties) { Say("x-bellwether-property-" + name, value); }
        // A key of no ring: it cannot be presented from outside, and lives for this one call.
        var key = new ApiKey { Id = Observation.OwnKeyPrefix + call.Purpose, Name = call.Purpose, Project = call.Project, Role = Role.Editor };
        var id = await _calls.ReplayAsync(http, route, call.Path, "", key, call.Provider.Length > 0 ? call.Provider : null);
        // What was written to the pipe and not flushed yet.
        await response.CompleteAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return new OwnAnswer(id, http.Response.StatusCode, answer.Written);

        void Say(string name, string value)
        {
            if (value.Length > 0 && HeaderRules.IsSafe(value) && HeaderRules.IsSafe(name)) { request.Headers[name] = value; }
        }
    }

    /// <summary>Keeps the first bytes and takes the rest without keeping it: an endless answer must not fill the memory.</summary>
    private sealed class FirstBytes(int most) : Stream
    {
        private readonly MemoryStream _kept = new();

        public ReadOnlyMemory<byte> Written => _kept.GetBuffer().AsMemory(0, (int)_kept.Length);

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
        public override void Write(ReadOnlySpan<byte> buffer) => _kept.Write(buffer[..Math.Min(buffer.Length, most - (int)_kept.Length)]);
    }
}
