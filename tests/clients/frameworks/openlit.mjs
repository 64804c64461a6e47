// OpenLIT over the OpenAI client; only the address and the key are Bellwether's.
import Openlit from 'openlit';
import OpenAI from 'openai';
import { trace } from '@opentelemetry/api';
import { need, withModel } from './model.mjs';

const [url, key] = need('BELLWETHER_URL', 'BELLWETHER_KEY');
const openlit = Openlit.default ?? Openlit;
openlit.init({ applicationName: 'openlit-app', environment: 'test', otlpEndpoint: url, otlpHeaders: { Authorization: `Bearer ${key}` }, disableBatch: true, instrumentations: { openai: OpenAI } });
await withModel(async (baseURL) => {
  await trace.getTracer('app').startActiveSpan('openlit-root', async (span) => {
    const answer = await new OpenAI({ apiKey: 'sk-none', baseURL }).chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'How cold is Malmö?' }] });
    span.end();
    console.log(JSON.stringify({ trace: span.spanContext().traceId, said: answer.choices[0].message.content }));
  });
});
