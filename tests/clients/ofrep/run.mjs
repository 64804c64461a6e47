// Asks for feature flags with OpenFeature's SDKs and their OFREP providers, for servers and for browsers, at BELLWETHER_URL with BELLWETHER_KEY.
// Flags are made and changed by the API in between. Prints what an application gets, one JSON object on the last line.
// Needs NODE_OPTIONS=--experimental-eventsource: browsers have an EventSource, Node only with it.
import { OpenFeature } from '@openfeature/server-sdk';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature as WebOpenFeature, ProviderEvents as WebProviderEvents } from '@openfeature/web-sdk';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';

const url = process.env.BELLWETHER_URL;
const key = process.env.BELLWETHER_KEY;
if (!url || !key || typeof EventSource === 'undefined') {
  console.error('BELLWETHER_URL, BELLWETHER_KEY and NODE_OPTIONS=--experimental-eventsource must be set');
  process.exit(2);
}
const results = {};

async function put(name, flag) {
  const response = await fetch(`${url}/api/v1/flags/${name}`, { method: 'PUT', headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }, body: JSON.stringify(flag) });
  if (!response.ok) { throw new Error(`${name}: ${response.status} ${await response.text()}`); }
}
const half = [{ variant: 'on', weight: 5000 }, { variant: 'off', weight: 5000 }];

await put('new-checkout', { type: 'boolean', rules: [{ when: [{ attribute: 'plan', operator: 'eq', value: 'pro' }], variant: 'on' }] });
await put('team/a/greeting', { type: 'string', variants: { formal: 'Good day', short: 'Hi' }, default: 'formal' });
await put('limit', { type: 'number', variants: { low: 2.5, high: 100 }, default: 'low' });
await put('theme', { type: 'object', variants: { dark: { colours: ['black', 'grey'], contrast: 7 } }, default: 'dark' });
await put('half', { type: 'boolean', split: half, salt: 'exp-a' });
await put('disabled', { type: 'boolean', enabled: false, default: 'on' });

// --- Servers ---
const facts = ({ value, variant, reason, errorCode, flagMetadata }) => ({ value, variant, reason, errorCode, version: flagMetadata?.version });
const server = async (options) => {
  await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: url, ...options }));
  return OpenFeature.getClient();
};
const client = await server({ headers: [['Authorization', `Bearer ${key}`]] });
results.server = {
  targeted: facts(await client.getBooleanDetails('new-checkout', false, { targetingKey: 'user-1', plan: 'pro' })),
  others: facts(await client.getBooleanDetails('new-checkout', true, { targetingKey: 'user-1', plan: 'free' })),
  slash: facts(await client.getStringDetails('team/a/greeting', 'none', {})),
  number: facts(await client.getNumberDetails('limit', 0, {})),
  object: facts(await client.getObjectDetails('theme', {}, {})),
  disabled: facts(await client.getBooleanDetails('disabled', true, {})),
  // exp-a: user-1 is in bucket 9185, user-2 in 3673.
  outside: facts(await client.getBooleanDetails('half', false, { targetingKey: 'user-1' })),
  inside: facts(await client.getBooleanDetails('half', false, { targetingKey: 'user-2' })),
  nobody: facts(await client.getBooleanDetails('half', true, {})),
  missing: facts(await client.getBooleanDetails('no/such', true, {})),
  mismatch: facts(await client.getBooleanDetails('limit', true, {})),
};
const withKey = await server({ headers: [['X-API-Key', key]] });
results.server.encoded = (await (await fetch(`${url}/ofrep/v1/evaluate/flags/team%2Fa%2fgreeting`, { method: 'POST', headers: { 'X-API-Key': key }, body: '{}' })).json()).value;
results.server.byHeader = facts(await withKey.getNumberDetails('limit', 0, {}));
const stranger = await server({ headers: [['Authorization', 'Bearer bw-nobody-000000000000000']] });
results.server.stranger = facts(await stranger.getNumberDetails('limit', 7, {}));
const again = await server({ headers: [['Authorization', `Bearer ${key}`]] });
await put('limit', { type: 'number', variants: { low: 2.5, high: 100 }, default: 'high' });
results.server.changed = facts(await again.getNumberDetails('limit', 0, {}));
await OpenFeature.close();

// --- Browsers ---
// What the provider sends and gets, beside what the application sees.
async function page(name, options, context, steps) {
  const traffic = [];
  const spy = async (request, init) => {
    const response = await fetch(request, init);
    traffic.push({ ifNoneMatch: request.headers.get('if-none-match'), status: response.status, etag: response.headers.get('etag'), path: new URL(request.url).search });
    return response;
  };
  await WebOpenFeature.setContext(name, context);
  await WebOpenFeature.setProviderAndWait(name, new OFREPWebProvider({ baseUrl: url, headers: [['X-API-Key', key]], cacheMode: 'disabled', fetchImplementation: spy, ...options }));
  const pageClient = WebOpenFeature.getClient(name);
  const changes = [];
  const waiting = [];
  pageClient.addHandler(WebProviderEvents.ConfigurationChanged, (event) => {
    changes.push(event.flagsChanged);
    waiting.splice(0).forEach((go) => go());
  });
  const nextChange = () => new Promise((resolve) => { waiting.push(resolve); });
  const requests = (count) => until(() => traffic.length >= count);
  results[name] = { ...await steps(pageClient, { nextChange, requests, traffic }), changes, traffic };
}
async function until(holds) {
  while (!holds()) { await new Promise((resolve) => setTimeout(resolve, 20)); }
}

await page('polling', { changeDetection: 'polling', pollInterval: 150 }, { targetingKey: 'user-2', plan: 'pro' }, async (web, { nextChange, requests }) => {
  const seen = {
    targeted: facts(web.getBooleanDetails('new-checkout', false)),
    slash: facts(web.getStringDetails('team/a/greeting', 'none')),
    object: facts(web.getObjectDetails('theme', {})),
    inside: facts(web.getBooleanDetails('half', false)),
    disabled: facts(web.getBooleanDetails('disabled', true)),
    missing: facts(web.getBooleanDetails('no/such', true)),
  };
  await requests(3);
  const changed = nextChange();
  await put('team/a/greeting', { type: 'string', variants: { formal: 'Good day', short: 'Hi' }, default: 'short' });
  await changed;
  seen.after = facts(web.getStringDetails('team/a/greeting', 'none'));
  await WebOpenFeature.setContext('polling', { targetingKey: 'user-1', plan: 'free' });
  seen.someoneElse = { targeted: facts(web.getBooleanDetails('new-checkout', true)), half: facts(web.getBooleanDetails('half', true)) };
  return seen;
});
await page('streaming', {}, { targetingKey: 'user-1' }, async (web, { nextChange }) => {
  const seen = { before: facts(web.getBooleanDetails('half', true)) };
  const changed = nextChange();
  await put('half', { type: 'boolean', split: [{ variant: 'on', weight: 9500 }, { variant: 'off', weight: 500 }] });
  await changed;
  seen.after = facts(web.getBooleanDetails('half', false));
  return seen;
});
await page('nobody', {}, {}, async (web) => ({ half: facts(web.getBooleanDetails('half', true)), limit: facts(web.getNumberDetails('limit', 0)) }));
try {
  await WebOpenFeature.setProviderAndWait('stranger', new OFREPWebProvider({ baseUrl: url, headers: [['X-API-Key', 'bw-nobody-000000000000000']], cacheMode: 'disabled' }));
  results.stranger = { ready: true };
} catch (error) {
  results.stranger = { error: error.code ?? error.name };
}
await WebOpenFeature.close();
console.log(JSON.stringify(results));
process.exit(0);
