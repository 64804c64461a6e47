// Reads and changes with the real LangSmith SDK, an old and a new one, what it sent to BELLWETHER_URL with BELLWETHER_KEY.
// Prints {"<case>": {…}} as JSON on the last line; the test beside it says what must be in it.
import { randomUUID } from 'node:crypto';

const url = process.env.BELLWETHER_URL;
const key = process.env.BELLWETHER_KEY;
if (!url || !key) {
  console.error('BELLWETHER_URL and BELLWETHER_KEY must be set');
  process.exit(2);
}
// Some calls of the SDK speak on standard output, of which the last line is ours.
console.log = console.error;

const sdk = async (name) => ({
  ...(await import(`${name}/client`)), ...(await import(`${name}/traceable`)), ...(await import(`${name}/evaluation`)), ...(await import(`${name}/run_trees`)),
});
const current = await sdk('langsmith');
const old = await sdk('langsmith-old');

const all = async (iterable) => {
  const items = [];
  for await (const item of iterable) {
    items.push(item);
  }
  return items;
};
const refusal = async (work) => work.then(() => null, (error) => ({ name: error.name, message: String(error.message) }));
const client = (from, base) => new from.Client({ apiUrl: base, apiKey: key, autoBatchTracing: true });

// Two traces: one looks something up and asks a model, the other fails.
async function runs(from, base, project) {
  const c = client(from, base);
  const common = { client: c, project_name: project, tracingEnabled: true };
  const lookup = from.traceable(async () => [{ page_content: 'a text', type: 'Document', metadata: {} }], { ...common, name: 'lookup', run_type: 'retriever' });
  const ask = from.traceable(async () => ({
    choices: [{ message: { role: 'assistant', content: 'Cold in Malmö' }, finish_reason: 'stop' }],
    usage_metadata: { input_tokens: 1000, output_tokens: 500, total_tokens: 1500 },
  }), { ...common, name: 'ask', run_type: 'llm', metadata: { ls_provider: 'openai', ls_model_name: 'gpt-4o-mini' } });
  let root;
  await from.traceable(async (question) => {
    root = from.getCurrentRunTree();
    await lookup(question);
    return ask({ messages: [{ role: 'user', content: question }] });
  }, { ...common, name: 'agent', run_type: 'chain', tags: ['nightly'], metadata: { plan: 'pro', thread_id: `thread of ${project}` } })('Weather in Malmö?');
  await from.traceable(async () => { throw new TypeError('no thermometer'); }, { ...common, name: 'broken', run_type: 'chain', tags: ['beta'] })().catch(() => {});
  await c.awaitPendingTraceBatches();
  await c.createFeedback(root.id, 'stars', { score: 4 });

  const names = async (options) => (await all(c.listRuns({ projectName: project, ...options }))).map((run) => run.name).sort();
  const listed = {};
  const questions = {
    all: {},
    roots: { isRoot: true },
    llm: { runType: 'llm' },
    failed: { error: true },
    fine: { error: false },
    tag: { filter: 'has(tags, "nightly")' },
    either: { filter: 'or(has(tags, "nightly"), has(tags, "beta"))' },
    tokens: { filter: 'and(eq(run_type, "llm"), gt(total_tokens, 1000), lt(latency, "1m"))' },
    not: { filter: 'not(eq(name, "ask"))' },
    metadata: { filter: 'and(eq(metadata_key, "plan"), eq(metadata_value, "pro"))' },
    feedback: { filter: 'and(eq(feedback_key, "stars"), gt(feedback_score, 3))' },
    feedbackBelow: { filter: 'and(eq(feedback_key, "stars"), lt(feedback_score, 3))' },
    thread: { filter: `eq(thread_id, "thread of ${project}")` },
    of_good_traces: { traceFilter: 'has(tags, "nightly")' },
    of_failed_traces: { treeFilter: 'eq(status, "error")' },
    of_rated_traces: { filter: 'eq(run_type, "retriever")', traceFilter: 'eq(feedback_key, "stars")' },
    text: { query: 'malmö', runType: 'llm' },
    search: { filter: 'and(search("cold in malmö"), eq(run_type, "llm"))' },
    by_id: { id: [root.id] },
    of_trace: { traceId: root.trace_id },
    children: { parentRunId: root.id },
    later: { startTime: new Date(Date.now() + 60_000) },
  };
  for (const [name, question] of Object.entries(questions)) {
    listed[name] = await names(question);
  }
  const whole = await c.readRun(root.id, { loadChildRuns: true });
  const ascending = (await all(c.listRuns({ projectName: project, order: 'asc' }))).map((run) => run.start_time);
  const selected = (await all(c.listRuns({ projectName: project, isRoot: true, filter: 'has(tags, "nightly")', select: ['name', 'total_tokens'] })))[0];
  return {
    listed,
    root: { ...whole, child_runs: undefined }, children: whole.child_runs.map((run) => [run.name, run.run_type, run.parent_run_id === root.id, run.dotted_order.startsWith(whole.dotted_order)]),
    llm: (await all(c.listRuns({ projectName: project, runType: 'llm' })))[0],
    sorted: ascending.every((time, index) => index === 0 || ascending[index - 1] <= time), selected,
    stats: await c.getRunStats({ projectNames: [project] }), calls: await c.getRunStats({ projectNames: [project], runType: 'llm' }),
    mistake: await refusal(names({ filter: 'and(eq(run_type, "llm"), eq(colour, "red"))' })),
    missing: await refusal(c.readRun(randomUUID())),
    thread: (await all(c.readThread({ threadId: `thread of ${project}`, projectName: project }))).map((run) => run.name),
    project: await c.readProject({ projectName: project, includeStats: true }), exists: await c.hasProject({ projectName: project }),
  };
}

