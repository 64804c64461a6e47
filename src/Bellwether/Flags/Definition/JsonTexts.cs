using System.Text.Json;

namespace Bellwether.Flags;

/// <summary>Finds texts such as <c>"\ud83d"</c>, half a surrogate pair: valid JSON, which throws when it is read as a text.</summary>
internal static class JsonTexts
{
    public static readonly string Problem = "has text that is not valid Unicode";

    public static bool AreValid(JsonElement value)
    {
        try
        {
            Read(value);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static void Read(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            _ = value.GetString();
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                Read(item);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject())
            {
                _ = property.Name;
                Read(property.Value);
            }
        }
    }
}
