using System.Net;
using System.Net.Http.Headers;

namespace Bellwether.Sinks;

/// <summary>One POST to a receiver and what its answer means.</summary>
internal sealed class SinkHttp(TimeSpan timeout) : IDisposable
{
    private const int MostAnswer = 4 * 1024;

    // A redirect would take keys along to another host.
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = timeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ActivityHeadersPropagator = null,
    });

    /// <param name="accepts">Looks at the body of a 2xx answer; null takes every one.</param>
    public async Task<Delivery> PostAsync(HttpRequestMessage request, Func<string, bool>? accepts, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            using var response = await _invoker.SendAsync(request, limit.Token);
            var status = (int)response.StatusCode;
            if (response.IsSuccessStatusCode)
            {
                return accepts is null || accepts(await HeadAsync(response.Content, limit.Token))
                    ? new Delivery(DeliveryOutcome.Delivered)
                    : new Delivery(DeliveryOutcome.Rejected, $"answered {status} and that it did not take the batch");
            }
            return response.StatusCode switch
            {
                HttpStatusCode.Gone => new Delivery(DeliveryOutcome.Gone, "answered 410: it wants nothing more"),
                HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
                    or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound
                    or (>= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest) =>
                    // A wrong key or address is put right by an operator, and nothing should be lost until then.
                    new Delivery(DeliveryOutcome.RetryLater, $"answered {status}", RetryAfter(response.Headers.RetryAfter)),
                _ => new Delivery(DeliveryOutcome.Rejected, $"answered {status}"),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Delivery(DeliveryOutcome.RetryLater, "did not answer in time");
        }
        catch (HttpRequestException)
        {
            // Not the exception's text: it names addresses of the operator's network.
            return new Delivery(DeliveryOutcome.RetryLater, "could not be reached");
        }
    }

    public void Dispose() => _invoker.Dispose();

    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? header) => header?.Delta is { } delta && delta < TimeSpan.FromHours(1) ? delta : null;

    private static async Task<string> HeadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = new byte[MostAnswer];
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var count = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, count);
    }
}
