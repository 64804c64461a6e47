// Runs Helicone's logger, Portkey's client and the article's snippet with BELLWETHER_KEY against BELLWETHER_URL, which has the simulated
// provider, and PROVIDER_URL, which has one that takes the application's own key; prints {"<case>": {…}} on the last line.
import { HeliconeManualLogger } from '@helicone/helpers';
import OpenAI from 'openai';
import { Portkey } from 'portkey-ai';

const url = process.env.BELLWETHER_URL;
const withProvider = process.env.PROVIDER_URL;
const key = process.env.BELLWETHER_KEY;
const logger = (path) => new HeliconeManualLogger({ apiKey: key, loggingEndpoint: `${url}${path}` });
const bearer = { Authorization: `Bearer ${key}`, 'content-type': 'application/json' };

const stream = (...chunks) => new ReadableStream({
  start(controller) {
    for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(`${JSON.stringify(chunk)}\n`));
    controller.close();
  },
});

const cases = {
  // The snippet of "AI production monitoring" with only its host changed.
  async article() {
    const user_id = 'helicone_article';
    const client = new OpenAI({
      apiKey: 'sk-of-the-application',
      baseURL: `${withProvider}/v1`,
      defaultHeaders: {
        'Helicone-Auth': `Bearer ${key}`,
        'Helicone-Cache-Enabled': 'true',
        'Helicone-User-Id': user_id,
      },
      maxRetries: 0,
    });
    const { data, response } = await client.chat.completions.create({ model: 'gpt-4', messages: [{ role: 'user', content: 'Hello' }] }).withResponse();
    const header = (name) => response.headers.get(`helicone-${name}`);
    return { text: data.choices[0].message.content, id: header('id'), cache: header('cache'), status: header('status') };
  },

  // The logger of calls that went elsewhere; only its address differs.
  async log() {
    const request = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'a logged question' }] };
    const answer = await logger('/custom/v1/log').logRequest(request, async (recorder) => {
      const result = { id: 'c-1', model: 'gpt-4o-mini', choices: [{ message: { role: 'assistant', content: 'a logged answer' }, finish_reason: 'stop' }], usage: { prompt_tokens: 11, completion_tokens: 5 } };
      recorder.appendResults(result);
      return result;
    }, { 'Helicone-User-Id': 'helicone_log', 'Helicone-Property-Team': 'blue' });
    return { id: answer.id };
  },

  async log_stream() {
    const request = { model: 'gpt-4o-mini', stream: true, messages: [{ role: 'user', content: 'Hello' }] };
    await logger('').logSingleStream(request, stream(
      { id: 'c-2', model: 'gpt-4o-mini', choices: [{ index: 0, delta: { role: 'assistant', content: 'Hello' } }] },
      { id: 'c-2', model: 'gpt-4o-mini', choices: [{ index: 0, delta: { content: ' there' }, finish_reason: 'stop' }] },
      { id: 'c-2', model: 'gpt-4o-mini', choices: [], usage: { prompt_tokens: 7, completion_tokens: 3 } },
    ), { 'Helicone-User-Id': 'helicone_log_stream' });
    return {};
  },

  async log_tool() {
    await logger('').logRequest({ _type: 'tool', toolName: 'weather', input: { city: 'Oslo' } }, async (recorder) => {
      recorder.appendResults({ _type: 'tool', toolName: 'weather', status: 'success', message: 'rain', data: {} });
      return 1;
    }, { 'Helicone-User-Id': 'helicone_log_tool', 'Helicone-Session-Id': 'trip-1', 'Helicone-Session-Path': '/trip/weather' });
    return {};
  },

  // A call through the gateway, then a vote and a score for it, by the id that the answer names.
  async feedback() {
    const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
    const { response } = await openai.chat.completions
      .create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] }, { headers: { 'Helicone-User-Id': 'helicone_feedback', 'Helicone-Request-Id': 'ticket-77' } })
      .withResponse();
    const id = response.headers.get('helicone-id');
    const post = async (method, path, body) => (await fetch(`${url}${path}`, { method, headers: bearer, body: JSON.stringify(body) })).status;
    return {
      id,
      vote: await post('POST', `/v1/request/${id}/feedback`, { rating: true }),
      byAlias: await post('POST', '/v1/request/ticket-77/score', { scores: { helpfulness: 0.5, grounded: true } }),
      legacy: await post('POST', '/v1/feedback', { 'helicone-id': id, rating: false }),
      portkey: await post('POST', '/v1/feedback', { trace_id: 'trace-1', value: 1, weight: 1 }),
      property: await post('PUT', `/v1/request/${id}/property`, { key: 'team', value: 'red' }),
      wrong: await post('POST', `/v1/request/${id}/feedback`, { rating: 'good' }),
      early: await post('POST', '/v1/request/not-yet-here/feedback', { rating: true }),
      unknownProperty: await post('PUT', '/v1/request/nobody/property', { key: 'team', value: 'red' }),
    };
  },

  async portkey() {
    const portkey = new Portkey({ baseURL: `${url}/v1`, apiKey: key, traceID: 'trace-1', metadata: { _user: 'portkey_chat', team: 'blue' } });
    const answer = await portkey.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] });
    return { text: answer.choices[0].message.content };
  },

  async portkey_own_key() {
    const portkey = new Portkey({ baseURL: `${withProvider}/v1`, apiKey: key, provider: 'openai', Authorization: 'Bearer sk-of-the-application', config: { retry: { attempts: 1 } } });
    const answer = await portkey.chat.completions.create({ model: 'gpt-4', messages: [{ role: 'user', content: 'Hello' }] });
    return { text: answer.choices[0].message.content };
  },
};

const results = {};
for (const [name, run] of Object.entries(cases)) {
  try {
    results[name] = { ...(await run()), threw: null };
  } catch (error) {
    results[name] = { threw: String(error?.stack ?? error).slice(0, 600) };
  }
}
console.log(JSON.stringify(results));
