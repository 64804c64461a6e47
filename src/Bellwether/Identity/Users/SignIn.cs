using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Bellwether.State;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Bellwether.Identity;

/// <summary>How a try to sign in ended. A wrong name and a wrong password look the same.</summary>
public enum SignInOutcome { SignedIn, Wrong, Throttled, LinkUsedOrExpired, Invalid }

/// <param name="Wait">How long to wait before another try, when throttled.</param>
public sealed record SignInResult(SignInOutcome Outcome, Account? Account = null, TimeSpan Wait = default, IReadOnlyDictionary<string, string[]>? Errors = null);

/// <summary>What someone enters on the page that a one-time link opens.</summary>
public sealed record LinkForm(string Token, string Name, string SignInName, string Password);

/// <summary>Checks passwords and one-time links.</summary>
public sealed class SignIn(DbDataSource state, Accounts accounts, SignInLinks links, SignInThrottle throttle, AuditTrail audit, TimeProvider clock)
{
    public static readonly int MinPasswordLength = 10;

    private static readonly PasswordHasher<Account> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));

    // Verified against when there is no such account, so that a name cannot be told to exist by the time it takes.
    private static readonly string NobodysHash = Hasher.HashPassword(null!, "nobody's password");

    public async Task<SignInResult> PasswordAsync(string signInName, string password, string address, CancellationToken cancellationToken)
    {
        var name = Normalise(signInName);
        if (throttle.Wait(name, address) is { Ticks: > 0 } wait)
        {
            return new SignInResult(SignInOutcome.Throttled, Wait: wait);
        }

        var account = accounts.BySignInName(name);
        var stored = account is null ? null : (await state.QueryAsync(
            "SELECT password_hash FROM account WHERE id = @id", row => row.TextOrNull(0), cancellationToken, ("@id", account.Id))).FirstOrDefault();
        // Nobody's password is longer than this; hashing a megabyte would be the caller's way to keep us busy.
        var matches = password.Length <= 1024
            && Hasher.VerifyHashedPassword(null!, stored ?? NobodysHash, password) != PasswordVerificationResult.Failed
            && stored is not null;
        if (!matches || account is null || account.DisabledAt is not null)
        {
            throttle.Failed(name, address);
            return new SignInResult(SignInOutcome.Wrong);
        }

        throttle.Succeeded(name, address);
        await state.ExecuteAsync(
            "UPDATE account SET last_sign_in_at = @now WHERE id = @id", cancellationToken, ("@now", clock.GetUtcNow()), ("@id", account.Id));
        await accounts.LoadAsync(cancellationToken);
        return new SignInResult(SignInOutcome.SignedIn, account);
    }

    /// <summary>Uses a link: makes the account it invites, or sets the password of the account it is for.</summary>
    public async Task<SignInResult> LinkAsync(LinkForm form, CancellationToken cancellationToken)
    {
        if (await links.FindAsync(form.Token, cancellationToken) is not { } found)
        {
            return new SignInResult(SignInOutcome.LinkUsedOrExpired);
        }

        var name = Normalise(form.SignInName);
        var errors = new FieldErrors().Check(
            form.Password.Length >= MinPasswordLength && form.Password.Length <= 1024, "password", $"must have at least {MinPasswordLength} characters");
        if (found.Kind != LinkKind.Reset)
        {
            errors.CheckName(form.Name, "name")
                .Check(name.Length is >= 2 and <= 100 && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)), "signInName", "must have 2 to 100 characters and no spaces")
                .Check(found.Kind == LinkKind.Operator || accounts.BySignInName(name) is null, "signInName", "is taken");
        }

        if (errors.Any)
        {
            return new SignInResult(SignInOutcome.Invalid, Errors: errors.ToChange().Errors);
        }

        var id = await state.TransactAsync(connection => UseAsync(connection, form, name, cancellationToken), cancellationToken);
        await accounts.LoadAsync(cancellationToken);
        return id is not null && accounts.Find(id) is { DisabledAt: null } account
            ? new SignInResult(SignInOutcome.SignedIn, account)
            : new SignInResult(SignInOutcome.LinkUsedOrExpired);
    }

    private async Task<string?> UseAsync(DbConnection connection, LinkForm form, string name, CancellationToken cancellationToken)
    {
        if (await links.TakeAsync(connection, form.Token, cancellationToken) is not { } link)
        {
            return null;
        }

        var hash = Hasher.HashPassword(null!, form.Password);
        var now = clock.GetUtcNow();
        var id = link.AccountId ?? (link.Kind == LinkKind.Operator ? accounts.BySignInName(name)?.Id : null);
        if (id is null)
        {
            id = IdentityIds.User(now);
            await connection.ExecuteAsync(
                """
                INSERT INTO account (id, name, sign_in_name, password_hash, role, projects, stamp, created_at, last_sign_in_at)
                VALUES (@id, @name, @signInName, @hash, @role, @projects, @stamp, @now, @now)
                """,
                cancellationToken,
                ("@id", id), ("@name", form.Name.Trim()), ("@signInName", name), ("@hash", hash), ("@role", link.Role),
                ("@projects", JsonSerializer.Serialize(link.Projects, IdentityJson.Default.IReadOnlyListString)), ("@stamp", NewStamp()), ("@now", now));
        }
        else
        {
            await connection.ExecuteAsync(
                "UPDATE account SET password_hash = @hash, stamp = @stamp, last_sign_in_at = @now WHERE id = @id",
                cancellationToken,
                ("@hash", hash), ("@stamp", NewStamp()), ("@now", now), ("@id", id));
            if (link.Kind == LinkKind.Operator)
            {
                await connection.ExecuteAsync(
                    "UPDATE account SET role = 'administrator', projects = '[]', disabled_at = NULL WHERE id = @id", cancellationToken, ("@id", id));
            }
        }

        var actor = new Actor(id, form.Name, link.Role, null);
        await audit.WriteAsync(connection, actor, null, "link.used", id, link.Kind.ToString().ToLowerInvariant(), cancellationToken);
        return id;
    }

    internal static string NewStamp() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static string Normalise(string name) => name.Trim().ToLowerInvariant();
}
