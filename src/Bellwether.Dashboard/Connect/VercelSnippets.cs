namespace Bellwether.Dashboard;

/// <summary>Vercel's AI SDK, which sends by the application's own exporter and is told to in another way by each major version.</summary>
internal static class VercelSnippets
{
    public static IEnumerable<ClientSnippet> For(string server) =>
    [
        new("Vercel AI 7", "ai 7 tells its calls by @ai-sdk/otel, registered once. User and session are on its calls only when both places below name them.", $$"""
            import { trace } from "@opentelemetry/api";
            {{Exporter}}
            import { OpenTelemetry } from "@ai-sdk/otel";
            import { generateText, registerTelemetry } from "ai";

            {{Provider(server)}}
            trace.setGlobalTracerProvider(tracing);
            registerTelemetry(new OpenTelemetry({
              runtimeContext: true,
              enrichSpan: ({ runtimeContext }) => ({ 'user.id': runtimeContext?.userId, 'session.id': runtimeContext?.sessionId }),
            }));

            const { text } = await generateText({
              model, prompt,
              runtimeContext: { userId, sessionId },
              telemetry: { includeRuntimeContext: { userId: true, sessionId: true } },
            });
            """),
        new("Vercel AI 6", "ai 5 and 6 tell the calls for which it is switched on.", $$"""
            {{Exporter}}
            import { generateText } from "ai";

            {{Provider(server)}}

            const { text } = await generateText({
              model, prompt,
              experimental_telemetry: {
                isEnabled: true, tracer: tracing.getTracer("ai"),
                metadata: { userId, sessionId },
              },
            });
            """),
    ];

    private static string Exporter => """
        import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
        import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
        """;

    private static string Provider(string server) => $$"""
        const tracing = new BasicTracerProvider({
          spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({
            url: "{{server}}/v1/traces",
            headers: { Authorization: `Bearer ${process.env.BELLWETHER_KEY}` },
          }))],
        });
        """;
}
