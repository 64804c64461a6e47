using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Bellwether.Ingest;

[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class JsonTexts : JsonSerializerContext;
