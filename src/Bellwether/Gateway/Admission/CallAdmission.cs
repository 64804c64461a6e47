using System.Collections.Immutable;
using Bellwether.Exchange;
using Bellwether.Identity;
using Bellwether.Providers;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Bellwether.Gateway;

/// <summary>
/// Everything that is decided before a provider is called: who calls, whether headers and body are acceptable, which model and
/// provider are meant, and that the call can be recorded. The request to the provider is put together on the way.
/// </summary>
internal sealed class CallAdmission(
    IKeyring keyring, ITelemetryIntake intake, ProviderPool providers, TargetHosts targets, UpstreamAttempts attempts, CallRegistry registry,
    IOptions<GatewayOptions> gatewayOptions)
{
    private readonly GatewayOptions _options = gatewayOptions.Value;

    /// <summary>Null: go on. Throws what reading a broken body throws.</summary>
    public async ValueTask<Refusal?> AdmitAsync(CallSession session)
    {
        if (registry.Draining)
        {
            return Refusals.ShuttingDown;
        }
        if (!PathRules.IsSafe(session.Path))
        {
            return Refusals.BadPath;
        }
        if (CheckKey(session) is { } badKey)
        {
            return badKey;
        }
        if (ReadHeaders(session) is { } badHeaders)
        {
            return badHeaders;
        }
        var refusal = session.Route.IsOpaque ? TakeOpaque(session) : await TakeBodyAsync(session);
        refusal ??= CheckModel(session);
        if (refusal is not null)
        {
            return refusal;
        }
        if ((session.Call.Stream || session.IsUpgrade) && !registry.TryHoldStream(session.Running, _options.MaxConcurrentStreams))
        {
            return Refusals.TooManyStreams;
        }
        return _options.AuditMode == AuditMode.Required && !intake.CanAccept(out var cannot) ? Refusals.CannotRecord(cannot) : null;
    }

    /// <summary>Chooses the provider; after the stages, since they may have changed model or provider.</summary>
    public Refusal? ChooseProvider(CallSession session)
    {
        var call = session.Call;
        var choice = providers.Current;
        if (call.ProviderName is { } decided)
        {
            return Divert(session, choice.ByName(decided));
        }
        if (session.Wishes is { } wishes)
        {
            if (wishes.Fallbacks.Count > 0)
            {
                return attempts.Check(session);
            }
            if (wishes.TargetUrl.Length > 0)
            {
                session.Provider = targets.Find(wishes.TargetUrl, session.Route.ProviderKind, wishes.TargetHeader, out var refusal);
                return refusal;
            }
            if (wishes.Provider.Length > 0 && choice.ByName(wishes.Provider) is { } wished)
            {
                session.Provider = wished;
                return null;
            }
        }
        session.Provider = choice.Find(call.Model, session.Route.ProviderKind, session.Route.AlternativeKind, session.OwnCredential);
        return session.Provider is null ? Refusals.ModelNotFound(call.Model) : null;
    }

    // A stage's choice is not the caller's to evade: neither by naming targets and fallbacks, nor with a key of its own.
    public static Refusal? Divert(CallSession session, ProviderClient? provider)
    {
        var kind = provider?.Endpoint.Kind;
        if (kind is null || (kind != ProviderKind.Simulated && kind != session.Route.ProviderKind && kind != session.Route.AlternativeKind))
        {
            return Refusals.CannotDivert(session.Call.ProviderName!);
        }
        session.Provider = provider;
        session.Wishes?.Fallbacks = [];
        if (session.OwnCredential)
        {
            session.OwnCredential = false;
            foreach (var name in HeaderRules.Credentials)
            {
                session.Request?.Headers.Remove(name);
            }
            session.Query = QueryText.Without(session.Query, static (name, _) => name is "key");
        }
        return null;
    }

    /// <summary>A stage gave the call another body (a guard that took something out): that one is sent, so it is scanned again.</summary>
    public static Refusal? TakeChangedBody(CallSession session)
    {
        var call = session.Call;
        if (call.Body.Equals(session.ScannedBody) || session.Request?.Content is not BodyContent content)
        {
            return null;
        }
        var scan = RequestScanner.Scan(call.Body.Span, call.Dialect, out var facts);
        if (!scan.IsOk)
        {
            return Refusals.BadRequest("invalid_json", scan.Message, scan.Field);
        }
        call.Facts = facts;
        content.Body = call.Body;
        content.Splice = facts.UsageSplice;
        content.Headers.Remove("Content-Encoding");
        return null;
    }

    private Refusal? CheckKey(CallSession session)
    {
        if (session.Call.Key is not null)
        {
            return null;   // a replay, which the dashboard has authorised
        }
        var headers = session.Http.Request.Headers;
        var check = Credentials.Check(keyring, headers, session.Query, out var key, out var passThrough);
        if (check != KeyCheck.Valid || key is null)
        {
            return Refusals.Key(check);
        }
        session.Call.Key = key;
        session.PassThrough = passThrough;
        session.OwnCredential = passThrough && Credentials.HasOwn(keyring, headers, session.Query);
        if (session.Query.Length > 0)
        {
            // Gemini clients may carry the key in the query: ours ends here.
            session.Query = Credentials.ForwardedQuery(keyring, session.Query, session.OwnCredential);
        }
        return key.Gateway ? null : Refusals.NotForGateway;
    }

    private Refusal? ReadHeaders(CallSession session)
    {
        var http = session.Http.Request;
        var call = session.Call;
        if (http.Headers.Count > _options.MaxHeaderCount)
        {
            return Refusals.Headers($"The request has more than {_options.MaxHeaderCount} headers.");
        }
        session.IsUpgrade = session.Route.IsOpaque && session.Http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true };
        var request = new HttpRequestMessage(HttpMethod.Parse(http.Method), requestUri: (Uri?)null);
        session.Request = request;
        request.Content = session.Route.IsOpaque
            ? session.Http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true } && !session.IsUpgrade
                ? new PassThroughContent(http.Body, http.ContentLength)
                : null
            : new BodyContent();

        string? connection = http.Headers.Connection;
        var total = 0;
        ImmutableArray<KeyValuePair<string, string>>.Builder? properties = null;
        foreach (var (name, values) in http.Headers)
        {
            var rule = HeaderRules.OfRequest(name);
            for (var i = 0; i < values.Count; i++)
            {
                var value = values[i] ?? "";
                total += name.Length + value.Length;
                if (!HeaderRules.IsSafe(value))
                {
                    return Refusals.BadRequest("invalid_header", "A header value holds a line break or a NUL.", HeaderRules.IsSafe(name) ? name : null);
                }
                switch (rule)
                {
                    case HeaderRule.Drop:
                        continue;
                    case HeaderRule.Ours:
                        ReadOurs(session, name, value, ref properties);
                        continue;
                    case HeaderRule.Credential when !session.OwnCredential || Credentials.IsBellwetherKey(keyring, value):
                        continue;
                    case HeaderRule.SubProtocol when SubProtocolKey.Find(value) is { } inProtocol && (!session.OwnCredential || Credentials.IsBellwetherKey(keyring, inProtocol)):
                        value = SubProtocolKey.Without(value);
                        if (value.Length == 0)
                        {
                            continue;
                        }
                        break;
                    case HeaderRule.AcceptEncoding when !session.Route.IsOpaque:
                        // What must be read is asked for uncompressed.
                        continue;
                    case HeaderRule.TraceParent:
                        CallerHeaders.ReadTraceParent(call, value);
                        break;
                    case HeaderRule.RetryCount:
                        CallerHeaders.ReadRetryCount(call, value);
                        break;
                    case HeaderRule.ForwardAndShow:
                        session.Show('>', name, value);
                        break;
                    case HeaderRule.Forward or HeaderRule.Credential or HeaderRule.SubProtocol or HeaderRule.AcceptEncoding:
                        break;
                    default:
                        throw new InvalidOperationException();
                }
                if (connection is not null && HeaderRules.IsNamedBy(connection, name))
                {
                    continue;
                }
                if (!request.Headers.TryAddWithoutValidation(name, value))
                {
                    request.Content?.Headers.TryAddWithoutValidation(name, value);
                }
            }
            if (total > _options.MaxHeaderBytes)
            {
                return Refusals.Headers($"The request's headers are larger than {_options.MaxHeaderBytes} bytes.");
            }
        }
        if (!session.Route.IsOpaque)
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        }
        if (session.Wishes is { } wishes)
        {
            HeliconeHeaders.Finish(wishes, call, http.Headers.CacheControl.ToString());
        }
        if (properties is not null)
        {
            call.Properties = properties.ToImmutable();
        }
        return session.Wishes?.Mistake;
    }

    private static void ReadOurs(CallSession session, string name, string value, ref ImmutableArray<KeyValuePair<string, string>>.Builder? properties)
    {
        var call = session.Call;
        var read = CallerHeaders.Read(call, name, value, ref properties);
        if ((name[0] | 0x20) == 'h')
        {
            session.Wishes ??= new CallerWishes();
            session.Wishes.Helicone = true;
            if (!read)
            {
                HeliconeHeaders.Read(session.Wishes, call, name, value, ref properties);
            }
        }
        else if (!read)
        {
            PortkeyHeaders.Read(session.Wishes ??= new CallerWishes(), call, name, value, ref properties);
        }
    }

    private Refusal? TakeOpaque(CallSession session)
    {
        var http = session.Http;
        session.Call.Model = session.Route.PathModel.Length > 0 ? session.Route.PathModel
            // Realtime sockets name their model in the query.
            : session.Query.Length > 0 ? CallerHeaders.Cut(Uri.UnescapeDataString(QueryText.Value(session.Query, "model")), 256)
            : "";
        if (http.Request.ContentLength is { } length)
        {
            session.RequestBytes = length;
            if (length > _options.MaxUploadBytes)
            {
                return Refusals.TooLarge(_options.MaxUploadBytes);
            }
        }
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = _options.MaxUploadBytes;
        }
        return null;
    }

    private async ValueTask<Refusal?> TakeBodyAsync(CallSession session)
    {
        var http = session.Http;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            // Ours is checked while reading, so that the refusal comes in the dialect.
            limit.MaxRequestBodySize = null;
        }
        (session.Body, var refusal) = await RequestBody.ReadAsync(http.Request, _options, session.Running.Token);
        if (refusal is not null)
        {
            return refusal;
        }
        var call = session.Call;
        var content = (BodyContent)session.Request!.Content!;
        content.Body = session.Body.Memory;
        session.RequestBytes = content.Body.Length;
        call.Body = content.Body;
        string? encoding = http.Request.Headers.ContentEncoding;
        var encoded = !string.IsNullOrEmpty(encoding) && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase);
        if (encoded)
        {
            (call.Body, refusal) = RequestBody.Decode(content.Body, encoding!, _options.MaxBodyBytes);
            if (refusal is not null)
            {
                return refusal;
            }
        }
        var scan = RequestScanner.Scan(call.Body.Span, call.Dialect, out var facts);
        if (!scan.IsOk)
        {
            return new Refusal(400, "invalid_request_error", "invalid_json", scan.Message, ErrorTypes.BadRequest) { Param = scan.Field };
        }
        call.Facts = facts;
        call.Model = session.Route.PathModel.Length > 0 ? session.Route.PathModel : facts.Model;
        call.Stream = facts.Stream || session.Route.Stream;
        // What the body says of the user is part of what was promised not to be kept.
        if (call.User.Length == 0 && session.Wishes is not { OmitRequest: true })
        {
            call.User = facts.User;
        }
        // A compressed body is passed on as it came; usage of such a stream is then estimated.
        content.Splice = encoded ? null : facts.UsageSplice;
        return null;
    }

    private static Refusal? CheckModel(CallSession session) =>
        session.Route.Operation == "models" && HttpMethods.IsGet(session.Http.Request.Method) ? null : CheckModel(session.Call.Key!, session.Call.Model);

    /// <summary>Null: the key may call the model.</summary>
    public static Refusal? CheckModel(ApiKey key, string model)
    {
        if (key.Models.Count == 0)
        {
            return null;
        }
        foreach (var pattern in key.Models)
        {
            if (pattern.EndsWith('*') ? model.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) && model.Length > 0 : model == pattern)
            {
                return null;
            }
        }
        return Refusals.ModelNotAllowed(model);
    }
}
