using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bellwether.Datasets;

/// <summary>Texts as both engines keep them.</summary>
internal static class DatasetText
{
    /// <summary>PostgreSQL has no NUL in a text, and neither engine half a character.</summary>
    public static string Clean(string text)
    {
        if (!text.Contains('\0') && !HasHalf(text))
        {
            return text;
        }
        var bytes = System.Text.Encoding.UTF8.GetBytes(text.Replace('\0', '\uFFFD'));
        return System.Text.Encoding.UTF8.GetString(bytes);
    }

    public static string Write(IReadOnlyList<string> texts) => JsonSerializer.Serialize(texts, DatasetJson.Default.IReadOnlyListString);

    public static IReadOnlyList<string> Read(string json) => JsonSerializer.Deserialize(json, DatasetJson.Default.IReadOnlyListString) ?? [];

    /// <summary>As it stands in what <see cref="Write"/> makes.</summary>
    public static string Quote(string text) => JsonSerializer.Serialize(text, DatasetJson.Default.String);

    private static bool HasHalf(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
            {
                return true;
            }
            i++;
        }
        return false;
    }
}

[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string))]
internal sealed partial class DatasetJson : JsonSerializerContext;
