using System.Text.Json;
using Bellwether.Exchange;
using Bellwether.Identity;
using Bellwether.Providers;

namespace Bellwether.Gateway;

/// <summary>
/// Sends a call more than once where its caller asked for that: again after a failure, and to one fallback after the other. A fallback that
/// changes the body is judged before it is sent, like the first.
/// </summary>
internal sealed class UpstreamAttempts(TargetHosts targets, ExchangeStages stages, ProviderPool providers, IKeyring keyring, TimeProvider time)
{
    /// <summary>True when there is more to do than to send once.</summary>
    public static bool AreWanted(CallSession session) =>
        session.Wishes is { } wishes && (wishes.Fallbacks.Count > 0 || wishes.Retries is { Enabled: true, Count: > 0 }) && session.Request!.Content is null or BodyContent;

    /// <param name="session">The call.</param>
    /// <param name="sendOnce">Sends the session's request to the session's provider, at the timestamp that it is given.</param>
    /// <returns>The answer, or why nothing more is sent.</returns>
    public async Task<(HttpResponseMessage? Response, Refusal? Refusal)> SendAsync(CallSession session, Func<CallSession, long, Task<HttpResponseMessage>> sendOnce)
    {
        var wishes = session.Wishes!;
        if (wishes.Fallbacks.Count == 0)
        {
            return (await RepeatAsync(session, wishes.Retries, sendOnce), null);
        }
        var first = session.Request!;
        var ownBefore = session.OwnCredential;
        var body = session.Call.Body;
        for (var i = 0; ; i++)
        {
            var fallback = wishes.Fallbacks[i];
            var last = i == wishes.Fallbacks.Count - 1;
            session.Call.Body = body;
            var splice = (first.Content as BodyContent)?.Splice;
            if (fallback.BodyKeys.Count > 0)
            {
                (splice, var refusal) = await ChangeAsync(session, fallback);
                if (refusal is not null)
                {
                    // Who was not called did not refuse.
                    session.Provider = i == 0 ? null : session.Provider;
                    return (null, refusal);
                }
            }
            Take(session, session.Call.ProviderName is null ? fallback : fallback with { Headers = [] }, first, ownBefore, splice);
            wishes.FallbackIndex = i;
            if (session.Call.ProviderName is { } stricter)
            {
                // A guard's choice, which ends the caller's list.
                return CallAdmission.Divert(session, providers.Current.ByName(stricter)) is { } cannot ? (null, cannot) : (await RepeatAsync(session, wishes.Retries, sendOnce), null);
            }
            try
            {
                var response = await RepeatAsync(session, wishes.Retries, sendOnce);
                if (last || !fallback.GoesOnAfter((int)response.StatusCode))
                {
                    return (response, null);
                }
                response.Dispose();
            }
            catch (Exception error) when (!last && IsUnreached(session, error))
            {
                // Not reached, so the next one has its turn.
            }
        }
    }

    private async Task<HttpResponseMessage> RepeatAsync(CallSession session, UpstreamRetries? retries, Func<CallSession, long, Task<HttpResponseMessage>> sendOnce)
    {
        var repeats = retries is { Enabled: true } ? retries.Count : 0;
        for (var attempt = 0; ; attempt++)
        {
            TimeSpan? asked = null;
            try
            {
                var response = await sendOnce(session, time.GetTimestamp());
                if (attempt >= repeats || !UpstreamRetries.Covers((int)response.StatusCode))
                {
                    return response;
                }
                asked = response.Headers.RetryAfter?.Delta;
                response.Dispose();
            }
            catch (Exception error) when (attempt < repeats && IsUnreached(session, error))
            {
                // The connection failed: as good a reason as a status.
            }
            session.UpstreamRepeats++;
            var delay = retries!.Delay(attempt, asked);
            session.Running.Expect(StopReason.FirstByte, time.GetTimestamp(), delay + session.Provider!.Endpoint.FirstByteTimeout);
            await Task.Delay(delay, time, session.Running.Token);
        }
    }

    // The transport's limit on connecting is a cancellation that nobody asked for. A time limit of the call, the caller's leaving and
    // a shutdown end the call instead, and so does a body that cannot be sent twice.
    private static bool IsUnreached(CallSession session, Exception error) =>
        session.Running.Reason == StopReason.None && error is HttpRequestException or IOException or OperationCanceledException;

