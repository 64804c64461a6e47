// Works with the real Phoenix client against BELLWETHER_URL with BELLWETHER_KEY; only PHOENIX_HOST and PHOENIX_API_KEY are Bellwether's.
// Prints {"<case>": {…}} as JSON on the last line, for the test beside it.
import { randomBytes } from 'node:crypto';

const url = process.env.BELLWETHER_URL;
const key = process.env.BELLWETHER_KEY;
if (!url || !key) {
  console.error('BELLWETHER_URL and BELLWETHER_KEY must be set');
  process.exit(2);
}
process.env.PHOENIX_HOST = url;
process.env.PHOENIX_API_KEY = key;
// The client reports its progress on standard output, of which the last line is ours.
console.log = console.info = console.error;

const { createClient } = await import('@arizeai/phoenix-client');
const { appendDatasetExamples, createDataset, getDataset, getDatasetExamples } = await import('@arizeai/phoenix-client/datasets');
const { asExperimentEvaluator, deleteExperiment, getExperiment, listExperiments, runExperiment } = await import('@arizeai/phoenix-client/experiments');
const { addDocumentAnnotation, addSpanAnnotation, getSpanAnnotations, getSpans, logSpanAnnotations, logSpans, SpanCreationError } = await import('@arizeai/phoenix-client/spans');
const { addSessionAnnotation } = await import('@arizeai/phoenix-client/sessions');
const { addTraceAnnotation } = await import('@arizeai/phoenix-client/traces');

const quiet = { info() {}, debug() {}, warn() {}, error() {}, log() {}, table() {} };
const hex = (bytes) => randomBytes(bytes).toString('hex');
const until = async (ask, done) => {
  for (let i = 0; ; i++) {
    const found = await ask();
    if (i === 100 || done(found)) {
      return found;
    }
    await new Promise((next) => setTimeout(next, 100));
  }
};

async function datasets() {
  const examples = [
    { input: { question: 'Malmö?' }, output: { answer: 'cold' }, metadata: { n: 1 }, splits: 'train' },
    { input: { question: 'Lund?' }, output: { answer: 'rainy' }, splits: ['train', 'test'] },
    { input: { question: 'Ystad?' } },
  ];
  const name = 'weather of datasets';
  const { datasetId } = await createDataset({ name, description: 'what is asked', examples });
  const first = await getDataset({ dataset: { datasetName: name } });
  const again = await createDataset({ name, description: 'what is asked', examples });
  const same = await getDataset({ dataset: { datasetId } });
  const appended = await appendDatasetExamples({ dataset: { datasetId }, examples: [{ input: { question: 'Kivik?' }, output: { answer: 'sunny' } }] });
  const shrunk = await createDataset({ name, description: '', examples: examples.slice(0, 2) });
  const now = await getDataset({ dataset: { datasetId } });
  return {
    ids: [datasetId, again.datasetId, appended.datasetId, shrunk.datasetId], name: first.name, description: first.description, first: first.versionId, same: same.versionId,
    examples: first.examples.map(({ input, output, metadata }) => ({ input, output, metadata })),
    kept: now.examples.map((example) => example.id), was: first.examples.map((example) => example.id),
    old: (await getDatasetExamples({ dataset: { datasetId, versionId: appended.versionId } })).examples.length,
    test: (await getDatasetExamples({ dataset: { datasetId, versionId: first.versionId, splits: ['test'] } })).examples.map((example) => example.input.question),
    listed: (await createClient().GET('/v1/datasets')).data.data.filter((dataset) => dataset.name === name).map((dataset) => dataset.example_count),
    missing: await getDataset({ dataset: { datasetName: 'nobody has this' } }).then(() => null, (error) => error.message),
  };
}

