using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bellwether.Providers;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class ProviderSettingsJson : JsonSerializerContext;
