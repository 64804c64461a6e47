using System.Text.Json.Serialization;

namespace Bellwether.Identity;

[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class IdentityJson : JsonSerializerContext;
