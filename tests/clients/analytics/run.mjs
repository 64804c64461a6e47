// Runs the real packages posthog-node and mixpanel against a server. Prints one JSON object: what a program's author sees.
import http from 'node:http';
import Mixpanel from 'mixpanel';
import { PostHog } from 'posthog-node';

const url = new URL(process.env.BELLWETHER_URL);
const key = process.env.BELLWETHER_KEY;
const results = {};

async function posthog(host, apiKey, run) {
  const errors = [];
  const client = new PostHog(apiKey, { host, flushAt: 100, flushInterval: 0, fetchRetryDelay: 50, fetchRetryCount: 3 });
  client.on('error', (error) => errors.push(String(error)));
  run(client);
  await client.shutdown();
  return { errors };
}

const generation = (trace, span) => ({
  distinctId: 'user-1', event: '$ai_generation', groups: { company: 'acme' },
  properties: {
    $ai_trace_id: trace, $ai_span_id: span, $ai_parent_id: 'agent-' + trace, $ai_session_id: 'session-1', $ai_span_name: span,
    $ai_provider: 'openai', $ai_model: 'gpt-4o-mini', $ai_latency: 1.25, $ai_http_status: 200,
    $ai_input: [{ role: 'user', content: 'Why is the sky blue? 🌤' }],
    $ai_output_choices: [{ role: 'assistant', content: [{ type: 'text', text: 'Rayleigh scattering.' }] }],
    $ai_input_tokens: 1000, $ai_output_tokens: 200,
  },
});

results.batch = await posthog(url.origin, key, (client) => {
  client.capture(generation('ph-trace', 'ph-call'));
  client.capture({ distinctId: 'user-1', event: '$ai_span', properties: { $ai_trace_id: 'ph-trace', $ai_span_id: 'agent-ph-trace', $ai_span_name: 'ph-agent', $ai_span_type: 'agent', $ai_latency: 2 } });
  client.capture({ distinctId: 'user-1', event: '$ai_trace', properties: { $ai_trace_id: 'ph-trace', $ai_span_name: 'ph-root', $ai_latency: 2.5 } });
  client.capture({ distinctId: 'user-1', event: '$ai_metric', properties: { $ai_trace_id: 'ph-trace', $ai_metric_name: 'relevance', $ai_metric_value: '0.9' } });
  client.capture({ distinctId: 'user-1', event: '$ai_feedback', properties: { $ai_trace_id: 'ph-trace', $ai_feedback_text: 'clear' } });
  client.capture({ distinctId: 'user-1', event: 'page viewed', properties: { path: '/' } });
});

// The same through a proxy that answers the first request 503 itself.
let refused = 0;
const encodings = [];
const proxy = http.createServer((request, response) => {
  encodings.push(request.headers['content-encoding'] ?? '');
  if (refused === 0) {
    refused++;
    request.resume();
    response.writeHead(503, { 'retry-after': '1' }).end('{}');
    return;
  }
  request.pipe(http.request({ host: url.hostname, port: url.port, method: request.method, path: request.url, headers: request.headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  }));
}).listen(0, '127.0.0.1');
await new Promise((resolve) => proxy.on('listening', resolve));
results.after503 = await posthog(`http://127.0.0.1:${proxy.address().port}`, key, (client) => client.capture(generation('ph-again', 'ph-call-again')));
results.after503.refused = refused;
results.after503.encodings = encodings;
proxy.closeAllConnections();
proxy.close();

results.ai = await posthog(url.origin, key, (client) => client.captureAi(generation('ph-ai', 'ph-call-ai')));

// Feature flags, made by the API before they are asked for.
const put = async (name, flag) => {
  const response = await fetch(`${url.origin}/api/v1/flags/${name}`, { method: 'PUT', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: JSON.stringify(flag) });
  if (!response.ok) { throw new Error(`${name}: ${response.status} ${await response.text()}`); }
};
await put('ph-pro', { type: 'boolean', rules: [{ when: [{ attribute: 'plan', operator: 'eq', value: 'pro' }], variant: 'on' }] });
await put('ph-arms', { type: 'object', variants: { a: { size: 1 }, b: { size: 2 } }, default: 'a', salt: 'exp-a', split: [{ variant: 'a', weight: 5000 }, { variant: 'b', weight: 5000 }] });
await put('ph-disabled', { type: 'string', variants: { x: 'y' }, default: 'x', enabled: false });
const flags = new PostHog(key, { host: url.origin, flushAt: 100, flushInterval: 0 });
const pro = { personProperties: { plan: 'pro' } };
results.flags = {
  pro: await flags.isFeatureEnabled('ph-pro', 'user-1', pro),
  free: await flags.isFeatureEnabled('ph-pro', 'user-1'),
  first: await flags.getFeatureFlag('ph-arms', 'user-2'),
  second: await flags.getFeatureFlag('ph-arms', 'user-1'),
  payload: await flags.getFeatureFlagPayload('ph-arms', 'user-1'),
  disabled: await flags.isFeatureEnabled('ph-disabled', 'user-1'),
  all: await flags.getAllFlags('user-1', pro),
};
await flags.shutdown();

results.wrongKey = await posthog(url.origin, 'phc_unknown', (client) => client.capture(generation('ph-wrong', 'ph-call-wrong')));

const place = { protocol: 'http', host: `${url.hostname}:${url.port}`, geolocate: false };
const mixpanel = Mixpanel.init(key, place);
const call = (name) => ({ distinct_id: 'user-2', model: 'gpt-4o-mini', provider: 'openai', input_tokens: 1000, output_tokens: 200, latency: 1.5, name, note: '>>>???' });
const said = (error) => (error ? String(error) : '');
results.track = await new Promise((resolve) => mixpanel.track('Answered', call('mp-single'), (error) => resolve(said(error))));
results.trackBatch = await new Promise((resolve) => mixpanel.track_batch(
  [{ event: 'Answered', properties: call('mp-one') }, { event: 'Answered', properties: call('mp-two') }, { event: 'Opened', properties: { distinct_id: 'user-2' } }],
  (errors) => resolve((errors ?? []).map(said).join())));
results.import = await new Promise((resolve) => Mixpanel.init(key, { ...place, key }).import('Answered', Math.floor(Date.now() / 1000) - 60, call('mp-import'), (error) => resolve(said(error))));
results.people = await new Promise((resolve) => mixpanel.people.set('user-2', { plan: 'pro' }, (error) => resolve(said(error))));

console.log(JSON.stringify(results));
