// Sends traces with Langfuse's SDKs of both generations to BELLWETHER_URL with BELLWETHER_KEY and reads them back with them.
// Prints {"<case>": …} as JSON on the last line; the test beside it looks at what came back.
import { randomUUID } from 'node:crypto';
import { Langfuse } from 'langfuse';
import { LangfuseClient } from '@langfuse/client';
import { LangfuseSpanProcessor } from '@langfuse/otel';
import { setLangfuseTracerProvider, startObservation } from '@langfuse/tracing';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';

const url = process.env.BELLWETHER_URL;
const key = process.env.BELLWETHER_KEY;
if (!url || !key) {
  console.error('BELLWETHER_URL and BELLWETHER_KEY must be set');
  process.exit(2);
}
console.log = console.error;

const keys = { publicKey: 'pk-lf-any', secretKey: key, baseUrl: url };
const start = new Date(Date.now() - 60_000);
const after = (ms) => new Date(start.getTime() + ms);
const failure = (call) => call().then(() => null, (error) => ({ name: error?.constructor?.name, status: error?.statusCode ?? error?.response?.status ?? null, text: JSON.stringify(error?.body ?? String(error)) }));
const named = (items) => items.map((item) => item.name).sort();

// The older SDK: batches in, fetchTraces and its kin out.
async function old() {
  const sender = new Langfuse({ ...keys, fetchRetryDelay: 200 });
  const sent = [];
  for (let i = 0; i < 5; i++) {
    const trace = sender.trace({
      id: randomUUID(), name: i % 2 ? 'odd' : 'even', userId: 'old-user', sessionId: `old-session-${i % 2}`, tags: i === 4 ? ['last', 'eu'] : ['eu'], release: 'r1', version: 'v1',
      metadata: { at: i }, input: { question: `What is ${i}?` }, timestamp: after(i * 1_000),
    });
    const span = trace.span({ name: 'answer', startTime: after(i * 1_000) });
    const generation = span.generation({
      name: 'ask', startTime: after(i * 1_000 + 100), completionStartTime: after(i * 1_000 + 200), model: 'gpt-4o-mini', modelParameters: { temperature: 0.5 },
      input: [{ role: 'user', content: `What is ${i}?` }], prompt: { name: 'asking', version: 2, isFallback: false },
    });
    generation.update({ output: 'A number', endTime: after(i * 1_000 + 600), usageDetails: { input: 1000, output: 500, total: 1500 } });
    span.update({ endTime: after(i * 1_000 + 700), level: i === 3 ? 'ERROR' : 'DEFAULT', statusMessage: i === 3 ? 'it broke' : undefined });
    trace.event({ name: 'shown', startTime: after(i * 1_000 + 800), level: 'WARNING' });
    trace.update({ output: { answer: i } });
    trace.score({ name: 'helpful', value: 1, comment: 'fine' });
    trace.score({ name: 'right', value: i % 2, dataType: 'BOOLEAN' });
    generation.score({ name: 'accuracy', value: i / 4 });
    sent.push({ trace: trace.id, span: span.id, generation: generation.id });
  }
  // Batches that the SDK sent by itself are waited for at its end only.
  await sender.shutdownAsync();

  const langfuse = new Langfuse(keys);
  const user = { userId: 'old-user' };
  const first = await langfuse.fetchTraces({ ...user, limit: 2 });
  const third = await langfuse.fetchTraces({ ...user, limit: 2, page: 3 });
  const result = {
    sent,
    first: first.data, meta: first.meta, third: third.data.map((trace) => trace.id), thirdMeta: third.meta,
    odd: (await langfuse.fetchTraces({ ...user, name: 'odd' })).data.map((trace) => trace.id),
    last: (await langfuse.fetchTraces({ ...user, tags: ['last', 'eu'] })).data.map((trace) => trace.id),
    none: (await langfuse.fetchTraces({ ...user, tags: 'las' })).meta.totalItems,
    ofSession: (await langfuse.fetchTraces({ sessionId: 'old-session-1' })).meta.totalItems,
    from: (await langfuse.fetchTraces({ ...user, fromTimestamp: after(2_500) })).meta.totalItems,
    to: (await langfuse.fetchTraces({ ...user, toTimestamp: after(2_500) })).meta.totalItems,
    trace: (await langfuse.fetchTrace(sent[0].trace)).data,
    observations: (await langfuse.fetchObservations({ ...user, limit: 100 })).meta.totalItems,
    generations: (await langfuse.fetchObservations({ ...user, type: 'GENERATION' })).data,
    spans: (await langfuse.fetchObservations({ ...user, type: 'SPAN' })).meta.totalItems,
    events: named((await langfuse.fetchObservations({ traceId: sent[1].trace, type: 'EVENT' })).data),
    inside: named((await langfuse.fetchObservations({ traceId: sent[1].trace })).data),
    children: named((await langfuse.fetchObservations({ parentObservationId: sent[1].span })).data),
    observation: (await langfuse.fetchObservation(sent[2].generation)).data,
    broken: (await langfuse.fetchObservation(sent[3].span)).data,
    sessions: (await langfuse.fetchSessions({ limit: 100 })).data.filter((session) => session.id.startsWith('old-session')),
    // Its types know no filter; its address does.
    filtered: (await langfuse.fetchTraces({ ...user, orderBy: 'name.asc', filter: JSON.stringify([{ type: 'stringOptions', column: 'name', operator: 'any of', value: ['even', 'odd'] }, { type: 'arrayOptions', column: 'tags', operator: 'none of', value: ['last'] }]) })).data.map((trace) => trace.name),
    // This SDK throws nothing and hands the error over as the data.
    missing: (await langfuse.fetchTrace(randomUUID())).data,
  };
  await langfuse.shutdownAsync();
  return result;
}