// The second version of the reads, which the newest SDK asks for itself.
async function v2(base, project) {
  const c = client(current, base);
  const run = current.traceable(async () => 'done', { client: c, project_name: project, tracingEnabled: true, name: 'second', run_type: 'tool', tags: ['v2'] });
  await run('go');
  await c.awaitPendingTraceBatches();
  const id = (await c.readProject({ projectName: project })).id;
  const found = await all(c.runs.query({ project_ids: [id], filter: 'has(tags, "v2")', selects: ['NAME', 'RUN_TYPE', 'STATUS', 'INPUTS', 'TRACE_ID', 'PROJECT_ID'], is_root: true }));
  const bare = await all(c.runs.query({ project_ids: [id] }));
  return {
    found, bare, one: await c.runs.retrieve(found[0].id, { project_id: id, selects: ['NAME', 'OUTPUTS', 'STATUS'] }),
    traces: await all(c.traces.query({ project_id: id, selects: ['NAME'], trace_filter: 'has(tags, "v2")' })), steps: await c.traces.listRuns(found[0].trace_id, { project_id: id, selects: ['NAME'] }),
    elsewhere: await all(c.traces.query({ project_id: id, trace_filter: 'has(tags, "v3")' })), stream: await refusal(c.runs.query({ project_ids: [id], Accept: 'text/event-stream' })),
  };
}

// Many runs: pages follow one another.
async function pages(from, base, project) {
  const c = client(from, base);
  const step = from.traceable(async (i) => i, { client: c, project_name: project, tracingEnabled: true, name: 'step', run_type: 'tool' });
  for (let i = 0; i < 230; i++) {
    await step({ i });
  }
  await c.awaitPendingTraceBatches();
  const every = await all(c.listRuns({ projectName: project, select: ['id', 'inputs'] }));
  const odd = await all(c.listRuns({ projectName: project, select: ['id'], order: 'asc', filter: 'not(eq(name, "x"))' }));
  return {
    runs: every.length, ids: new Set(every.map((run) => run.id)).size, inputs: new Set(every.map((run) => run.inputs.i)).size, sorted: odd.length,
    some: (await all(c.listRuns({ projectName: project, limit: 120, select: ['id'] }))).length,
  };
}

