using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bellwether.Primitives;

namespace Bellwether.Demo;

/// <summary>How far the history is written. A file in the data folder, so that it goes when the data goes.</summary>
/// <param name="Anchor">First start of the demo: the end of the history.</param>
/// <param name="Begun">Days back from the anchor that were begun; some of their records may be stored.</param>
/// <param name="Done">Days that are complete.</param>
internal sealed record DemoMarker(DateTimeOffset Anchor, ImmutableArray<int> Begun, ImmutableArray<int> Done)
{
    public static DemoMarker Load(DataFolder folder, DateTimeOffset now)
    {
        try
        {
            var file = File(folder);
            if (System.IO.File.Exists(file) && JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(file), DemoJson.Default.DemoMarker) is { } known)
            {
                return known;
            }
        }
        catch (JsonException)
        {
            // Cut off while it was written: start over. Ids come from the anchor, which is lost as well, so the history would be there twice; better than none.
        }
        return new DemoMarker(now, [], []);
    }

    public void Save(DataFolder folder)
    {
        var file = File(folder);
        System.IO.File.WriteAllBytes(file + ".new", JsonSerializer.SerializeToUtf8Bytes(this, DemoJson.Default.DemoMarker));
        System.IO.File.Move(file + ".new", file, overwrite: true);
    }

    private static string File(DataFolder folder) => Path.Combine(folder.Path, "demo.json");
}

[JsonSerializable(typeof(DemoMarker))]
internal sealed partial class DemoJson : JsonSerializerContext;