const conditions = (...items) => JSON.stringify(items.map(([type, column, operator, value, key]) => ({ type, column, operator, value, key })));

// The parameter filter and the orders, over what the older SDK sent: traces 0 to 4, each with answer, ask and shown.
async function filters() {
  const { api } = new LangfuseClient(keys);
  const mine = ['string', 'userId', '=', 'old-user'];
  const traces = async (...items) => (await api.trace.list({ filter: conditions(mine, ...items), fields: 'core,io', limit: 100 })).data.map((trace) => trace.metadata?.at).sort();
  const steps = async (...items) => named((await api.observations.getMany({ filter: conditions(mine, ...items), limit: 100 })).data).join(' ');
  const ordered = async (orderBy, more = {}) => (await api.trace.list({ userId: 'old-user', orderBy, fields: 'core,io', ...more })).data.map((trace) => trace.metadata.at);
  const all = (await api.trace.list({ userId: 'old-user', fields: 'core,io', limit: 100 })).data;
  const questions = {
    all: [], id: ['string', 'id', '=', all.find((trace) => trace.metadata.at === 3).id], name: ['string', 'name', '=', 'odd'], names: ['stringOptions', 'name', 'any of', ['odd', 'x']],
    notNames: ['stringOptions', 'name', 'none of', ['odd']], contains: ['string', 'name', 'contains', 'ven'], without: ['string', 'name', 'does not contain', 'ven'], starts: ['string', 'name', 'starts with', 'o'],
    ends: ['string', 'name', 'ends with', 'n'], session: ['string', 'sessionId', '=', 'old-session-1'], from: ['datetime', 'timestamp', '>=', after(3_000).toISOString()],
    after: ['datetime', 'timestamp', '>', after(3_000).toISOString()], until: ['datetime', 'timestamp', '<=', after(3_000).toISOString()], before: ['datetime', 'timestamp', '<', after(3_000).toISOString()],
    tags: ['arrayOptions', 'tags', 'all of', ['last', 'eu']], anyTag: ['arrayOptions', 'tags', 'any of', ['last', 'x']], noTag: ['arrayOptions', 'tags', 'none of', ['last']],
    key: ['numberObject', 'metadata', '>=', 3, 'at'], keyText: ['stringObject', 'metadata', '=', '2', 'at'], keyOptions: ['categoryOptions', 'metadata', 'any of', ['0', '1'], 'at'],
    cost: ['number', 'totalCost', '>', 0.0004], cheap: ['number', 'totalCost', '<', 0.0004], tokens: ['number', 'totalTokens', '=', 1500], latency: ['number', 'latency', '>=', 0.8],
    failed: ['string', 'level', '=', 'ERROR'], errors: ['number', 'errorCount', '>=', 1], warned: ['number', 'warningCount', '=', 1],
    rated: ['numberObject', 'scores_avg', '>', 0.5, 'accuracy'], right: ['booleanObject', 'score_booleans', '=', true, 'right'], notRight: ['booleanObject', 'score_booleans', '<>', true, 'right'],
    release: ['stringOptions', 'release', 'any of', ['r1']], noRelease: ['null', 'release', 'is null'], environment: ['stringOptions', 'environment', 'any of', ['default']],
    elsewhere: ['stringOptions', 'environment', 'none of', ['default']], bookmarked: ['boolean', 'bookmarked', '=', true],
  };
  const asked = {};
  for (const [name, question] of Object.entries(questions)) {
    asked[name] = (await traces(...(question.length ? [question] : []))).join('');
  }
  const stepQuestions = {
    type: [['string', 'type', '=', 'GENERATION']], types: [['stringOptions', 'type', 'any of', ['EVENT', 'SPAN']], ['datetime', 'startTime', '<', after(900).toISOString()]],
    failed: [['string', 'level', '=', 'ERROR']], message: [['string', 'statusMessage', 'contains', 'broke']], model: [['string', 'model', '=', 'gpt-4o-mini'], ['number', 'inputTokens', '>=', 1000], ['datetime', 'startTime', '>=', after(4_000).toISOString()]],
    slow: [['number', 'latency', '>', 0.6]], first: [['number', 'timeToFirstToken', '<=', 0.1], ['string', 'promptName', '=', 'asking'], ['number', 'promptVersion', '=', 2], ['string', 'traceName', '=', 'even']],
    said: [['string', 'input', 'matches', 'what is 4']], roots: [['boolean', 'isRootObservation', '=', true], ['string', 'name', 'starts with', 'an']], tagged: [['arrayOptions', 'traceTags', 'any of', ['last']]],
    none: [['null', 'endTime', 'is null'], ['string', 'type', '=', 'GENERATION']],
  };
  const found = {};
  for (const [name, question] of Object.entries(stepQuestions)) {
    found[name] = await steps(...question);
  }
  const paged = [];
  for (let cursor; ;) {
    const page = await api.observations.getMany({ filter: conditions(mine, ['string', 'level', '=', 'WARNING']), limit: 2, cursor });
    paged.push(...page.data.map((step) => step.id));
    cursor = page.meta.cursor;
    if (!cursor) {
      break;
    }
  }
  return {
    asked, found, paged: [paged.length, new Set(paged).size],
    total: (await api.trace.list({ filter: conditions(mine, ['string', 'name', 'starts with', 'e']), limit: 2, page: 2 })).meta,
    // A condition takes the place of the parameter on the same, and of no other.
    instead: (await api.trace.list({ userId: 'nobody', name: 'odd', filter: conditions(mine), fields: 'core' })).meta.totalItems,
    v1: (await api.legacy.observationsV1.getMany({ filter: conditions(mine, ['string', 'level', '=', 'WARNING']), limit: 2 })).meta,
    orders: { up: await ordered('timestamp.asc'), names: await ordered('name.asc'), sessions: await ordered('sessionId.desc'), second: await ordered('timestamp.asc', { limit: 2, page: 2 }), ids: (await ordered('id.asc')).length },
  };
}

