// `ai` 7 with its package for OpenTelemetry, sending to BELLWETHER_URL with BELLWETHER_KEY; the models are in the program.
// Prints {"<case>": {"threw": …}} as JSON on the last line; the test beside it looks for what each case says of its user.
import { trace } from '@opentelemetry/api';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { OpenTelemetry } from '@ai-sdk/otel';
import { APICallError, embedMany, generateText, isStepCount, jsonSchema, registerTelemetry, streamText, tool } from 'ai';
import { convertArrayToReadableStream, MockEmbeddingModelV4, MockLanguageModelV4 } from 'ai/test';

const url = process.env.BELLWETHER_URL;
const key = process.env.BELLWETHER_KEY;
if (!url || !key) {
  console.error('BELLWETHER_URL and BELLWETHER_KEY must be set');
  process.exit(2);
}

const tracing = new BasicTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'ai-client' }),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${url}/v1/traces`, headers: { Authorization: `Bearer ${key}` } }))],
});
trace.setGlobalTracerProvider(tracing);
// The context is on the agent and its steps by itself; on the calls only what enrichSpan adds.
registerTelemetry(new OpenTelemetry({
  runtimeContext: true,
  enrichSpan: ({ runtimeContext }) => ({ 'user.id': runtimeContext?.userId, 'session.id': runtimeContext?.sessionId }),
}));

const usage = (input, output) => ({
  inputTokens: { total: input, noCache: input, cacheRead: undefined, cacheWrite: undefined }, outputTokens: { total: output, text: output, reasoning: undefined },
});
const stop = { unified: 'stop', raw: 'stop' };
const model = (does) => new MockLanguageModelV4({ provider: 'openai.chat', modelId: 'gpt-4o', ...does });
// Each case has a user of its own, by whom its spans are found.
const told = (name) => ({
  runtimeContext: { userId: `ai7-${name}`, sessionId: 'ai7-session', secret: 'stays here' },
  telemetry: { functionId: name, includeRuntimeContext: { userId: true, sessionId: true } },
});

const cases = {
  async generate() {
    await generateText({
      model: model({
        doGenerate: {
          content: [{ type: 'text', text: 'Hello from the model' }], finishReason: stop, warnings: [], usage: usage(9, 4),
          response: { id: 'chatcmpl-ai7-generate-1', modelId: 'gpt-4o-2024-08-06' },
        },
      }),
      instructions: 'Be kind.', prompt: 'Hello?', ...told('generate'),
    });
  },

  async stream() {
    const answer = streamText({
      model: model({
        doStream: {
          stream: convertArrayToReadableStream([
            { type: 'stream-start', warnings: [] }, { type: 'text-start', id: '1' }, { type: 'text-delta', id: '1', delta: 'In ' },
            { type: 'text-delta', id: '1', delta: 'pieces' }, { type: 'text-end', id: '1' }, { type: 'finish', finishReason: stop, usage: usage(5, 2) },
          ]),
        },
      }),
      prompt: 'Slowly?', ...told('stream'),
    });
    for await (const _ of answer.textStream) {
      // What an application does with it is of no matter here.
    }
  },

  async tools() {
    let calls = 0;
    await generateText({
      model: model({
        doGenerate: async () => calls++ === 0
          ? { content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input: '{"city":"Malmö"}' }], finishReason: { unified: 'tool-calls', raw: 'tool_calls' }, warnings: [], usage: usage(10, 5) }
          : { content: [{ type: 'text', text: 'Cold' }], finishReason: stop, warnings: [], usage: usage(20, 3) },
      }),
      tools: {
        weather: tool({ inputSchema: jsonSchema({ type: 'object', properties: { city: { type: 'string' } } }), execute: async ({ city }) => `4 degrees in ${city}` }),
      },
      stopWhen: isStepCount(3), prompt: 'Weather in Malmö?', ...told('tools'),
    });
  },

  async embed() {
    await embedMany({
      model: new MockEmbeddingModelV4({
        provider: 'openai.embedding', modelId: 'text-embedding-3-small', maxEmbeddingsPerCall: 1,
        doEmbed: async () => ({ embeddings: [[1, 2]], usage: { tokens: 3 }, warnings: [] }),
      }),
      values: ['one', 'two'], ...told('embed'),
    });
  },

  async failed() {
    const refused = async () => {
      throw new APICallError({ message: 'Slow down', url: 'https://api.openai.com/v1/chat/completions', requestBodyValues: {}, statusCode: 429 });
    };
    await generateText({ model: model({ doGenerate: refused }), maxRetries: 0, prompt: 'Again?', ...told('failed') });
  },
};

const results = {};
for (const [name, run] of Object.entries(cases)) {
  try {
    await run();
    results[name] = { threw: null };
  } catch (error) {
    results[name] = { threw: error.name };
  }
}
await tracing.shutdown();
console.log(JSON.stringify(results));
process.exit(0);
