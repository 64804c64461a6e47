using System.Data.Common;
using System.Globalization;
using Bellwether.State;

namespace Bellwether.Evaluators;

/// <summary>What was spent in a day. Tokens are those of calls that have no known price.</summary>
public readonly record struct Spend(decimal Usd, long Tokens);

/// <summary>An amount that a call may come to at most: money where its price is known, else tokens.</summary>
internal readonly record struct SpendAmount(long Picodollars, long Tokens)
{
    private const decimal PerDollar = 1_000_000_000_000m;

    public static SpendAmount OfUsd(decimal usd) => new(ToPico(usd), 0);

    public static SpendAmount OfTokens(long tokens) => new(0, tokens);

    public static decimal ToUsd(long picodollars) => picodollars / PerDollar;

    // Upwards, so that a part of a picodollar never makes a cap too wide; what a price book gives has no finer digits.
    public static long ToPico(decimal usd) => (long)Math.Min(decimal.Ceiling(usd * PerDollar), 9_000_000m * PerDollar);
}

/// <summary>
/// Caps per spender and UTC day that hold exactly, over restarts and replicas: an amount is reserved before a call, in one statement that
/// refuses it when the day would come above its cap, and settled with what the call came to. A crash in between leaves the reservation.
/// </summary>
internal sealed class SpendLedger(DbDataSource state)
{
    /// <summary>False: it would not fit any more.</summary>
    public async Task<bool> ReserveAsync(string spender, DateOnly day, SpendAmount most, decimal capUsd, long capTokens, CancellationToken cancellationToken)
    {
        await state.ExecuteAsync(
            "INSERT INTO own_spend (spender, day, picodollars, tokens) VALUES (@spender, @day, 0, 0) ON CONFLICT DO NOTHING",
            cancellationToken, ("@spender", spender), ("@day", Name(day)));
        return await state.ExecuteAsync(
            """
            UPDATE own_spend SET picodollars = picodollars + @usd, tokens = tokens + @tokens
            WHERE spender = @spender AND day = @day AND picodollars + @usd <= @cap_usd AND tokens + @tokens <= @cap_tokens
            """,
            cancellationToken,
            ("@usd", most.Picodollars), ("@tokens", most.Tokens), ("@spender", spender), ("@day", Name(day)), ("@cap_usd", SpendAmount.ToPico(capUsd)), ("@cap_tokens", capTokens)) == 1;
    }

    /// <summary>Puts what it came to in the place of what was reserved.</summary>
    public Task SettleAsync(string spender, DateOnly day, SpendAmount reserved, SpendAmount actual, CancellationToken cancellationToken) => state.ExecuteAsync(
        "UPDATE own_spend SET picodollars = picodollars + @usd, tokens = tokens + @tokens WHERE spender = @spender AND day = @day",
        cancellationToken,
        ("@usd", actual.Picodollars - reserved.Picodollars), ("@tokens", actual.Tokens - reserved.Tokens), ("@spender", spender), ("@day", Name(day)));

    /// <summary>What counts as spent, reservations included.</summary>
    public async Task<Spend> ReadAsync(string spender, DateOnly day, CancellationToken cancellationToken) =>
        await state.QueryAsync(
            "SELECT picodollars, tokens FROM own_spend WHERE spender = @spender AND day = @day",
            row => new Spend(SpendAmount.ToUsd(row.GetInt64(0)), row.GetInt64(1)), cancellationToken, ("@spender", spender), ("@day", Name(day))) is [var found] ? found : default;

    private static string Name(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