    /// <summary>The addresses of all fallbacks, checked before the first is called: a list with a forbidden one is refused as a whole.</summary>
    public Refusal? Check(CallSession session)
    {
        var wishes = session.Wishes!;
        if (session.Request!.Content is PassThroughContent)
        {
            return Refusals.BadRequest("invalid_header", "Helicone-Fallbacks works for calls whose body is read: this one is passed through and cannot be sent twice.", "Helicone-Fallbacks");
        }
        if (wishes.Fallbacks.Any(fallback => fallback.BodyKeys.Count > 0) && !CanChange(session.Call.Body))
        {
            return Refusals.BadRequest("invalid_header", "Helicone-Fallbacks has a bodyKeyOverride that cannot be put into this body.", "Helicone-Fallbacks");
        }
        for (var i = 0; i < wishes.Fallbacks.Count; i++)
        {
            if (targets.Find(wishes.Fallbacks[i].TargetUrl, session.Route.ProviderKind, $"Helicone-Fallbacks[{i}].target-url", out var refusal) is not { } provider)
            {
                return refusal;
            }
            session.Provider ??= provider;
            if (session.Wishes!.Fallbacks[i].Model is { } model && CallAdmission.CheckModel(session.Call.Key!, model) is { } notAllowed)
            {
                return notAllowed;
            }
        }
        return null;
    }

    /// <summary>Puts the fallback's keys into the body and has the stages look at it, as the call of the model that it names then.</summary>
    private async ValueTask<(BodySplice? Splice, Refusal? Refusal)> ChangeAsync(CallSession session, Fallback fallback)
    {
        var call = session.Call;
        // What was left for later is about the body before.
        stages.Later(call);
        call.Body = WithKeys(call.Body, fallback.BodyKeys);
        if (!RequestScanner.Scan(call.Body.Span, call.Dialect, out _).IsOk)
        {
            return (null, Refusals.BadRequest("invalid_header", "Helicone-Fallbacks has a bodyKeyOverride with which this body cannot be read.", "Helicone-Fallbacks"));
        }
        var asked = call.Model;
        call.Model = fallback.Model ?? asked;
        var refusal = await stages.AgainAsync(session);
        if (call.ProviderName is null)
        {
            call.Model = asked;
        }
        if (refusal is not null)
        {
            return (null, refusal);
        }
        return RequestScanner.Scan(call.Body.Span, call.Dialect, out var facts).IsOk ? (facts.UsageSplice, null) : (null, null);
    }

    // Each fallback gets a request of its own, with a body that no earlier one can still be sending.
    private void Take(CallSession session, Fallback fallback, HttpRequestMessage first, bool own, BodySplice? splice)
    {
        var request = new HttpRequestMessage(first.Method, requestUri: (Uri?)null);
        foreach (var (name, values) in first.Headers.NonValidated)
        {
            if (!fallback.Headers.Any(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                request.Headers.TryAddWithoutValidation(name, values);
            }
        }
        if (first.Content is BodyContent body)
        {
            request.Content = new BodyContent { Body = fallback.BodyKeys.Count == 0 ? body.Body.ToArray() : session.Call.Body, Splice = splice };
            foreach (var (name, values) in body.Headers.NonValidated)
            {
                // What was put together here is neither of that length nor compressed.
                if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
                    && (fallback.BodyKeys.Count == 0 || !name.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase)))
                {
                    request.Content.Headers.TryAddWithoutValidation(name, values);
                }
            }
        }
        foreach (var (name, value) in fallback.Headers)
        {
            var credential = HeaderRules.OfRequest(name) == HeaderRule.Credential;
            if (credential && Credentials.IsBellwetherKey(keyring, value))
            {
                continue;
            }
            own |= credential;
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }
        var earlier = session.Request;
        session.Provider = targets.Find(fallback.TargetUrl, session.Route.ProviderKind, "", out _) ?? session.Provider;
        session.OwnCredential = own;
        session.Request = request;
        if (!ReferenceEquals(earlier, first))
        {
            earlier?.Dispose();
        }
    }

    // Whether it works depends on the body alone: the new values were JSON in the header. Done for nothing once, so that no body is held ten times.
    private static bool CanChange(ReadOnlyMemory<byte> body)
    {
        try
        {
            return WithKeys(body, new Dictionary<string, string>()).Length > 0;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    private static byte[] WithKeys(ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> keys)
    {
        using var json = JsonDocument.Parse(body);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var entry in json.RootElement.EnumerateObject())
            {
                if (!keys.ContainsKey(entry.Name))
                {
                    entry.WriteTo(writer);
                }
            }
            foreach (var (name, value) in keys)
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(value);
            }
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }
}
