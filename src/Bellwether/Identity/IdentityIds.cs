namespace Bellwether.Identity;

/// <summary>Public ids: a prefix that says what it is, and a time-ordered random part.</summary>
internal static class IdentityIds
{
    public static string Key(DateTimeOffset now) => $"key_{Guid.CreateVersion7(now):n}";

    public static string User(DateTimeOffset now) => $"user_{Guid.CreateVersion7(now):n}";

    public static string Audit(DateTimeOffset now) => $"audit_{Guid.CreateVersion7(now):n}";
}