async function projects(from, base, name) {
  const c = client(from, base);
  const made = await c.createProject({ projectName: name, description: 'a project', metadata: { team: 'a' } });
  const conflict = await refusal(c.createProject({ projectName: name }));
  const again = await c.createProject({ projectName: name, upsert: true, metadata: { team: 'b' } });
  const changed = await c.updateProject(made.id, { description: 'changed', endTime: '2026-11-26T12:00:00Z' });
  const listed = (await all(c.listProjects({ nameContains: name }))).map((project) => project.name);
  const ofTeam = (await all(c.listProjects({ metadata: { team: 'b' }, nameContains: name }))).length;
  const url = await c.getProjectUrl({ projectName: name });
  await from.traceable(async () => 1, { client: c, project_name: name, tracingEnabled: true, name: 'in it' })();
  await c.awaitPendingTraceBatches();
  const before = (await all(c.listRuns({ projectName: name }))).length;
  await c.deleteProject({ projectName: name });
  return {
    made, conflict, again, changed, listed, ofTeam, url, before, existsAfter: await c.hasProject({ projectName: name }),
    read: await refusal(c.readProject({ projectId: made.id })), renamed: await refusal(c.updateProject((await c.createProject({ projectName: `${name} 2` })).id, { name: 'other' })),
  };
}

async function feedback(from, base, project) {
  const c = client(from, base);
  const runId = randomUUID();
  const created = await c.createFeedback(runId, 'tone', { score: 0.5, comment: 'dull', feedbackSourceType: 'model' });
  const second = await c.createFeedback(runId, 'length', { score: true, value: 'short' });
  const read = await c.readFeedback(created.id);
  const listed = (await all(c.listFeedback({ runIds: [runId] }))).map((item) => item.key).sort();
  const ofModel = (await all(c.listFeedback({ runIds: [runId], feedbackSourceTypes: ['model'] }))).map((item) => item.key);
  const ofKey = (await all(c.listFeedback({ runIds: [runId], feedbackKeys: ['length'] })))[0];
  await c.updateFeedback(created.id, { score: 1, comment: 'better' });
  const changed = await c.readFeedback(created.id);
  await c.deleteFeedback(second.id);
  return { runId, read, listed, ofModel, ofKey, changed, left: (await all(c.listFeedback({ runIds: [runId] }))).map((item) => item.key), gone: await refusal(c.readFeedback(second.id)) };
}

async function experiment(from, base, name) {
  const c = client(from, base);
  const dataset = await c.createDataset(name, { description: 'sums', metadata: { team: 'a' } });
  const conflict = await refusal(c.createDataset(name));
  const examples = await c.createExamples({
    inputs: [{ a: 1, b: 2 }, { a: 3, b: 4 }, { a: 5, b: 6 }], outputs: [{ sum: 3 }, { sum: 7 }, { sum: 12 }], metadata: [{ level: 1 }, { level: 2 }, { level: 2 }], datasetId: dataset.id,
  });
  const first = (await c.readDatasetVersion({ datasetId: dataset.id, tag: 'latest' })).as_of;
  await c.updateExample({ id: examples[2].id, dataset_id: dataset.id, outputs: { sum: 11 }, split: 'hard' });
  const extra = await c.createExample({ a: 0, b: 0 }, { sum: 0 }, { datasetId: dataset.id });
  await c.deleteExample(extra.id);
  await c.updateDatasetSplits({ datasetId: dataset.id, splitName: 'hard', exampleIds: [examples[1].id] });
  const listed = await all(c.listExamples({ datasetName: name }));
  const result = await from.evaluate(async (input) => ({ sum: input.a === 3 ? 0 : input.a + input.b }), {
    data: name, client: c, experimentPrefix: name, metadata: { model: 'adder' }, maxConcurrency: 1,
    evaluators: [async ({ outputs, referenceOutputs }) => ({ key: 'right', score: outputs.sum === referenceOutputs.sum ? 1 : 0 })],
    summaryEvaluators: [async ({ runs: made }) => ({ key: 'count', score: made.length })],
  });
  const rows = [...(result.results ?? [])];
  await c.awaitPendingTraceBatches();
  const read = await c.readProject({ projectName: result.experimentName, includeStats: true });
  const roots = await all(c.listRuns({ projectName: result.experimentName, isRoot: true }));
  const ofExample = await all(c.listRuns({ projectName: result.experimentName, referenceExampleId: examples[0].id }));
  const said = await all(c.listFeedback({ runIds: roots.map((run) => run.id), feedbackKeys: ['right'] }));
  const before = await all(c.listExamples({ datasetId: dataset.id, asOf: first }));
  const compared = await c.createComparativeExperiment({ name: `${name} compared`, experimentIds: [read.id] });
  return {
    dataset, read: await c.readDataset({ datasetName: name }), conflict, exists: await c.hasDataset({ datasetName: name }), missing: await c.hasDataset({ datasetName: `${name} not there` }),
    examples: listed.map((item) => ({ inputs: item.inputs, outputs: item.outputs, metadata: item.metadata })), splits: await c.listDatasetSplits({ datasetId: dataset.id }),
    hard: (await all(c.listExamples({ datasetId: dataset.id, splits: ['hard'] }))).length, level2: (await all(c.listExamples({ datasetId: dataset.id, metadata: { level: 2 } }))).length,
    before: before.map((item) => item.outputs.sum), diff: await c.diffDatasetVersions({ datasetId: dataset.id, fromVersion: first, toVersion: 'latest' }),
    experiments: (await all(c.listProjects({ referenceDatasetId: dataset.id }))).map((item) => item.name), name: result.experimentName, session: read,
    compared, rows: rows.length, roots: roots.map((run) => [run.reference_example_id, run.outputs.sum, run.session_id === read.id]), ofExample: ofExample.length, said: said.map((item) => item.score).sort(),
    datasets: (await all(c.listDatasets({ datasetNameContains: name }))).length,
    better: await pairwise(from, c, name, result.experimentName),
    deleted: await c.deleteDataset({ datasetId: dataset.id }).then(() => c.hasDataset({ datasetName: name })),
  };
}

