using System.Collections.Immutable;

namespace Bellwether.Dashboard;

/// <param name="What">What changes, in one sentence.</param>
internal sealed record ClientSnippet(string Client, string What, string Code);

/// <summary>The lines that make each client report here: its own settings with another address and key.</summary>
internal static class ClientSnippets
{
    public static ImmutableArray<ClientSnippet> For(string server) =>
    [
        .. FirstCallSnippets.For(server).Select(snippet => new ClientSnippet(
            snippet.Language switch { "Python" => "OpenAI Python", "JavaScript" => "OpenAI JS", var other => other },
            "Calls go through the gateway, which records them.", snippet.Code)),
        new("Anthropic", "Calls go through the gateway, which records them.", $$"""
            import os
            from anthropic import Anthropic

            client = Anthropic(
                base_url="{{server}}",
                api_key=os.environ["BELLWETHER_KEY"],
            )
            """),
        new("LangChain", "LangChain and everything that is traced with LangSmith's SDK report here.", $$"""
            export LANGSMITH_TRACING=true
            export LANGSMITH_ENDPOINT={{server}}
            export LANGSMITH_API_KEY=$BELLWETHER_KEY
            """),
        new("OpenTelemetry", "Any OpenTelemetry exporter over HTTP; GenAI, OpenInference and Traceloop attributes are understood.", $$"""
            export OTEL_EXPORTER_OTLP_ENDPOINT={{server}}
            export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
            export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20$BELLWETHER_KEY"
            """),
        new("Phoenix", $"phoenix.otel and the OpenInference instrumentors report here. Datasets and experiments of Phoenix's client need PHOENIX_HOST={server} and a key with the role editor.", $$"""
            # export PHOENIX_API_KEY=$BELLWETHER_KEY
            from phoenix.otel import register

            # With the path, Phoenix sends HTTP to this address; without it, gRPC to port 4317 of the same host.
            register(endpoint="{{server}}/v1/traces", auto_instrument=True)
            """),
        new("Langfuse", "Every SDK, by OpenTelemetry or by batch. The public key may be anything; the secret key is the key of this project.", $$"""
            export LANGFUSE_BASE_URL={{server}}
            export LANGFUSE_HOST=$LANGFUSE_BASE_URL
            export LANGFUSE_PUBLIC_KEY=pk-bellwether
            export LANGFUSE_SECRET_KEY=$BELLWETHER_KEY
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
        new("Vercel AI", "The OpenTelemetry exporter of the application sends the spans; switch them on for each call.", $$"""
            // with the environment variables of OpenTelemetry
            const { text } = await generateText({
              model, prompt,
              experimental_telemetry: { isEnabled: true },
            });
            """),
    ];
}
