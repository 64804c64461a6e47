// Runs Helicone's logger and Portkey's client against BELLWETHER_URL with BELLWETHER_KEY; prints {"<case>": {…}} on the last line.
import { HeliconeManualLogger } from '@helicone/helpers';
import OpenAI from 'openai';
import Portkey from 'portkey-ai';

const url = process.env.BELLWETHER_URL;
const key = process.env.BELLWETHER_KEY;
const logger = (path) => new HeliconeManualLogger({ apiKey: key, loggingEndpoint: `${url}${path}` });
const bearer = { Authorization: `Bearer ${key}`, 'content-type': 'application/json' };

const cases = {
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

  async log_tool() {
    await logger('').logRequest({ _type: 'tool', toolName: 'weather', input: { city: 'Oslo' } }, async (recorder) => {
      recorder.appendResults({ _type: 'tool', toolName: 'weather', status: 'success', message: 'rain', data: {} });
      return 1;
    }, { 'Helicone-User-Id': 'helicone_log_tool' });
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
      vote: await post('POST', `/v1/request/${id}/feedback`, { rating: true }),
      byAlias: await post('POST', '/v1/request/ticket-77/score', { scores: { helpfulness: 0.5, grounded: true } }),
      legacy: await post('POST', '/v1/feedback', { 'helicone-id': id, rating: false }),
      portkey: await post('POST', '/v1/feedback', { trace_id: 'trace-1', value: 1, weight: 1 }),
      property: await post('PUT', `/v1/request/${id}/property`, { key: 'team', value: 'red' }),
      wrong: await post('POST', `/v1/request/${id}/feedback`, { rating: 'good' }),
      unknown: await post('POST', '/v1/request/nobody/feedback', { rating: true }),
    };
  },

  async portkey() {
    const portkey = new Portkey({ baseURL: `${url}/v1`, apiKey: key, traceID: 'trace-1', metadata: { _user: 'portkey_chat', team: 'blue' } });
    const answer = await portkey.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] });
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