// A second experiment on the dataset, and the first one beside it.
async function pairwise(from, c, name, first) {
  const second = await from.evaluate(async (input) => ({ sum: input.a + input.b }), { data: name, client: c, experimentPrefix: `${name} again`, maxConcurrency: 1 });
  await c.awaitPendingTraceBatches();
  const compared = await from.evaluateComparative([first, second.experimentName], {
    client: c, evaluators: [async ({ runs: pair }) => ({ key: 'better', scores: { [pair[0].id]: 0, [pair[1].id]: 1 } })],
  });
  await c.awaitPendingTraceBatches();
  const runIds = compared.results.flatMap((row) => Object.keys(row.scores ?? {}));
  return (await all(c.listFeedback({ runIds, feedbackKeys: ['better'] }))).map((item) => item.score).sort();
}

async function queues(from, base, project) {
  const c = client(from, base);
  const step = from.traceable(async () => 'looked at', { client: c, project_name: project, tracingEnabled: true, name: 'to look at' });
  await step();
  await c.awaitPendingTraceBatches();
  const [run] = await all(c.listRuns({ projectName: project }));
  const queue = await c.createAnnotationQueue({ name: project, description: 'look', rubricInstructions: 'be kind' });
  await c.addRunsToAnnotationQueue(queue.id, [run.id]);
  await c.addRunsToAnnotationQueue(queue.id, [run.id]);
  await c.updateAnnotationQueue(queue.id, { name: project, description: 'look again' });
  const waiting = from === current ? await all(c.listRunsFromAnnotationQueue(queue.id)) : [await c.getRunFromAnnotationQueue(queue.id, 0)];
  const size = await c.getSizeFromAnnotationQueue(queue.id);
  await c.deleteRunFromAnnotationQueue(queue.id, waiting[0].queue_run_id);
  const result = {
    read: await c.readAnnotationQueue(queue.id), listed: (await all(c.listAnnotationQueues({ name: project }))).length, size, waiting: waiting.map((item) => [item.id === run.id, item.name, item.outputs]),
    sizeAfter: await c.getSizeFromAnnotationQueue(queue.id),
  };
  await c.deleteAnnotationQueue(queue.id);
  return { ...result, gone: await refusal(c.readAnnotationQueue(queue.id)) };
}

