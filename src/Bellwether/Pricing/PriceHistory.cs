using System.Data.Common;
using System.Globalization;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Telemetry;
using Microsoft.Extensions.Logging;

namespace Bellwether.Pricing;

/// <summary>
/// Prices stored calls again with the rows that were in force when they were made, own prices included. A cost that came with the
/// call from outside is left alone. One run at a time; one that was stopped is finished by the next.
/// </summary>
public sealed class PriceHistory
{
    private readonly PriceBook _book;
    private readonly TelemetryRepricer _repricer;
    private readonly DbDataSource _state;
    private readonly AuditTrail _audit;
    private readonly ILogger<PriceHistory> _logger;
    private int _running;

    internal PriceHistory(PriceBook book, TelemetryRepricer repricer, DbDataSource state, AuditTrail audit, ILogger<PriceHistory> logger) =>
        (_book, _repricer, _state, _audit, _logger) = (book, repricer, state, audit, logger);

    /// <summary>
    /// Throws <see cref="TelemetryQueryException"/> for a request that makes no sense and <see cref="TimeoutException"/> when the
    /// store is too far behind the journal to begin.
    /// </summary>
    public async Task<Change<RepriceResult>> RepriceAsync(Actor actor, RepriceRequest request, CancellationToken cancellationToken)
    {
        if (!actor.MaySee(request.Project))
        {
            return Change.NotFound;
        }
        if (!actor.May(Role.Administrator, request.Project))
        {
            return Change.Forbidden;
        }
        if (request.Window.To <= request.Window.From)
        {
            return Change.Invalid("to", "must be later than the start of the window");
        }
        if (request.DryRun)
        {
            return await PriceAsync(request, cancellationToken);
        }
        if (Interlocked.Exchange(ref _running, 1) == 1)
        {
            return Change.Conflict("from", "cannot be used now: history is being priced again already");
        }
        try
        {
            return await RunAsync(actor, request, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    private Task<RepriceResult> PriceAsync(RepriceRequest request, CancellationToken cancellationToken) =>
        _repricer.RepriceAsync(request, call => CallPricing.PriceAgain(_book, call), cancellationToken);

    private async Task<RepriceResult> RunAsync(Actor actor, RepriceRequest request, CancellationToken cancellationToken)
    {
        // A mistake in the filters shows in any instant of the window and leaves no row that speaks of a change.
        var instant = new TimeRange(request.Window.From, request.Window.From.AddTicks(1));
        await PriceAsync(request with { DryRun = true, Window = instant }, cancellationToken);
        // Before the change, so that a kill cannot leave a change without a row.
        await WriteAsync(actor, request, "prices.reprice-started", "", cancellationToken);
        try
        {
            var result = await PriceAsync(request, cancellationToken);
            await WriteAsync(actor, request, "prices.repriced", Describe(result), CancellationToken.None);
            return result;
        }
        catch (Exception error)
        {
            PricingLog.RepriceStopped(_logger, error);
            await WriteAsync(actor, request, "prices.reprice-stopped", "part of the window has its new prices; run it again to finish", CancellationToken.None);
            throw;
        }
    }

    private Task<int> WriteAsync(Actor actor, RepriceRequest request, string action, string detail, CancellationToken cancellationToken) => _state.TransactAsync(
        connection => _audit.WriteAsync(
            connection, actor, request.Project, action, string.Create(CultureInfo.InvariantCulture, $"{request.Window.From:u} to {request.Window.To:u}"),
            // Fields only: a filter's value may be a person.
            string.Join("; ", new[] { detail, Fields(request) }.Where(part => part.Length > 0)), cancellationToken),
        cancellationToken);

    private static string Fields(RepriceRequest request) =>
        request.Where.IsEmpty ? "" : "filtered by " + string.Join(", ", request.Where.Select(filter => filter.Field).Distinct());

    private static string Describe(RepriceResult result) => string.Create(CultureInfo.InvariantCulture,
        $"{result.Changed} of {result.Calls} calls, before: {result.BeforeUsd} USD; after: {result.AfterUsd} USD");
}
