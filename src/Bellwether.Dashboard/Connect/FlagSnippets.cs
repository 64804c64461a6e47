namespace Bellwether.Dashboard;

/// <summary>Applications that ask for feature flags.</summary>
internal static class FlagSnippets
{
    public static IEnumerable<ClientSnippet> For(string server) =>
    [
        new("OpenFeature", "Asks for feature flags. Pages do it with @openfeature/web-sdk, OFREPWebProvider of @openfeature/ofrep-web-provider, and a key that may do nothing else.", $$"""
            import { OpenFeature } from "@openfeature/server-sdk";
            import { OFREPProvider } from "@openfeature/ofrep-provider";

            const key = process.env.BELLWETHER_KEY;
            await OpenFeature.setProviderAndWait(new OFREPProvider({
              baseUrl: "{{server}}", headers: [["Authorization", `Bearer ${key}`]],
            }));
            """),
    ];
}
