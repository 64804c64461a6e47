using System.Text.Json.Serialization;
using Bellwether.Primitives;

namespace Bellwether.Evaluators;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(ProjectIdConverter)])]
[JsonSerializable(typeof(Evaluator))]
[JsonSerializable(typeof(EvaluatorDraft))]
[JsonSerializable(typeof(EvaluatorView))]
[JsonSerializable(typeof(EvaluatorList))]
[JsonSerializable(typeof(AgreementView))]
internal sealed partial class EvaluatorsJson : JsonSerializerContext;

/// <summary>A project by its id.</summary>
internal sealed class ProjectIdConverter : JsonConverter<ProjectId>
{
    public override ProjectId Read(ref System.Text.Json.Utf8JsonReader reader, Type typeToConvert, System.Text.Json.JsonSerializerOptions options) => new(reader.GetString() ?? "");

    public override void Write(System.Text.Json.Utf8JsonWriter writer, ProjectId value, System.Text.Json.JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
