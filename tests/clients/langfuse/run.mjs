// Traces with the real Langfuse SDK to BELLWETHER_URL with BELLWETHER_KEY; only the address and the keys are Bellwether's.
// Prints {"<case>": {"trace": "<trace id>", …}} as JSON on the last line; the test beside it looks for these traces.
import { randomUUID } from 'node:crypto';
import { Langfuse, observeOpenAI } from 'langfuse';
import { behind } from '../behind.mjs';

const url = process.env.BELLWETHER_URL;
const key = process.env.BELLWETHER_KEY;
if (!url || !key) {
  console.error('BELLWETHER_URL and BELLWETHER_KEY must be set');
  process.exit(2);
}
console.log = console.error;

const client = (baseUrl = url, options = {}) => new Langfuse({ publicKey: 'pk-lf-any', secretKey: key, baseUrl, fetchRetryDelay: 200, ...options });
const start = new Date(Date.now() - 10_000);
const after = (ms) => new Date(start.getTime() + ms);

// A chain: a span around a retrieval that fails and a generation, an event, and scores of the trace and of the generation.
async function chain(name, base, options) {
  const langfuse = client(base, options);
  const trace = langfuse.trace({
    name: `chain of ${name}`, userId: `user of ${name}`, sessionId: `session of ${name}`, tags: ['nightly', 'eu'], release: 'r7',
    metadata: { team: 'search' }, input: { question: 'Weather in Malmö?' }, timestamp: start,
  });
  const span = trace.span({ name: 'answer', startTime: start, input: 'Weather in Malmö?' });
  const lookup = span.span({ name: 'lookup', startTime: after(100), input: { q: 'Malmö' } });
  // end() would say the time of this line.
  lookup.update({ level: 'ERROR', statusMessage: 'RateLimitError: too many look-ups', endTime: after(300) });
  const generation = span.generation({
    name: 'ask', startTime: after(500), model: 'gpt-4o-mini', modelParameters: { temperature: 0.2 }, prompt: { name: 'weather', version: 3, isFallback: false },
    input: [{ role: 'system', content: 'Be short.' }, { role: 'user', content: 'Weather in Malmö?' }], metadata: { ls_provider: 'openai' },
  });
  generation.update({ completionStartTime: after(750) });
  generation.update({
    output: { role: 'assistant', content: 'Cold in Malmö' }, endTime: after(1500),
    usageDetails: { input: 1000, output: 500, total: 1500, input_cached_tokens: 200, output_reasoning_tokens: 100 },
  });
  trace.event({ name: 'shown', startTime: after(1600), metadata: { where: 'app' } });
  span.update({ output: 'Cold in Malmö', endTime: after(1800) });
  trace.update({ output: { answer: 'Cold in Malmö' } });
  trace.score({ name: 'helpful', value: 1, dataType: 'BOOLEAN', comment: 'good answer' });
  generation.score({ name: 'accuracy', value: 0.75 });
  generation.score({ name: 'tone', value: 'dry', dataType: 'CATEGORICAL' });
  await langfuse.flushAsync();
  await langfuse.shutdownAsync();
  return { trace: trace.id, generation: generation.id, span: span.id };
}

// The user is known only after the generation was sent, and a cost that the client says itself; each in a batch of its own.
async function late() {
  const langfuse = client();
  const trace = langfuse.trace({ name: 'late', timestamp: start });
  const generation = trace.generation({ name: 'ask', startTime: start, model: 'my-own-model', input: 'Hi' });
  await langfuse.flushAsync();
  generation.end({ output: 'Hello', usage: { promptTokens: 7, completionTokens: 3 }, costDetails: { input: 0.001, output: 0.002 } });
  await langfuse.flushAsync();
  trace.update({ userId: 'late user', sessionId: 'late session' });
  await langfuse.flushAsync();
  await langfuse.shutdownAsync();
  return { trace: trace.id, generation: generation.id };
}

// The SDK's own wrapper around a client of OpenAI's shape.
async function wrapped() {
  const answer = {
    id: 'chatcmpl-wrapped', object: 'chat.completion', model: 'gpt-4o-mini-2024-07-18',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hello Ada' } }],
    usage: { prompt_tokens: 12, completion_tokens: 4, total_tokens: 16, prompt_tokens_details: { cached_tokens: 8 } },
  };
  const provider = { chat: { completions: { create: async () => answer } } };
  const openai = observeOpenAI(provider, { generationName: 'greet', userId: 'ada', sessionId: 's-1', clientInitParams: { publicKey: 'pk-lf-any', secretKey: key, baseUrl: url } });
  await openai.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello, I am Ada' }] });
  await openai.flushAsync();
  return {};
}

// One event that cannot be kept, between two that can.
async function broken() {
  const langfuse = client(url, { fetchRetryCount: 1 });
  const errors = [];
  langfuse.on('warning', (error) => errors.push(String(error?.message ?? error)));
  const trace = langfuse.trace({ name: 'broken', timestamp: start });
  trace.score({ name: 'bad', value: 'not a number', dataType: 'NUMERIC' });
  trace.span({ name: 'whole', startTime: start, endTime: after(10) });
  await langfuse.flushAsync();
  return { trace: trace.id, errors };
}

const unauthorised = async () => {
  const warnings = [];
  const langfuse = new Langfuse({ publicKey: 'pk', secretKey: 'bw-not-a-key-0123456789', baseUrl: url, fetchRetryCount: 0 });
  langfuse.on('warning', (error) => warnings.push(String(error?.message ?? error)));
  const trace = langfuse.trace({ name: 'nobody', id: randomUUID() });
  await langfuse.flushAsync();
  return { trace: trace.id, warnings };
};

const cases = {
  chain: () => behind(url, undefined, (base) => chain('chain', base)),
  one_by_one: () => behind(url, undefined, (base) => chain('one_by_one', base, { flushAt: 1 })),
  late, wrapped, broken, unauthorised,
};

const results = {};
await Promise.all(Object.entries(cases).map(async ([name, run]) => {
  results[name] = await run().then((result) => ({ threw: null, ...result }), (error) => ({ threw: String(error.stack ?? error) }));
}));
process.stdout.write(`\n${JSON.stringify(results)}\n`, () => process.exit(0));
