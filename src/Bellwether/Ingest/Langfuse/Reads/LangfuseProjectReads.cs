using System.Text.Json.Nodes;
using Bellwether.Identity;

namespace Bellwether.Ingest;

/// <summary><c>/api/public/projects</c>: the project of the key, by which a client sees that its keys are right.</summary>
internal sealed class LangfuseProjectReads(Projects projects)
{
    public Task<JsonNode> ListAsync(LangfuseCall call)
    {
        var name = projects.Find(call.Project)?.Name ?? call.Project.Value;
        return Task.FromResult<JsonNode>(new JsonObject
        {
            ["data"] = new JsonArray(new JsonObject
            {
                ["id"] = call.Project.Value,
                ["name"] = name,
                ["organization"] = new JsonObject { ["id"] = "bellwether", ["name"] = "Bellwether" },
                ["metadata"] = new JsonObject(),
            }),
        });
    }
}
