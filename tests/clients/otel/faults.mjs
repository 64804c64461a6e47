// OpenTelemetry's exporters, and the SDKs that send with them.
import { context, trace } from '@opentelemetry/api';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { OTLPTraceExporter as ProtoExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { Metadata } from '@grpc/grpc-js';
import { LangfuseSpanProcessor } from '@langfuse/otel';
import { setLangfuseTracerProvider, startObservation } from '@langfuse/tracing';
import { register } from '@arizeai/phoenix-otel';
import { generateText } from 'ai';
import { MockLanguageModelV3 } from 'ai/test';
import { randomBytes } from 'node:crypto';
import { behindGrpc } from '../behind.mjs';
import { grpc, key, meetFaults } from '../faults.mjs';

const headers = { Authorization: `Bearer ${key}` };
const tracing = (exporter) => new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
const proto = (base) => tracing(new ProtoExporter({ url: `${base}/v1/traces`, headers, compression: 'gzip' }));

// What an application tells of one call below a root.
const sender = (provider, send = spans) => ({ send: (name) => send(provider, name), flush: () => provider.forceFlush(), close: () => provider.shutdown().catch(() => {}) });

function spans(provider, name) {
  const tracer = provider.getTracer('faults');
  const root = tracer.startSpan(name);
  tracer.startSpan('chat gpt-4o', {
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o', 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.output_tokens': 5 },
  }, trace.setSpan(context.active(), root)).end();
  root.end();
  return { ask: `observations?trace_id=${root.spanContext().traceId}`, items: 2, tokens: 10 };
}

function openInference(provider, name) {
  const tracer = provider.getTracer('faults');
  const root = tracer.startSpan(name, { attributes: { 'openinference.span.kind': 'CHAIN' } });
  tracer.startSpan('llm', {
    attributes: { 'openinference.span.kind': 'LLM', 'llm.model_name': 'gpt-4o', 'llm.token_count.prompt': 10, 'llm.token_count.completion': 5 },
  }, trace.setSpan(context.active(), root)).end();
  root.end();
  return { ask: `observations?trace_id=${root.spanContext().traceId}`, items: 2, tokens: 10 };
}

function langfuse(provider, name) {
  // Global to the process, and read by each of the lines below: nothing is awaited in between.
  setLangfuseTracerProvider(provider);
  const root = startObservation(name);
  root.startObservation('answer', { model: 'gpt-4o', usageDetails: { input: 10, output: 5, total: 15 } }, { asType: 'generation' }).end();
  root.end();
  return { ask: `observations?trace_id=${root.otelSpan.spanContext().traceId}`, items: 2, tokens: 10 };
}

async function ai(provider, name) {
  await generateText({
    model: new MockLanguageModelV3({
      provider: 'openai.chat', modelId: 'gpt-4o',
      doGenerate: {
        content: [{ type: 'text', text: 'Hello' }], finishReason: { unified: 'stop', raw: 'stop' }, warnings: [],
        usage: { inputTokens: { total: 10, noCache: 10, cacheRead: undefined, cacheWrite: undefined }, outputTokens: { total: 5, text: 5, reasoning: undefined } },
      },
    }),
    prompt: 'Hello?',
    experimental_telemetry: { isEnabled: true, tracer: provider.getTracer('ai'), metadata: { userId: name } },
  });
  return { ask: `observations?user=${encodeURIComponent(name)}`, items: 2, tokens: 10 };
}

// An evaluation, which is stored without the span that it is about.
function evaluation(provider) {
  const traceId = randomBytes(16).toString('hex');
  provider.getLogger('faults').emit({
    eventName: 'gen_ai.evaluation.result',
    context: trace.setSpanContext(context.active(), { traceId, spanId: randomBytes(8).toString('hex'), traceFlags: 1 }),
    attributes: { 'gen_ai.evaluation.name': 'relevance', 'gen_ai.evaluation.score.value': 0.5 },
  });
  return { ask: `feedback?trace_id=${traceId}`, items: 1, tokens: 0 };
}

function grpcSender(base) {
  const metadata = new Metadata();
  metadata.set('authorization', headers.Authorization);
  return sender(tracing(new GrpcExporter({ url: base, metadata, compression: 'gzip' })));
}

// google.rpc.RetryInfo of one second.
const retryInfo = { 'google.rpc.retryinfo-bin': 'CgIIAQ==' };
const grpcFaults = {
  429: { grpc: 8, headers: retryInfo }, 503: { grpc: 14, headers: retryInfo }, 500: { grpc: 13 }, 413: { grpc: 8 }, 404: { grpc: 12 },
};

await meetFaults({
  'OTLP/HTTP protobuf': { open: (base) => sender(proto(base)) },
  'OTLP/HTTP JSON': { open: (base) => sender(tracing(new JsonExporter({ url: `${base}/v1/traces`, headers }))) },
  'OTLP/HTTP logs': {
    open: (base) => sender(new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url: `${base}/v1/logs`, headers }) })] }), evaluation),
  },
  'OTLP/gRPC, HTTP status': { behind: behindGrpc, target: grpc, open: grpcSender },
  'OTLP/gRPC, gRPC status': { behind: behindGrpc, target: grpc, open: grpcSender, fault: ({ status }) => grpcFaults[status] },
  'phoenix-otel': { open: (base) => sender(register({ projectName: 'faults', url: base, apiKey: key, batch: true, global: false }), openInference) },
  'Langfuse OTel': {
    open: (base) => sender(new BasicTracerProvider({ spanProcessors: [new LangfuseSpanProcessor({ publicKey: 'pk-lf-test', secretKey: key, baseUrl: base })] }), langfuse),
  },
  'AI SDK 6': { open: (base) => sender(proto(base), ai) },
});