// Prompts with versions and labels, text and chat, by both SDKs.
async function prompts() {
  const langfuse = new Langfuse(keys);
  const client = new LangfuseClient(keys);
  const fresh = { cacheTtlSeconds: 0, maxRetries: 0 };
  const name = 'folder/greeting & more';
  const first = await langfuse.createPrompt({ name, prompt: 'Hello {{who}}', config: { temperature: 0.2 }, labels: ['production'], tags: ['greets'], commitMessage: 'the first' });
  const second = await langfuse.createPrompt({ name, prompt: 'Good day {{who}}', isActive: false, labels: ['staging'] });
  const version = async (options, number) => { const prompt = await langfuse.getPrompt(name, number, { ...fresh, ...options }); return [prompt.version, prompt.prompt, prompt.labels]; };
  const result = {
    made: [first.version, second.version], unlabelled: await version(), latest: await version({ label: 'latest' }), staging: await version({ label: 'staging' }), byNumber: await version({}, 1),
    compiled: (await langfuse.getPrompt(name, undefined, fresh)).compile({ who: 'Ada' }), config: (await langfuse.getPrompt(name, undefined, fresh)).config,
  };
  const updated = await langfuse.updatePrompt({ name, version: 2, newLabels: ['production', 'eu'] });
  Object.assign(result, { updated: updated.labels, moved: await version(), before: await version({}, 1) });
  const chat = await client.prompt.create({
    name: 'chatting', type: 'chat', prompt: [{ role: 'system', content: 'You are {{kind}}.' }, { type: 'placeholder', name: 'history' }, { role: 'user', content: '{{question}}' }], labels: ['production'], config: { model: 'gpt-4o-mini' },
  });
  const read = await client.prompt.get('chatting', { type: 'chat', ...fresh });
  Object.assign(result, {
    chat: [chat.version, read.type, read.compile({ kind: 'kind', question: 'Why?' }, { history: [{ role: 'user', content: 'Hi' }] })], oldChat: (await langfuse.getPrompt('chatting', undefined, { type: 'chat', ...fresh })).compile({ kind: 'old', question: 'How?' }).map((item) => item.content ?? item.name),
    list: await client.api.prompts.list({}), ofLabel: (await client.api.prompts.list({ label: 'eu' })).data.map((item) => item.name), ofTag: (await client.api.prompts.list({ tag: 'greets', limit: 1 })).meta,
    raw: await client.api.prompts.get('chatting', { version: 1 }), newUpdate: (await client.prompt.update({ name: 'chatting', version: 1, newLabels: ['fine'] })).labels,
    missing: await failure(() => client.api.prompts.get('nothing')), noLabel: await failure(() => client.api.prompts.get(name, { label: 'not there' })), noVersion: await failure(() => client.api.prompts.get(name, { version: 9 })),
    fallback: (await langfuse.getPrompt('nothing', undefined, { ...fresh, fallback: 'as before' })).prompt,
    otherType: await failure(() => client.api.prompts.create({ name, type: 'chat', prompt: [] })), badMessage: await failure(() => client.api.prompts.create({ name: 'bad', type: 'chat', prompt: [{ role: 'user' }] })),
    badLabel: await failure(() => client.api.prompts.create({ name: 'bad', type: 'text', prompt: 'x', labels: ['Not Small'] })), latestLabel: await failure(() => client.api.promptVersion.update(name, 1, { newLabels: ['latest'] })),
    inside: await failure(() => client.api.prompts.create({ name: 'bad', type: 'text', prompt: 'x @@@langfusePrompt:name=a|version=1@@@' })), unknownVersion: await failure(() => client.api.promptVersion.update(name, 9, { newLabels: ['x'] })),
  });
  const racing = await Promise.all(Array.from({ length: 8 }, (_, i) => client.api.prompts.create({ name: 'raced', type: 'text', prompt: `take ${i}`, labels: ['production'] })));
  result.raced = racing.map((prompt) => prompt.version).sort();
  result.racedLabels = (await client.api.prompts.list({ name: 'raced', label: 'production' })).data[0].versions.length;
  await client.prompt.delete(name, { version: 2 });
  result.afterVersion = [await version({}, 1), await failure(() => client.api.prompts.get(name, { label: 'production' }))];
  await client.prompt.delete(name);
  result.gone = await failure(() => client.api.prompts.get(name, { version: 1 }));
  return result;
}

