namespace Bellwether.Dashboard;

/// <summary>SDKs that send traces.</summary>
internal static class TraceSnippets
{
    public static IEnumerable<ClientSnippet> For(string server) =>
    [
        new("LangChain", "LangChain and everything that is traced with LangSmith's SDK (langsmith) report here.", $$"""
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
        new("Phoenix JS", "Traces, and datasets and experiments by its client; the latter need a key with the role editor.", $$"""
            import { register } from "@arizeai/phoenix-otel";
            import { createClient } from "@arizeai/phoenix-client";

            const key = process.env.BELLWETHER_KEY;
            register({ projectName: "my-app", url: "{{server}}", apiKey: key });
            const client = createClient({ options: {
              baseUrl: "{{server}}", headers: { Authorization: `Bearer ${key}` },
            } });
            """),
        new("Langfuse", "Every SDK, by OpenTelemetry (@langfuse/otel) or by batch; @langfuse/client reads back what was sent. The public key may be anything; the secret key is the key of this project.", $$"""
            export LANGFUSE_BASE_URL={{server}}
            export LANGFUSE_HOST=$LANGFUSE_BASE_URL
            export LANGFUSE_PUBLIC_KEY=pk-bellwether
            export LANGFUSE_SECRET_KEY=$BELLWETHER_KEY
            """),
        new("Traceloop", "OpenLLMetry's SDK and what it instruments.", $$"""
            import * as traceloop from "@traceloop/node-server-sdk";

            traceloop.initialize({
              appName: "my-app", baseUrl: "{{server}}", apiKey: process.env.BELLWETHER_KEY,
            });
            """),
        new("OpenLIT", "Its costs of zero are no price: the price table decides.", $$"""
            import Openlit from "openlit";

            Openlit.init({
              applicationName: "my-app", otlpEndpoint: "{{server}}",
              otlpHeaders: { Authorization: `Bearer ${process.env.BELLWETHER_KEY}` },
            });
            """),
    ];
}
