using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary>Who sent a request, by which of our addresses, and what its headers say of all its spans.</summary>
internal sealed record OtlpSender(ApiKey Key, string Surface, DateTimeOffset Now, TimeSpan OldestAge, string ProjectName = "")
{
    // Phoenix; LangSmith.
    private static readonly string[] s_projectHeaders = ["x-project-name", "Langsmith-Project"];

    public static OtlpSender Of(ApiKey key, string surface, IHeaderDictionary headers, OtlpPorts options, DateTimeOffset now)
    {
        var project = "";
        foreach (var name in s_projectHeaders)
        {
            if (project.Length == 0 && headers[name] is [{ Length: > 0 and <= 256 } text])
            {
                project = text;
            }
        }
        return new OtlpSender(key, surface, now, TimeSpan.FromDays(options.OldestDays), project);
    }
}