// The newest: OpenTelemetry in, the generated API out.
async function newest() {
  const processor = new LangfuseSpanProcessor({ ...keys, environment: 'staging' });
  const tracing = new BasicTracerProvider({ spanProcessors: [processor] });
  setLangfuseTracerProvider(tracing);
  const root = startObservation('new chain', { input: { question: 'Hi' }, metadata: { team: 'search' } });
  root.otelSpan.setAttributes({ 'user.id': 'new-user', 'session.id': 'new-session', 'langfuse.trace.name': 'named trace', 'langfuse.trace.tags': ['nightly'] });
  const call = root.startObservation('answer', {
    model: 'gpt-4o-mini', input: [{ role: 'user', content: 'Hi' }], output: { role: 'assistant', content: 'Hello' }, usageDetails: { input: 1000, output: 500, total: 1500 },
  }, { asType: 'generation' });
  call.end();
  const check = root.startObservation('check', { level: 'WARNING', statusMessage: 'hm' }, { asType: 'guardrail' });
  check.end();
  root.update({ output: { answer: 'Hello' } });
  root.end();
  await tracing.shutdown();

  const client = new LangfuseClient(keys);
  client.score.create({ traceId: root.traceId, observationId: call.id, name: 'accuracy', value: 0.75, comment: 'close' });
  client.score.create({ traceId: root.traceId, name: 'tone', value: 'dry', dataType: 'CATEGORICAL' });
  client.score.create({ traceId: root.traceId, name: 'right', value: 1, dataType: 'BOOLEAN' });
  client.score.create({ sessionId: 'new-session', name: 'mood', value: 0.25 });
  await client.flush();

  const { api } = client;
  const traceId = root.traceId;
  const page = await api.observations.getMany({ traceId, limit: 2 });
  const scores = await api.scores.getMany({ traceId });
  const result = {
    traceId, root: root.id, call: call.id,
    url: await client.getTraceUrl(traceId),
    project: (await api.projects.get()).data,
    health: await api.health.health(),
    listed: (await api.trace.list({ userId: 'new-user' })).data,
    core: (await api.trace.list({ userId: 'new-user', fields: 'core' })).data,
    staging: (await api.trace.list({ userId: 'new-user', environment: ['staging', 'x'] })).meta,
    elsewhere: (await api.trace.list({ userId: 'new-user', environment: 'default' })).meta,
    trace: await api.trace.get(traceId),
    v1: (await api.legacy.observationsV1.getMany({ traceId })).data,
    one: await api.legacy.observationsV1.get(call.id),
    page, next: await api.observations.getMany({ traceId, limit: 2, cursor: page.meta.cursor }),
    full: (await api.observations.getMany({ traceId, type: 'GENERATION', fields: 'core,basic,time,io,metadata,model,usage,prompt,metrics,trace_context' })).data,
    warned: named((await api.observations.getMany({ traceId, level: 'WARNING' })).data),
    roots: named((await api.observations.getMany({ traceId, isRootObservation: true })).data),
    guardrails: named((await api.observations.getMany({ traceId, type: 'GUARDRAIL' })).data),
    session: await api.sessions.get('new-session'),
    sessions: await api.sessions.list({ environment: 'staging' }),
    scores, score: await api.scores.getById(scores.data[0].id),
    dry: named((await api.scores.getMany({ traceId, dataType: 'CATEGORICAL' })).data),
    high: named((await api.scores.getMany({ traceId, operator: '>', value: 0.5 })).data),
    ofCall: named((await api.scores.getMany({ observationId: call.id })).data),
    ofSession: (await api.scores.getMany({ sessionId: 'new-session', fields: 'score' })).data,
    scoresV3: (await api.scoresV3.getManyV3({ traceId, fields: 'details,subject,annotation' })).data,
    missing: await failure(() => api.trace.get('0'.repeat(31) + '1')),
    badLimit: await failure(() => api.trace.list({ limit: 1000 })),
    badTime: await failure(() => api.trace.list({ fromTimestamp: 'yesterday' })),
    badOrder: await failure(() => api.trace.list({ orderBy: 'colour.asc' })),
    booleans: (await api.scores.getMany({ traceId, dataType: 'BOOLEAN' })).data,
    badType: await failure(() => api.observations.getMany({ type: 'COLOUR' })),
    badFilter: await failure(() => api.trace.list({}, { queryParams: { colour: 'red' } })),
    badColumn: await failure(() => api.trace.list({ filter: conditions(['string', 'colour', '=', 'red']) })),
    badOperator: await failure(() => api.observations.getMany({ filter: conditions(['number', 'latency', 'contains', 1]) })),
    unauthorised: await failure(() => new LangfuseClient({ ...keys, secretKey: 'bw-not-a-key-0123456789' }).api.trace.list()),
  };
  return result;
}