async function prompts(from, base, name) {
  const c = client(from, base);
  const before = await c.promptExists(name);
  const first = await c.pushPrompt(name, { object: { template: 'Hello {name}' }, description: 'greets', tags: ['greeting'] });
  await c.pushPrompt(name, { object: { template: 'Hi {name}' } });
  const nothing = await refusal(c.pushPrompt(name, { object: { template: 'Hi {name}' } }));
  const latest = await c.pullPromptCommit(name, { skipCache: true });
  const commits = await all(c.listCommits(name));
  const earlier = await c.pullPromptCommit(`${name}:${commits[1].commit_hash.slice(0, 8)}`, { skipCache: true });
  await c.updatePrompt(name, { description: 'greets more' });
  const liked = await c.likePrompt(name);
  const result = {
    before, first, nothing, latest, earlier, commits: commits.length, liked, prompt: await c.getPrompt(name), listed: (await all(c.listPrompts({ query: name }))).map((item) => item.repo_handle),
  };
  await c.deletePrompt(name);
  return { ...result, after: await c.promptExists(name) };
}

// Files that a run brings with it, and how they come back.
async function attachments(from, base, project) {
  const c = client(from, base);
  const id = randomUUID();
  // Bytes that are no text, and the beginning of a boundary in them.
  const picture = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x2d, 0x2d, 0x2d, 0x2d, 0x00, 0xff, 0xfe]);
  const page = '<script>alert(1)</script>';
  const run = new from.RunTree({
    name: 'with files', run_type: 'chain', id, project_name: project, client: c, tracingEnabled: true, inputs: { q: 1 },
    attachments: { photo: ['image/png', picture], page: ['text/html', new TextEncoder().encode(page)], 'big one': { mimeType: 'application/zip', data: new Uint8Array(200_000) } },
  });
  await run.postRun();
  await run.end({ a: 2 });
  await run.patchRun();
  await c.awaitPendingTraceBatches();
  const read = await c.readRun(id);
  const fetched = {};
  for (const [name, { presigned_url: address, mime_type: type }] of Object.entries(read.s3_urls)) {
    const response = await fetch(address);
    const bytes = new Uint8Array(await response.arrayBuffer());
    fetched[name] = {
      type, status: response.status, contentType: response.headers.get('content-type'), disposition: response.headers.get('content-disposition'), sniff: response.headers.get('x-content-type-options'),
      policy: response.headers.get('content-security-policy'), length: bytes.length, same: name !== 'attachment.photo' || Buffer.compare(bytes, picture) === 0,
    };
  }
  const urls = Object.values(read.s3_urls).map((one) => one.presigned_url);
  return { id, fetched, urls, inputs: read.inputs, v2: c.runs ? Object.keys((await c.runs.retrieve(id, { project_id: read.session_id, selects: ['ATTACHMENTS'] })).attachments).sort() : null };
}