async function spans() {
  const project = 'project of spans';
  const trace = hex(16);
  const [root, call, documents] = [hex(8), hex(8), hex(8)];
  const start = Date.now() - 5_000;
  const at = (ms) => new Date(start + ms).toISOString();
  const sent = [
    { name: 'chain', context: { trace_id: trace, span_id: root }, span_kind: 'CHAIN', start_time: at(0), end_time: at(2000), status_code: 'OK', attributes: { 'session.id': 'session of spans', 'user.id': 'user of spans', 'input.value': 'Malmö?' } },
    {
      name: 'ask', context: { trace_id: trace, span_id: call }, span_kind: 'LLM', parent_id: root, start_time: at(500), end_time: at(1500), status_code: 'OK',
      attributes: {
        'llm.model_name': 'gpt-4o-mini', 'llm.provider': 'openai', 'llm.token_count.prompt': 1000, 'llm.token_count.completion': 500, 'session.id': 'session of spans', 'user.id': 'user of spans',
        'llm.input_messages.0.message.role': 'user', 'llm.input_messages.0.message.content': 'Weather in Malmö?',
        llm: { output_messages: [{ message: { role: 'assistant', content: 'Cold in Malmö' } }] },
        'my.own': [1, 2.5, true],
      },
    },
    { name: 'lookup', context: { trace_id: trace, span_id: documents }, span_kind: 'RETRIEVER', parent_id: root, start_time: at(100), end_time: at(200), status_code: 'ERROR', status_message: 'no index', attributes: {} },
  ];
  // Said before the span is there.
  const early = await addSpanAnnotation({ spanAnnotation: { spanId: call, name: 'early', label: 'good', score: 1, annotatorKind: 'HUMAN', explanation: 'before the span' } });
  const logged = await logSpans({ project: { projectName: project }, spans: sent });
  const stored = await until(() => getSpans({ project: { projectName: project }, limit: 10 }), (page) => page.spans.length === 3);
  const said = await logSpanAnnotations({ spanAnnotations: [
    { spanId: call, name: 'correctness', score: 0.5, annotatorKind: 'LLM' },
    { spanId: call, name: 'correctness', score: 0.75, annotatorKind: 'LLM', identifier: 'second judge' },
    { spanId: root, name: 'useful', label: 'yes', annotatorKind: 'CODE' },
  ] });
  await addSpanAnnotation({ spanAnnotation: { spanId: call, name: 'correctness', score: 0.25, annotatorKind: 'LLM' } });
  await addDocumentAnnotation({ documentAnnotation: { spanId: documents, documentPosition: 1, name: 'relevance', score: 0 } });
  await addTraceAnnotation({ traceAnnotation: { traceId: trace, name: 'whole', label: 'fine', annotatorKind: 'HUMAN' } });
  await addSessionAnnotation({ sessionAnnotation: { sessionId: 'session of spans', name: 'happy', score: 1, annotatorKind: 'HUMAN' } });
  const annotations = await until(
    () => getSpanAnnotations({ project: { projectName: project }, spanIds: [root, call, documents] }),
    (page) => page.annotations.length === 5 && page.annotations.some((annotation) => annotation.result.score === 0.25));
  const failed = await logSpans({ project: { projectName: project }, spans: [
    { ...sent[0], context: { trace_id: trace, span_id: 'nonsense' } }, { ...sent[1], name: 'kept', context: { trace_id: hex(16), span_id: hex(8) } },
  ] }).then(() => null, (error) => ({ own: error instanceof SpanCreationError, queued: error.totalQueued, invalid: error.invalidSpans.map((span) => [span.spanId, span.error]) }));
  const names = async (filter) => (await getSpans({ project: { projectName: project }, ...filter })).spans.map((span) => span.name).sort();
  const pages = [];
  for (let cursor; cursor !== null;) {
    const page = await getSpans({ project: { projectName: project }, traceIds: [trace], limit: 2, cursor });
    pages.push(page.spans.length);
    cursor = page.nextCursor;
  }
  const client = createClient();
  await client.POST('/v1/projects', { body: { name: 'written down', description: 'before its spans' } });
  const projects = (await client.GET('/v1/projects')).data.data;
  return {
    trace, call, root, logged, early: typeof early.id, said: said.length, failed, pages,
    stored: Object.fromEntries(stored.spans.map((span) => [span.name, span])),
    annotations: annotations.annotations.map(({ name, annotator_kind, result, span_id, identifier }) => ({ name, annotator_kind, result, span_id, identifier })),
    roots: await names({ parentId: null }), errors: await names({ statusCode: 'ERROR' }), llm: await names({ spanKind: 'LLM', traceIds: [trace] }),
    byUser: await names({ attributes: { 'user.id': 'user of spans' }, traceIds: [trace] }), elsewhere: (await getSpans({ project: { projectName: 'nobody has this' } })).spans.length,
    projects: projects.map((one) => one.name), project: (await client.GET('/v1/projects/{project_identifier}', { params: { path: { project_identifier: projects.find((one) => one.name === project).id } } })).data.data.name,
  };
}

