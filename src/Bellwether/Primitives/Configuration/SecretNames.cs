namespace Bellwether.Primitives;

/// <summary>Tells settings whose value must not be repeated in an error, by their name.</summary>
internal static class SecretNames
{
    private static readonly string[] Marks = ["key", "secret", "password", "token", "connectionstring", "credential", "authorization"];

    public static bool MayBeSecret(string path)
    {
        foreach (var mark in Marks)
        {
            if (path.Contains(mark, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