// Files that examples have: put in, kept over versions, and handed to what is evaluated.
async function exampleFiles(from, base, name) {
  const c = client(from, base);
  const text = (words) => new TextEncoder().encode(words);
  const picture = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x2d, 0x2d, 0x2d, 0x2d, 0x00, 0xff, 0xfe]);
  const fetched = async (example) => Object.fromEntries(await Promise.all(Object.entries(example.attachments ?? {}).map(async ([file, { presigned_url: address, mime_type: type }]) => {
    const response = await fetch(address);
    return [file, [response.status, type, response.headers.get('content-type'), response.headers.get('content-disposition'), response.headers.get('x-content-type-options'), Buffer.from(await response.arrayBuffer()).toString('latin1')]];
  })));
  const dataset = await c.createDataset(name);
  const made = await c.createExamples([
    { dataset_id: dataset.id, inputs: { q: 1 }, outputs: { a: 2 }, attachments: { picture: { mimeType: 'image/png', data: picture }, note: ['text/html', text('<b>a note</b>')] } },
    { dataset_id: dataset.id, inputs: { q: 2 }, outputs: { a: 0 } },
  ]);
  const uploaded = await c.uploadExamplesMultipart(dataset.id, [{ inputs: { q: 3 }, outputs: { a: 1 }, attachments: { picture: ['image/png', picture] } }]);
  const run = new from.RunTree({ name: 'source', run_type: 'chain', id: randomUUID(), project_name: name, client: c, tracingEnabled: true, inputs: { q: 4 }, attachments: { scan: ['application/pdf', text('%PDF')] } });
  await run.postRun();
  await run.end({ a: 1 });
  await run.patchRun();
  await c.awaitPendingTraceBatches();
  const ofRun = await c.createExamples([{ dataset_id: dataset.id, source_run_id: run.id, use_source_run_io: true, use_source_run_attachments: ['scan'] }]);
  const first = (await c.readDatasetVersion({ datasetId: dataset.id, tag: 'latest' })).as_of;
  const listed = await all(c.listExamples({ datasetId: dataset.id, includeAttachments: true }));
  const evaluated = await from.evaluate(async (input, config) => ({ files: Object.keys(config.attachments ?? {}).length }), {
    data: name, client: c, experimentPrefix: name, includeAttachments: true, maxConcurrency: 1,
    evaluators: [async ({ outputs, referenceOutputs, attachments: files }) => ({ key: 'all there', score: outputs.files === referenceOutputs.a && Object.keys(files ?? {}).length === referenceOutputs.a ? 1 : 0 })],
  });
  await c.awaitPendingTraceBatches();
  const rows = evaluated.results.map((row) => [row.example.inputs.q, row.run.outputs.files, row.evaluationResults.results[0].score]).sort();
  await c.updateExample({ id: made[0].id, dataset_id: dataset.id, metadata: { level: 1 } });
  const untouched = await fetched(await c.readExample(made[0].id));
  await c.updateExample({ id: made[0].id, dataset_id: dataset.id, attachments: { more: ['text/plain', text('more')] }, attachments_operations: { retain: ['note'], rename: { picture: 'photo' } } });
  await c.updateExample({ id: uploaded.example_ids[0], dataset_id: dataset.id, attachments_operations: { retain: [], rename: {} } });
  const result = {
    made: await Promise.all(made.map(fetched)), uploaded: uploaded.count, ofRun: [ofRun[0].inputs, await fetched(ofRun[0])], listed: await Promise.all(listed.map(fetched)), rows, untouched,
    plain: (await all(c.listExamples({ datasetId: dataset.id }))).map((example) => example.attachments ?? null),
    changed: await fetched(await c.readExample(made[0].id)), emptied: await fetched(await c.readExample(uploaded.example_ids[0])),
    before: (await Promise.all((await all(c.listExamples({ datasetId: dataset.id, asOf: first, includeAttachments: true }))).map(fetched))).map((files) => Object.keys(files).sort()),
    large: await refusal(c.createExamples([{ dataset_id: dataset.id, inputs: { q: 5 }, attachments: { huge: ['application/zip', new Uint8Array(11 * 1024 * 1024)] } }])),
    unknown: await refusal(c.updateExample({ id: made[1].id, dataset_id: dataset.id, attachments_operations: { retain: ['not there'] } })),
    nowhere: await refusal(c.createExamples([{ dataset_id: dataset.id, inputs: { q: 6 }, source_run_id: run.id, use_source_run_attachments: ['not there'] }])),
    count: (await c.readDataset({ datasetId: dataset.id })).example_count,
  };
  const address = (await c.readExample(made[0].id)).attachments.note.presigned_url;
  await c.deleteDataset({ datasetId: dataset.id });
  return { ...result, dataset: dataset.id, gone: (await fetch(address)).status };
}

// The addresses that the SDK prints for people.
async function links(from, base, name) {
  const c = client(from, base);
  const dataset = await c.createDataset(name);
  await c.createExample({ a: 1 }, { sum: 1 }, { datasetId: dataset.id });
  const ids = [];
  for (const prefix of [name, `${name} again`]) {
    const result = await from.evaluate(async () => ({ sum: 1 }), { data: name, client: c, experimentPrefix: prefix, maxConcurrency: 1 });
    await c.awaitPendingTraceBatches();
    ids.push((await c.readProject({ projectName: result.experimentName })).id);
  }
  const [root] = await all(c.listRuns({ projectId: ids[0], isRoot: true }));
  await from.traceable(async () => 'done', { client: c, project_name: `${name} app`, tracingEnabled: true, name: 'step' })();
  await c.awaitPendingTraceBatches();
  const datasetUrl = await c.getDatasetUrl({ datasetId: dataset.id });
  return {
    ids, dataset: dataset.id, run: root.id, trace: root.trace_id, runUrl: await c.getRunUrl({ run: root }), experimentUrl: await c.getProjectUrl({ projectId: ids[0] }),
    projectUrl: await c.getProjectUrl({ projectName: `${name} app` }), datasetUrl, compareUrl: `${datasetUrl}/compare?selectedSessions=${ids.join('%2C')}`, oneUrl: `${datasetUrl}/compare?selectedSessions=${ids[0]}`,
  };
}

