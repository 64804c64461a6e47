// Traceloop's SDK (OpenLLMetry) over the OpenAI client; only the address and the key are Bellwether's.
import * as traceloop from '@traceloop/node-server-sdk';
import OpenAI from 'openai';
import { trace } from '@opentelemetry/api';
import { need, withModel } from './model.mjs';

const [url, key] = need('BELLWETHER_URL', 'BELLWETHER_KEY');
traceloop.initialize({ appName: 'traceloop-app', baseUrl: url, apiKey: key, disableBatch: true, silenceInitializationMessage: true, instrumentModules: { openAI: OpenAI } });
await withModel(async (baseURL) => {
  let id;
  const said = await traceloop.withWorkflow({ name: 'weather', associationProperties: { user_id: 'tl-user', session_id: 'tl-session' } }, async () => {
    id = trace.getActiveSpan().spanContext().traceId;
    const answer = await new OpenAI({ apiKey: 'sk-none', baseURL }).chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'How cold is Malmö?' }] });
    return answer.choices[0].message.content;
  });
  await traceloop.forceFlush();
  console.log(JSON.stringify({ trace: id, said }));
});
