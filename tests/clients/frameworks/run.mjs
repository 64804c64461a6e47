// Frameworks as their users have them: LangChain that traces to LangSmith, PostHog's wrapper of the OpenAI client, Vercel's AI SDK 7.
// Only addresses and keys are Bellwether's. Prints one JSON object: how to find what each told.
import { need, withModel } from './model.mjs';

const [url, key] = need('BELLWETHER_URL', 'BELLWETHER_KEY');
Object.assign(process.env, { LANGSMITH_TRACING: 'true', LANGSMITH_ENDPOINT: `${url}/api`, LANGSMITH_API_KEY: key, LANGSMITH_PROJECT: 'frameworks', LANGCHAIN_CALLBACKS_BACKGROUND: 'false' });
const { ChatOpenAI } = await import('@langchain/openai');
const { ChatPromptTemplate } = await import('@langchain/core/prompts');
const { StringOutputParser } = await import('@langchain/core/output_parsers');
const { OpenAI: PostHogOpenAI } = await import('@posthog/ai/openai');
const { PostHog } = await import('posthog-node');

const results = {};
await withModel(async (baseURL) => {
  const runId = crypto.randomUUID();
  const chain = ChatPromptTemplate.fromMessages([['system', 'You know the weather.'], ['user', 'How cold is {city}?']])
    .pipe(new ChatOpenAI({ model: 'gpt-4o-mini', apiKey: 'sk-none', configuration: { baseURL }, maxRetries: 0 }))
    .pipe(new StringOutputParser());
  const said = await chain.invoke({ city: 'Malmö' }, { runId, runName: 'weather-chain', tags: ['framework'], metadata: { session_id: 'lc-session', user_id: 'lc-user' } });
  const { awaitAllCallbacks } = await import('@langchain/core/callbacks/promises');
  await awaitAllCallbacks();
  results.langchain = { run: runId, said };

  const posthog = new PostHog(key, { host: url, flushAt: 100, flushInterval: 0 });
  const openai = new PostHogOpenAI({ apiKey: 'sk-none', baseURL, posthog });
  const answer = await openai.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'How cold is Malmö?' }], posthogDistinctId: 'ph-ai-user', posthogTraceId: 'ph-ai-trace', posthogProperties: { feature: 'weather' } });
  await posthog.shutdown();
  results.posthog = { trace: 'ph-ai-trace', said: answer.choices[0].message.content };
});

console.log(JSON.stringify(results));
