using System.Net;
using System.Net.Security;
using System.Text;
using Bellwether.Primitives;

namespace Bellwether.Providers;

/// <summary>A provider with its connection pool and its credential, ready to be called. One long-lived instance per endpoint.</summary>
public sealed class ProviderClient
{
    private readonly string? _credentialHeader;
    private readonly string? _credential;

    internal ProviderClient(ProviderEndpoint endpoint, HttpMessageInvoker invoker)
    {
        Endpoint = endpoint;
        Invoker = invoker;
        BaseUrl = endpoint.BaseUrl.AbsoluteUri.TrimEnd('/');
        if (endpoint.ApiKey is { } key)
        {
            (_credentialHeader, _credential) = endpoint.Kind switch
            {
                ProviderKind.OpenAi => ("Authorization", "Bearer " + key.Reveal()),
                ProviderKind.Anthropic => ("x-api-key", key.Reveal()),
                ProviderKind.AzureOpenAi => ("api-key", key.Reveal()),
                ProviderKind.Gemini => ("x-goog-api-key", key.Reveal()),
                ProviderKind.Simulated => (null, null),
                _ => throw new ArgumentOutOfRangeException(nameof(endpoint), endpoint.Kind, null),
            };
        }
    }

    public ProviderEndpoint Endpoint { get; }

    /// <summary>The base URL without a trailing slash.</summary>
    public string BaseUrl { get; }

    public HttpMessageInvoker Invoker { get; }

    public bool HasCredential => _credential is not null;

    /// <summary>The id in the price table once someone looked it up; empty when there is none.</summary>
    public string? PriceProvider { get; set; }

    /// <summary>Adds the stored key in the header that this provider reads it from.</summary>
    /// <param name="request">The request; its own credential headers must have been left out.</param>
    /// <param name="asBearer">True on a compatibility path where the provider wants <c>Authorization: Bearer</c> whatever its own header is.</param>
    public void Authorize(HttpRequestMessage request, bool asBearer)
    {
        if (_credential is null || _credentialHeader is null)
        {
            return;
        }
        if (asBearer && _credentialHeader != "Authorization")
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + _credential);
            return;
        }
        request.Headers.TryAddWithoutValidation(_credentialHeader, _credential);
    }

    /// <summary>
    /// The transport to a provider. Redirects are not followed: the default client sends <c>x-api-key</c> and, on a 307, the
    /// body to the redirect's target. No cookies, no proxy, no decompression: bytes pass as they are.
    /// </summary>
    internal static SocketsHttpHandler CreateHandler(TimeSpan connectTimeout, PrivateTargets reach) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = connectTimeout,
        // Checked on the addresses that the name has when the connection is made.
        ConnectCallback = reach == PrivateTargets.All ? null : (context, cancellationToken) => OutboundGuard.ConnectAsync(context.DnsEndPoint, reach, cancellationToken),
        // Follows DNS changes without ever cutting a call: only idle connections are replaced.
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
        MaxConnectionsPerServer = int.MaxValue,
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(60),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        // In kilobytes; some gateways send 64 KB of headers.
        MaxResponseHeadersLength = 128,
        // An answer that is thrown away is not read to its end for the sake of its connection.
        MaxResponseDrainSize = 64 * 1024,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        // Kestrel reads header values as UTF-8 and these are sent on as they were; answers are kept byte for byte as Latin-1.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        SslOptions = new SslClientAuthenticationOptions(),
    };
}
