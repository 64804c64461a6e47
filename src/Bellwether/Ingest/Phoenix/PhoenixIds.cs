using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Bellwether.Ingest;

/// <summary>Phoenix's ids: base64 of <c>Type:key</c>, which its clients hand back as they got them.</summary>
internal static class PhoenixIds
{
    public static string Of(string type, Guid id) => Write($"{type}:{id:n}");

    /// <summary>A project's key is its name.</summary>
    public static string Project(string name) => Write("Project:" + name);

    /// <summary>Null when the text is no id of this type.</summary>
    public static Guid? Read(string type, string text) =>
        Key(type, text) is { } key && Guid.TryParse(key, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>The name of a project that is named by its id or its name.</summary>
    public static string ProjectName(string identifier) => Key("Project", identifier) is { Length: > 0 } name ? name : identifier;

    private static string Write(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).Replace('+', '-').Replace('/', '_');

    private static string? Key(string type, string text)
    {
        if (text.Length is 0 or > 2_000)
        {
            return null;
        }
        try
        {
            var plain = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text.TrimEnd('=')));
            return plain.StartsWith(type + ":", StringComparison.Ordinal) ? plain[(type.Length + 1)..] : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
