using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Flags;

/// <summary>A flag as a text for people to change: the JSON of the API without what cannot be changed (project, key, salt).</summary>
public static class FlagText
{
    private static readonly FlagJson s_written = new(new JsonSerializerOptions(FlagJson.Default.Options) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static string Write(Flag flag) => JsonSerializer.Serialize(FlagBody.Of(flag) with { Project = null, Key = null, Salt = null }, s_written.FlagBody);

    /// <returns>What the text says, or what is wrong with it, by field; the field of the whole is empty.</returns>
    public static Change<FlagBody> Read(string text)
    {
        var (body, mistake) = RequestBody.Parse(Encoding.UTF8.GetBytes(text), FlagJson.Default.FlagBody);
        return mistake is var (field, problem) ? Change.Invalid(field, problem) : body!;
    }
}
