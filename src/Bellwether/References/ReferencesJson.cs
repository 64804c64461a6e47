using System.Text.Json;
using System.Text.Json.Serialization;
using Bellwether.Primitives;

namespace Bellwether.References;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(ProjectIdConverter)])]
[JsonSerializable(typeof(ReferenceSet))]
[JsonSerializable(typeof(ReferenceSetDraft))]
[JsonSerializable(typeof(ReferenceSetList))]
[JsonSerializable(typeof(ReferenceResultsView))]
internal sealed partial class ReferencesJson : JsonSerializerContext;

/// <summary>A project by its id.</summary>
internal sealed class ProjectIdConverter : JsonConverter<ProjectId>
{
    public override ProjectId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, ProjectId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
