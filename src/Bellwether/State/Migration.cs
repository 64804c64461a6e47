using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Bellwether.State;

/// <summary>One step of one feature's tables, from the embedded file <c>Feature/0001.sql</c>.</summary>
public sealed record Migration(string Feature, int Number, string Sql)
{
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Feature}/{Number:0000}");

    /// <summary>SHA-256 of the text with LF line ends, so that a checkout on another system does not count as a change.</summary>
    public string Checksum { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>Every <c>*.sql</c> in an assembly, by feature and number.</summary>
    public static IReadOnlyList<Migration> In(Assembly assembly) =>
        [.. assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(name => Read(assembly, name))
            .OrderBy(migration => migration.Feature, StringComparer.Ordinal)
            .ThenBy(migration => migration.Number)];

    // Resource names: "Identity/Migrations/0001.sql" or "Identity/0001.sql", with either slash.
    private static Migration Read(Assembly assembly, string name)
    {
        var parts = name.Replace('\\', '/').Split('/');
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return new Migration(parts[0], int.Parse(Path.GetFileNameWithoutExtension(parts[^1]), CultureInfo.InvariantCulture), reader.ReadToEnd());
    }
}
