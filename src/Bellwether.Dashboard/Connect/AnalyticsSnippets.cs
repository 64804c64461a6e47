namespace Bellwether.Dashboard;

/// <summary>Product analytics whose events tell of calls of a model.</summary>
internal static class AnalyticsSnippets
{
    public static IEnumerable<ClientSnippet> For(string server)
    {
        var address = new Uri(server);
        return
        [
            new("PostHog", "Events $ai_generation, $ai_span and their kin become calls and steps, also those of its wrapper @posthog/ai; others are not stored.", $$"""
                import { PostHog } from "posthog-node";

                const posthog = new PostHog(process.env.BELLWETHER_KEY, { host: "{{server}}" });
                """),
            new("Mixpanel", "Events that name a model become calls; others are not stored. Single events carry the key in a query: let no proxy log it.", $$"""
                import Mixpanel from "mixpanel";

                const mixpanel = Mixpanel.init(process.env.BELLWETHER_KEY, {
                  protocol: "{{address.Scheme}}", host: "{{address.Authority}}",
                });
                """),
        ];
    }
}
