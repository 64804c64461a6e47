// `ai` 7, whose package for OpenTelemetry sends with the exporter of the application.
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { OpenTelemetry } from '@ai-sdk/otel';
import { generateText } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { key, meetFaults } from '../faults.mjs';

function open(base) {
  const tracing = new BasicTracerProvider({
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${base}/v1/traces`, headers: { Authorization: `Bearer ${key}` }, compression: 'gzip' }))],
  });
  // registerTelemetry is for the whole process, in which every fault has an exporter of its own.
  const telemetry = new OpenTelemetry({
    tracer: tracing.getTracer('ai'), runtimeContext: true, enrichSpan: ({ runtimeContext }) => ({ 'user.id': runtimeContext?.userId }),
  });
  return {
    async send(name) {
      await generateText({
        model: new MockLanguageModelV4({
          provider: 'openai.chat', modelId: 'gpt-4o',
          doGenerate: {
            content: [{ type: 'text', text: 'Hello' }], finishReason: { unified: 'stop', raw: 'stop' }, warnings: [],
            usage: { inputTokens: { total: 10, noCache: 10, cacheRead: undefined, cacheWrite: undefined }, outputTokens: { total: 5, text: 5, reasoning: undefined } },
          },
        }),
        prompt: 'Hello?', runtimeContext: { userId: name }, telemetry: { integrations: telemetry, includeRuntimeContext: { userId: true } },
      });
      // The agent, its step and the call.
      return { ask: `observations?user=${encodeURIComponent(name)}`, items: 3, tokens: 10 };
    },
    flush: () => tracing.forceFlush(),
    close: () => tracing.shutdown().catch(() => {}),
  };
}

await meetFaults({ 'AI SDK 7': { open } });
