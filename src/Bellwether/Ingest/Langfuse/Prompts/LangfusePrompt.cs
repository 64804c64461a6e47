using System.Text.Json.Nodes;
using Bellwether.Primitives;

namespace Bellwether.Ingest;

/// <summary>One version of a prompt.</summary>
/// <param name="Version">1 for the first.</param>
/// <param name="Kind"><c>text</c> or <c>chat</c>.</param>
/// <param name="Body">A JSON object: <c>prompt</c>, <c>config</c>, <c>commitMessage</c>.</param>
/// <param name="Tags">A JSON array of texts.</param>
internal sealed record LangfusePrompt(ProjectId Project, string Name, int Version, Guid Id, string Kind, string Body, string Tags, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>Label of the newest version, which nobody sets.</summary>
    public static readonly string Latest = "latest";

    /// <summary>Label of what a client gets that asks for none.</summary>
    public static readonly string Production = "production";

    /// <summary>Those of this version, the newest's own among them.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>As Langfuse's API answers it.</summary>
    public JsonObject Write()
    {
        var body = LangSmithDatasetJson.Parse(Body);
        return new JsonObject
        {
            ["id"] = Id.ToString(),
            ["projectId"] = Project.Value,
            ["name"] = Name,
            ["version"] = Version,
            ["type"] = Kind,
            ["prompt"] = body["prompt"]?.DeepClone(),
            ["config"] = body["config"]?.DeepClone() ?? new JsonObject(),
            ["labels"] = Texts(Labels),
            ["tags"] = JsonNode.Parse(Tags),
            ["commitMessage"] = body["commitMessage"]?.DeepClone(),
            ["createdBy"] = "API",
            ["isActive"] = null,
            ["resolutionGraph"] = null,
            ["createdAt"] = LangfuseView.Time(CreatedAt),
            ["updatedAt"] = LangfuseView.Time(UpdatedAt),
        };
    }

    public static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
