// Traces with the real LangSmith SDK, an old and a new one, to BELLWETHER_URL with BELLWETHER_KEY; only the address is Bellwether's.
// Prints {"<case>": {"trace": "<trace id>", …}} as JSON on the last line; the test beside it looks for these traces.
import { randomUUID } from 'node:crypto';
import { behind } from '../behind.mjs';

const url = process.env.BELLWETHER_URL;
const key = process.env.BELLWETHER_KEY;
if (!url || !key) {
  console.error('BELLWETHER_URL and BELLWETHER_KEY must be set');
  process.exit(2);
}
// Some calls of the SDK warn on standard output, of which the last line is ours.
console.log = console.error;

const sdk = async (name) => ({
  ...(await import(`${name}/client`)), ...(await import(`${name}/traceable`)), ...(await import(`${name}/run_trees`)),
});
const current = await sdk('langsmith');
const old = await sdk('langsmith-old');

// A chain that looks something up, calls a tool that fails, and asks a model; the chain's output repeats the model's usage.
async function agent({ traceable, getCurrentRunTree }, client, project) {
  const common = { client, project_name: project, tracingEnabled: true };
  const lookup = traceable(async () => [{ page_content: 'a text', type: 'Document', metadata: {} }], { ...common, name: 'lookup', run_type: 'retriever' });
  const weather = traceable(async () => { throw new TypeError('no thermometer'); }, { ...common, name: 'weather', run_type: 'tool' });
  const ask = traceable(async () => ({
    choices: [{ message: { role: 'assistant', content: 'Cold in Malmö' }, finish_reason: 'stop' }],
    usage_metadata: { input_tokens: 1000, output_tokens: 500, total_tokens: 1500 },
  }), { ...common, name: 'ask', run_type: 'llm', metadata: { ls_provider: 'openai', ls_model_name: 'gpt-4o-mini' } });
  let root;
  await traceable(async (question) => {
    root = getCurrentRunTree();
    await lookup(question);
    await weather({ city: 'Malmö' }).catch(() => {});
    return ask({ messages: [{ role: 'user', content: question }] });
  }, { ...common, name: 'agent', run_type: 'chain', tags: ['nightly'], metadata: { user_id: `user of ${project}`, thread_id: `thread of ${project}` } })('Weather in Malmö?');
  await client.awaitPendingTraceBatches();
  return { trace: root.trace_id, root: root.id };
}

const traced = (from, project, path = '', options = {}, expected = 0) => behind(url, undefined, async (base, seen) => {
  const result = await agent(from, new from.Client({ apiUrl: base + path, apiKey: key, ...options }), project);
  // The SDK has no word for "all single runs are sent".
  for (let i = 0; i < 300 && seen.answered < expected; i++) {
    await new Promise((done) => setTimeout(done, 50));
  }
  return result;
});

// A run whose beginning and end leave in two bodies, with feedback before it, between them and after it.
const pieces = (from, project, path) => behind(url, undefined, async (base) => {
  const client = new from.Client({ apiUrl: base + path, apiKey: key });
  const id = randomUUID();
  await client.createFeedback(id, 'correctness', { score: 1, comment: 'before the run' });
  const tree = new from.RunTree({
    id, client, project_name: project, name: 'long', run_type: 'llm', tracingEnabled: true,
    inputs: { messages: [{ role: 'user', content: 'Think' }] }, extra: { metadata: { ls_provider: 'openai', ls_model_name: 'gpt-4o-mini' } },
  });
  await tree.postRun();
  await client.awaitPendingTraceBatches();
  await client.createFeedback({ runId: id, traceId: tree.trace_id, key: 'style', value: 'dry' });
  await tree.end({ role: 'assistant', content: 'Thought', usage_metadata: { input_tokens: 7, output_tokens: 3, total_tokens: 10 } });
  await tree.patchRun();
  await client.awaitPendingTraceBatches();
  await client.createFeedback(id, 'stars', { score: 4 });

  const running = new from.RunTree({ client, project_name: project, name: 'endless', run_type: 'chain', tracingEnabled: true, inputs: { q: 1 } });
  await running.postRun();
  await client.awaitPendingTraceBatches();
  return { trace: tree.trace_id, id, running: running.id };
});

async function uncompressed() {
  process.env.LANGSMITH_DISABLE_RUN_COMPRESSION = 'true';
  try {
    return await traced(current, 'new_identity');
  } finally {
    delete process.env.LANGSMITH_DISABLE_RUN_COMPRESSION;
  }
}

const cases = {
  new_zstd: () => traced(current, 'new_zstd'),
  new_identity: uncompressed,
  new_api_v1: () => traced(current, 'new_api_v1', '/api/v1'),
  new_single: () => traced(current, 'new_single', '', { autoBatchTracing: false }, 8),
  old: () => traced(old, 'old'),
  old_api: () => traced(old, 'old_api', '/api'),
  new_pieces: () => pieces(current, 'new_pieces', '/api/v1'),
  old_pieces: () => pieces(old, 'old_pieces', ''),
};

const results = {};
await Promise.all(Object.entries(cases).filter(([name]) => name !== 'new_identity').map(async ([name, run]) => {
  results[name] = await run().then((result) => ({ threw: null, ...result }), (error) => ({ threw: String(error.stack ?? error) }));
}));
// By itself: it sets a variable of the process.
results.new_identity = await cases.new_identity().then((result) => ({ threw: null, ...result }), (error) => ({ threw: String(error.stack ?? error) }));
process.stdout.write(`\n${JSON.stringify(results)}\n`, () => process.exit(0));
