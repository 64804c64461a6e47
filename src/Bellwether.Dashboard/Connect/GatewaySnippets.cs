namespace Bellwether.Dashboard;

/// <summary>Clients whose calls go through the gateway.</summary>
internal static class GatewaySnippets
{
    private static readonly string s_what = "Calls go through the gateway, which records them.";

    public static IEnumerable<ClientSnippet> For(string server) =>
    [
        .. FirstCallSnippets.For(server).Select(snippet => new ClientSnippet(
            snippet.Language switch { "Python" => "OpenAI Python", "JavaScript" => "OpenAI JS", var other => other }, s_what, snippet.Code)),
        new("Azure OpenAI JS", s_what, $$"""
            import { AzureOpenAI } from "openai";

            const client = new AzureOpenAI({
              endpoint: "{{server}}",
              apiKey: process.env.BELLWETHER_KEY,
              apiVersion: "2025-01-01-preview",
            });
            """),
        new("Microsoft.Extensions.AI", "Over the client of OpenAI, as above.", $$"""
            using Microsoft.Extensions.AI;

            using var client = chat.AsIChatClient();
            """),
        new("Anthropic", s_what, $$"""
            import os
            from anthropic import Anthropic

            client = Anthropic(
                base_url="{{server}}",
                api_key=os.environ["BELLWETHER_KEY"],
            )
            """),
        new("Anthropic JS", s_what, $$"""
            import Anthropic from "@anthropic-ai/sdk";

            const client = new Anthropic({
              baseURL: "{{server}}",
              apiKey: process.env.BELLWETHER_KEY,
            });
            """),
        new("Anthropic C#", s_what, $$"""
            using Anthropic;

            var key = Environment.GetEnvironmentVariable("BELLWETHER_KEY")!;
            var client = new AnthropicClient { BaseUrl = "{{server}}", ApiKey = key };
            """),
        new("Gemini JS", s_what, $$"""
            import { GoogleGenAI } from "@google/genai";

            const client = new GoogleGenAI({
              apiKey: process.env.BELLWETHER_KEY,
              httpOptions: { baseUrl: "{{server}}" },
            });
            """),
        new("Helicone", "Only the host changes. Headers for users, sessions, properties, prompts, omitted bodies, retries, fallbacks and rate limits work; cache headers are only stored, and moderation and security headers have no effect.", $$"""
            import os
            from openai import OpenAI

            client = OpenAI(
                base_url="{{server}}/v1",
                default_headers={
                    "Helicone-Auth": f"Bearer {os.environ['BELLWETHER_KEY']}",
                },
            )
            """),
        new("Helicone's logger", "For calls that go elsewhere and are logged afterwards.", $$"""
            import { HeliconeManualLogger } from "@helicone/helpers";

            const logger = new HeliconeManualLogger({
              apiKey: process.env.BELLWETHER_KEY,
              loggingEndpoint: "{{server}}/custom/v1/log",
            });
            """),
        new("Portkey", "Trace ids, users and metadata of its headers are kept.", $$"""
            import Portkey from "portkey-ai";

            const client = new Portkey({
              baseURL: "{{server}}/v1",
              apiKey: process.env.BELLWETHER_KEY,
            });
            """),
    ];
}