// Datasets of both SDKs, linked runs of the older one and an experiment of the newer.
async function datasets() {
  const sender = new Langfuse(keys);
  const made = await sender.createDataset({ name: 'old set/1', description: 'questions', metadata: { owner: 'ann' } });
  await sender.createDatasetItem({ datasetName: 'old set/1', input: { q: 1 }, expectedOutput: { a: 2 }, metadata: { level: 'easy' } });
  await sender.createDatasetItem({ datasetName: 'old set/1', id: 'own id', input: 'only words' });
  const set = await sender.getDataset('old set/1', { fetchItemsPageSize: 1 });
  const trace = sender.trace({ name: 'run of a set' });
  for (const item of set.items) {
    await item.link(trace, 'run one', { description: 'first', metadata: { k: 1 } });
  }
  const run = await sender.getDatasetRun({ datasetName: 'old set/1', runName: 'run one' });
  const result = {
    old: { made: made.name, owner: set.metadata.owner, items: set.items.map((item) => [item.id === 'own id' ? item.id : 'made', JSON.stringify(item.input), JSON.stringify(item.expectedOutput)].join(' ')).sort(),
      item: (await sender.getDatasetItem('own id')).input, runs: named((await sender.getDatasetRuns('old set/1')).data), linked: run.datasetRunItems.map((item) => item.traceId === trace.id), k: run.metadata.k },
  };
  await sender.shutdownAsync();

  const client = new LangfuseClient(keys);
  const { api } = client;
  const fresh = await api.datasets.create({ name: 'new set' });
  for (const [id, q] of [['a/b', 'x'], ['c', 'yy']]) {
    await api.datasetItems.create({ datasetName: 'new set', id, input: { q }, expectedOutput: q });
  }
  const ran = await (await client.dataset.get('new set')).runExperiment({ name: 'lengths', task: async ({ input }) => input.q.length, evaluators: [async ({ output }) => ({ name: 'length', value: output })] });
  const items = await api.datasetRunItems.list({ datasetId: fresh.id, runName: ran.runName });
  result.newest = {
    listed: named((await api.datasets.list()).data).filter((name) => name.endsWith('set') || name.startsWith('old set')), outputs: ran.itemResults.map((item) => item.output).sort(),
    sameRun: items.data.every((item) => item.datasetRunId === ran.datasetRunId), ran: items.data.map((item) => item.datasetItemId).sort(), total: items.meta.totalItems,
    deleted: [(await api.datasetItems.delete('a/b')).message, (await api.datasets.deleteRun('new set', ran.runName)).message],
    missing: await failure(() => api.datasets.get('nothing')), gone: await failure(() => api.datasetItems.get('a/b')),
  };
  return result;
}

const results = {};
for (const [name, run] of Object.entries({ old, newest, filters, prompts, datasets })) {
  results[name] = await run().then((result) => ({ threw: null, ...result }), (error) => ({ threw: String(error.stack ?? error) }));
}
process.stdout.write(`\n${JSON.stringify(results)}\n`, () => process.exit(0));
