using System.Collections.Immutable;

namespace Bellwether.Dashboard;

/// <param name="What">What changes, in one sentence.</param>
internal sealed record ClientSnippet(string Client, string What, string Code);

/// <summary>The lines that make each client report or ask here: its own settings with another address and key.</summary>
internal static class ClientSnippets
{
    public static ImmutableArray<ClientSnippet> For(string server) => [.. GatewaySnippets.For(server), .. TraceSnippets.For(server), .. VercelSnippets.For(server), .. AnalyticsSnippets.For(server), .. FlagSnippets.For(server)];
}
