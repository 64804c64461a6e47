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
    // This SDK throws nothing and hands the error over as the data.
    missing: (await langfuse.fetchTrace(randomUUID())).data,
  };
  await langfuse.shutdownAsync();
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
    badOrder: await failure(() => api.trace.list({ orderBy: 'name.asc' })),
    badType: await failure(() => api.observations.getMany({ type: 'COLOUR' })),
    badFilter: await failure(() => api.trace.list({}, { queryParams: { colour: 'red' } })),
    filtered: await failure(() => api.trace.list({ filter: '[]' })),
    unauthorised: await failure(() => new LangfuseClient({ ...keys, secretKey: 'bw-not-a-key-0123456789' }).api.trace.list()),
  };
  return result;
}

const results = {};
for (const [name, run] of Object.entries({ old, newest })) {
  results[name] = await run().then((result) => ({ threw: null, ...result }), (error) => ({ threw: String(error.stack ?? error) }));
}
process.stdout.write(`\n${JSON.stringify(results)}\n`, () => process.exit(0));
