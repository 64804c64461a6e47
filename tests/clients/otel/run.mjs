// Sends traces with real OpenTelemetry SDKs to BELLWETHER_URL and BELLWETHER_GRPC with BELLWETHER_KEY; only the address is Bellwether's.
// Prints {"<case>": {"trace": "<trace id>", …}} as JSON on the last line; the test beside it looks for these traces.
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { OTLPTraceExporter as ProtoExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { Metadata } from '@grpc/grpc-js';
import { LangfuseSpanProcessor } from '@langfuse/otel';
import { setLangfuseTracerProvider, startObservation } from '@langfuse/tracing';
import { register } from '@arizeai/phoenix-otel';
import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai';
import { generateText } from 'ai';
import { MockLanguageModelV3 } from 'ai/test';
import OpenAI from 'openai';

const url = process.env.BELLWETHER_URL;
const grpc = process.env.BELLWETHER_GRPC;
const key = process.env.BELLWETHER_KEY;
if (!url || !grpc || !key) {
  console.error('BELLWETHER_URL, BELLWETHER_GRPC and BELLWETHER_KEY must be set');
  process.exit(2);
}
const headers = { Authorization: `Bearer ${key}` };
const traceIdOf = (span) => (span.otelSpan ?? span).spanContext().traceId;

function provider(exporter) {
  return new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'otel-clients' }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
}

// An agent that asks a model, calls a tool and looks something up; the agent repeats its children's usage.
function agent(tracer) {
  const root = tracer.startSpan('invoke_agent helper', {
    attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'helper', 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.output_tokens': 5 },
  });
  const below = trace.setSpan(context.active(), root);
  tracer.startSpan('chat gpt-4o', {
    attributes: {
      'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4o', 'gen_ai.response.model': 'gpt-4o-2024-08-06',
      'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.output_tokens': 5, 'gen_ai.conversation.id': 'otel-session', 'enduser.id': 'otel-user',
      'gen_ai.response.finish_reasons': ['tool_calls'],
      'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'Weather in Malmö?' }] }]),
      'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Malmö' } }] }]),
    },
  }, below).end();
  const tool = tracer.startSpan('execute_tool weather', {
    attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'weather', 'gen_ai.tool.call.arguments': '{"city":"Malmö"}', 'gen_ai.tool.call.result': '4 degrees' },
  }, below);
  tool.recordException(new TypeError('no thermometer'));
  tool.setStatus({ code: SpanStatusCode.ERROR, message: 'no thermometer' });
  tool.end();
  tracer.startSpan('embed', {
    attributes: { 'gen_ai.operation.name': 'embeddings', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'text-embedding-3-small', 'gen_ai.usage.input_tokens': 3 },
  }, below).end();
  root.end();
  return traceIdOf(root);
}

async function exported(exporter) {
  const tracing = provider(exporter);
  const id = agent(tracing.getTracer('agent'));
  await tracing.shutdown();
  return { trace: id };
}

const cases = {
  proto: () => exported(new ProtoExporter({ url: `${url}/v1/traces`, headers, compression: 'gzip' })),
  json: () => exported(new JsonExporter({ url: `${url}/v1/traces`, headers })),
  grpc: () => {
    const metadata = new Metadata();
    metadata.set('authorization', headers.Authorization);
    return exported(new GrpcExporter({ url: grpc, metadata, compression: 'gzip' }));
  },

  async logs() {
    const tracing = provider(new ProtoExporter({ url: `${url}/v1/traces`, headers }));
    const logging = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url: `${url}/v1/logs`, headers }) })] });
    const span = tracing.getTracer('logs').startSpan('chat gpt-4o', {
      attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o', 'gen_ai.usage.input_tokens': 4, 'gen_ai.usage.output_tokens': 2 },
    });
    logging.getLogger('logs').emit({
      eventName: 'gen_ai.client.inference.operation.details',
      context: trace.setSpan(context.active(), span),
      attributes: {
        'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o',
        'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'Said by log' }] }]),
        'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: 'Heard' }] }]),
      },
    });
    span.end();
    await logging.shutdown();
    await tracing.shutdown();
    return { trace: traceIdOf(span) };
  },

  async phoenix() {
    const tracing = register({ projectName: 'phoenix-project', url, apiKey: key, batch: true, global: false });
    const span = tracing.getTracer('phoenix').startSpan('retrieve', {
      attributes: {
        'openinference.span.kind': 'RETRIEVER', 'input.value': 'who?', 'retrieval.documents.0.document.content': 'a text', 'retrieval.documents.0.document.score': 0.5,
      },
    });
    span.end();
    await tracing.shutdown();
    return { trace: traceIdOf(span) };
  },

  async langfuse() {
    const tracing = new BasicTracerProvider({ spanProcessors: [new LangfuseSpanProcessor({ publicKey: 'pk-lf-test', secretKey: key, baseUrl: url })] });
    setLangfuseTracerProvider(tracing);
    const root = startObservation('langfuse chain', { input: { question: 'Hi' } });
    root.startObservation('answer', {
      model: 'gpt-4o', input: [{ role: 'user', content: 'Hi' }], output: { role: 'assistant', content: 'Hello' }, usageDetails: { input: 6, output: 2, total: 8 },
    }, { asType: 'generation' }).end();
    root.end();
    await tracing.shutdown();
    return { trace: traceIdOf(root) };
  },

  async ai6() {
    const tracing = provider(new ProtoExporter({ url: `${url}/v1/traces`, headers }));
    const outer = tracing.getTracer('app').startSpan('app');
    await context.with(trace.setSpan(context.active(), outer), () => generateText({
      model: new MockLanguageModelV3({
        provider: 'openai.chat', modelId: 'gpt-4o',
        doGenerate: {
          content: [{ type: 'text', text: 'Hello from the model' }], finishReason: { unified: 'stop', raw: 'stop' }, warnings: [],
          usage: { inputTokens: { total: 9, noCache: 9, cacheRead: undefined, cacheWrite: undefined }, outputTokens: { total: 4, text: 4, reasoning: undefined } },
        },
      }),
      prompt: 'Hello?',
      experimental_telemetry: { isEnabled: true, tracer: tracing.getTracer('ai'), functionId: 'greeter', metadata: { userId: 'ai-user', sessionId: 'ai-session' } },
    }));
    outer.end();
    await tracing.shutdown();
    return { user: 'ai-user' };
  },

  // The same call by proxy and by instrumentation.
  async openinference() {
    const tracing = provider(new ProtoExporter({ url: `${url}/v1/traces`, headers }));
    const instrumentation = new OpenAIInstrumentation({ tracerProvider: tracing });
    instrumentation.manuallyInstrument(OpenAI);
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, defaultHeaders: { 'x-bellwether-user': 'twice-told' } });
    const answer = await client.chat.completions.create({ model: 'sim-fast', messages: [{ role: 'user', content: 'Say something.' }] });
    // Exporters wait seconds; that is what makes the call's own record the first of the two.
    for (let seen = 0; seen === 0;) {
      const page = await fetch(`${url}/api/v1/observations?user=twice-told`, { headers });
      seen = (await page.json()).items.length;
    }
    await tracing.shutdown();
    return { response: answer.id };
  },
};

const results = {};
for (const [name, run] of Object.entries(cases)) {
  try {
    results[name] = { ...(await run()), threw: null };
  } catch (error) {
    results[name] = { threw: String(error?.stack ?? error).slice(0, 500) };
  }
}
console.log(JSON.stringify(results));
process.exit(0);
