using System.Net;
using System.Security.Authentication;
using Bellwether.Primitives;

namespace Bellwether.Providers;

/// <summary>How a connection test ended.</summary>
public enum ProviderTestOutcome { Ok, KeyRejected, NotFound, RateLimited, ProviderError, Unreachable, TlsFailed, PrivateAddress, TimedOut, NoKey, Unknown }

/// <param name="Status">The provider's HTTP status, if it answered.</param>
/// <param name="Message">One sentence for the page: what happened and what to do.</param>
public sealed record ProviderTestResult(ProviderTestOutcome Outcome, int? Status, string Message, double ElapsedMs)
{
    public bool Ok => Outcome == ProviderTestOutcome.Ok;
}

/// <summary>Asks a provider for its list of models: a real call with the real key that costs nothing.</summary>
public sealed class ProviderTest(ProviderPool pool, TimeProvider clock)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <returns>Null when there is no provider of the name.</returns>
    public async Task<ProviderTestResult?> RunAsync(string name, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var client = pool.Current.ByName(name);
        if (client is null)
        {
            return null;
        }

        ProviderTestResult Ended(ProviderTestOutcome outcome, string message, int? status = null) =>
            new(outcome, status, message, Math.Round(clock.GetElapsedTime(started).TotalMilliseconds, 1));

        if (!client.HasCredential && client.Endpoint.Kind is ProviderKind.Anthropic or ProviderKind.AzureOpenAi or ProviderKind.Gemini)
        {
            return Ended(ProviderTestOutcome.NoKey, "No key is stored, so there is nothing to test. Calls that bring their own key will still work.");
        }

        using var timeout = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, client.BaseUrl + Path(client.Endpoint.Kind));
            client.Authorize(request, asBearer: false);
            if (client.Endpoint.Kind == ProviderKind.Anthropic)
            {
                request.Headers.Add("anthropic-version", "2023-06-01");
            }

            using var response = await client.Invoker.SendAsync(request, either.Token);
            var status = (int)response.StatusCode;
            // The answer's text stays here: it may quote the key, and a test must not become a way to read pages of the network.
            return response.StatusCode switch
            {
                >= (HttpStatusCode)200 and < (HttpStatusCode)300 => Ended(ProviderTestOutcome.Ok, "The provider answered and took the key.", status),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => client.HasCredential
                    ? Ended(ProviderTestOutcome.KeyRejected, "The provider answered but rejected the key.", status)
                    : Ended(ProviderTestOutcome.NoKey, "The provider answered and wants a key; none is stored.", status),
                HttpStatusCode.NotFound => Ended(ProviderTestOutcome.NotFound, "Something answered, but not this API: check the path of the base URL.", status),
                HttpStatusCode.TooManyRequests => Ended(ProviderTestOutcome.RateLimited, "The provider answered that its rate limit is reached.", status),
                >= (HttpStatusCode)300 and < (HttpStatusCode)400 => Ended(ProviderTestOutcome.NotFound, "The address redirects elsewhere, which is not followed: enter the final address.", status),
                _ => Ended(ProviderTestOutcome.ProviderError, $"The provider answered with status {status}.", status),
            };
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return Ended(ProviderTestOutcome.TimedOut, $"No answer within {Limit.TotalSeconds:0} seconds.");
        }
        catch (HttpRequestException error) when (error is OutboundRefusedException || error.InnerException is OutboundRefusedException)
        {
            return Ended(ProviderTestOutcome.PrivateAddress, "The address is inside your network. To allow it, add its host to Bellwether:Network:PrivateTargets and restart.");
        }
        catch (HttpRequestException error) when (error.InnerException is AuthenticationException)
        {
            return Ended(ProviderTestOutcome.TlsFailed, "The TLS handshake failed: the certificate is not trusted, or the port does not speak TLS.");
        }
        catch (HttpRequestException error)
        {
            return Ended(ProviderTestOutcome.Unreachable, error.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => "The host name is not known.",
                HttpRequestError.ConnectionError => "The connection was refused or could not be made.",
                _ => "The connection failed.",
            });
        }
    }

    private static string Path(ProviderKind kind) => kind switch
    {
        ProviderKind.OpenAi => "/models",
        ProviderKind.Simulated => "/v1/models",
        ProviderKind.Anthropic => "/v1/models?limit=1",
        ProviderKind.AzureOpenAi => "/openai/models?api-version=2024-10-21",
        ProviderKind.Gemini => "/v1beta/models?pageSize=1",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