async function experiment() {
  const name = 'questions of experiment';
  const { datasetId } = await createDataset({ name, description: '', examples: ['one', 'two', 'three'].map((text) => ({ input: { text }, output: { length: text.length } })) });
  const ran = await runExperiment({
    experimentName: 'lengths', experimentDescription: 'counts letters', experimentMetadata: { model: 'none' }, dataset: { datasetName: name }, repetitions: 2,
    task: async function count({ input }) {
      if (input.text === 'two') {
        throw new Error('cannot count to two');
      }
      return { length: input.text.length };
    },
    evaluators: [
      asExperimentEvaluator({ name: 'exact', kind: 'CODE', evaluate: async ({ output, expected }) => ({ score: output?.length === expected.length ? 1 : 0, label: output ? 'counted' : 'failed', explanation: 'letters' }) }),
      asExperimentEvaluator({ name: 'broken', kind: 'LLM', evaluate: async () => { throw new Error('no judge'); } }),
    ],
    logger: quiet,
  });
  // The client does not wait for its evaluations to be taken.
  const ask = async () => (await fetch(`${url}/v1/experiments/${encodeURIComponent(ran.id)}/json`, { headers: { Authorization: `Bearer ${key}` } })).json();
  const whole = await until(ask, (runs) => runs.every((run) => run.annotations.length === 2));
  const read = await getExperiment({ experimentId: ran.id });
  const throwaway = await runExperiment({ experimentName: 'throwaway', dataset: { datasetId }, task: async function echo({ input }) { return input; }, logger: quiet });
  const before = (await listExperiments({ datasetId })).length;
  await deleteExperiment({ experimentId: throwaway.id });
  return {
    project: ran.projectName, counts: [ran.exampleCount, ran.successfulRunCount, ran.failedRunCount, ran.missingRunCount],
    read: [Object.keys(read.runs).length, read.successfulRunCount, read.failedRunCount], metadata: read.metadata, whole, before,
    after: (await listExperiments({ datasetId })).map((one) => one.id === ran.id), traces: Object.values(ran.runs).map((run) => run.traceId), evaluations: ran.evaluationRuns.length,
    ids: Object.values(ran.runs).every((run) => !run.id.startsWith('local_')),
  };
}

async function unauthorised() {
  const client = createClient({ options: { headers: { Authorization: 'Bearer bw-not-a-key-0123456789' } } });
  return { message: await client.GET('/v1/datasets').then(() => null, (error) => String(error.message)) };
}

async function version() {
  return { version: (await createClient().getServerVersion()).join('.'), text: await (await fetch(`${url}/arize_phoenix_version`)).text() };
}

const results = {};
await Promise.all(Object.entries({ datasets, spans, experiment, unauthorised, version }).map(async ([name, run]) => {
  results[name] = await run().then((result) => ({ threw: null, ...result }), (error) => ({ threw: String(error.stack ?? error) }));
}));
process.stdout.write(`\n${JSON.stringify(results)}\n`, () => process.exit(0));