// A dataset of a CSV file, as a spreadsheet writes it: quotes, commas, line ends and a mark at its start.
async function csv(from, base, name) {
  const c = client(from, base);
  const file = '\uFEFFquestion,answer,level\r\n"What is ""1,5"" + 1?","two\r\nand a half",1\r\nHow are you?,,2\r\n';
  const dataset = await c.uploadCsv({ csvFile: Buffer.from(file), fileName: `${name}.csv`, inputKeys: ['question', 'level'], outputKeys: ['answer'], description: 'of a file', dataType: 'kv', name });
  const listed = await all(c.listExamples({ datasetId: dataset.id }));
  const unnamed = await c.uploadCsv({ csvFile: Buffer.from('a\n1\n'), fileName: `${name} by its file.csv`, inputKeys: ['a'], outputKeys: [] });
  const failed = (csvFile, inputKeys = ['a']) => refusal(c.uploadCsv({ csvFile: Buffer.from(csvFile), fileName: 'x.csv', inputKeys, outputKeys: [], name: `${name} broken` }));
  return {
    dataset, examples: listed.map((item) => ({ inputs: item.inputs, outputs: item.outputs })), unnamed: unnamed.name,
    taken: await refusal(c.uploadCsv({ csvFile: Buffer.from(file), fileName: 'x.csv', inputKeys: ['question'], outputKeys: [], name })),
    column: await failed('b\n1\n'), row: await failed('a,b\n1,2\n3\n'), none: await c.hasDataset({ datasetName: `${name} broken` }),
  };
}

const cases = {
  runs_new: () => runs(current, url, 'runs_new'),
  runs_old: () => runs(old, `${url}/api/v1`, 'runs_old'),
  v2: () => v2(url, 'v2'),
  v2_mounted: () => v2(`${url}/langsmith`, 'v2_mounted'),
  pages: () => pages(current, `${url}/api`, 'pages'),
  projects_new: () => projects(current, `${url}/api/v1`, 'projects_new'),
  projects_old: () => projects(old, url, 'projects_old'),
  feedback_new: () => feedback(current, `${url}/api/v1`, 'feedback_new'),
  feedback_old: () => feedback(old, `${url}/api`, 'feedback_old'),
  experiment_new: () => experiment(current, url, 'experiment_new'),
  experiment_old: () => experiment(old, `${url}/api/v1`, 'experiment_old'),
  attachments_new: () => attachments(current, url, 'attachments_new'),
  attachments_old: () => attachments(old, `${url}/api/v1`, 'attachments_old'),
  example_files_new: () => exampleFiles(current, url, 'example_files_new'),
  example_files_old: () => exampleFiles(old, `${url}/api/v1`, 'example_files_old'),
  links_new: () => links(current, `${url}/api/v1`, 'links_new'),
  links_old: () => links(old, url, 'links_old'),
  csv_new: () => csv(current, url, 'csv_new'),
  csv_old: () => csv(old, `${url}/api/v1`, 'csv_old'),
  queues_new: () => queues(current, url, 'queues_new'),
  queues_old: () => queues(old, `${url}/api/v1`, 'queues_old'),
  prompts_new: () => prompts(current, `${url}/api/v1`, 'prompts_new'),
  prompts_old: () => prompts(old, url, 'prompts_old'),
};

const results = {};
await Promise.all(Object.entries(cases).map(async ([name, run]) => {
  results[name] = await run().then((result) => ({ threw: null, ...result }), (error) => ({ threw: String(error.stack ?? error) }));
}));
process.stdout.write(`\n${JSON.stringify(results)}\n`, () => process.exit(0));
