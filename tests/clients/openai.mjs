import OpenAI, { AzureOpenAI } from 'openai';

const ask = (content) => [{ role: 'user', content }];
const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Current weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};
const client = ({ url, key }, options = {}) => new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0, ...options });

export const openaiCases = {
  async openai_chat(to) {
    const answer = await client(to).chat.completions.create(
      { model: 'gpt-4o-mini', messages: ask('How do refunds work?') }, { headers: to.tag });
    return {
      text: answer.choices[0].message.content, model: answer.model, finish: answer.choices[0].finish_reason,
      usage: answer.usage, requestId: answer._request_id, id: answer.id,
    };
  },

  async openai_chat_stream(to) {
    const stream = await client(to).chat.completions.create(
      { model: 'gpt-4o-mini', stream: true, messages: ask('How do refunds work?') }, { headers: to.tag });
    let text = '', chunks = 0, usage = null, withoutChoices = 0, finish = null;
    for await (const chunk of stream) {
      chunks++;
      if (chunk.choices.length === 0) withoutChoices++;
      text += chunk.choices[0]?.delta?.content ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
    return { text, chunks, usage, withoutChoices, finish };
  },

  async openai_chat_stream_usage(to) {
    const stream = await client(to).chat.completions.create(
      { model: 'gpt-4o-mini', stream: true, stream_options: { include_usage: true }, messages: ask('How do refunds work?') }, { headers: to.tag });
    let usage = null, withoutChoices = 0;
    for await (const chunk of stream) {
      if (chunk.choices.length === 0) withoutChoices++;
      usage = chunk.usage ?? usage;
    }
    return { usage, withoutChoices };
  },

  async openai_tools(to) {
    const answer = await client(to).chat.completions.create(
      { model: 'gpt-4o', messages: ask('What is the weather in Paris?'), tools: [weather] }, { headers: to.tag });
    const call = answer.choices[0].message.tool_calls[0];
    return { name: call.function.name, arguments: JSON.parse(call.function.arguments), finish: answer.choices[0].finish_reason };
  },

  async openai_tools_stream(to) {
    const runner = client(to).chat.completions.stream(
      { model: 'gpt-4o', messages: ask('What is the weather in Paris?'), tools: [weather] }, { headers: to.tag });
    const message = await runner.finalMessage();
    const call = message.tool_calls[0];
    return { name: call.function.name, arguments: JSON.parse(call.function.arguments) };
  },

  async openai_embeddings(to) {
    const answer = await client(to).embeddings.create({ model: 'text-embedding-3-small', input: ['a tent', 'a boat'] }, { headers: to.tag });
    return { count: answer.data.length, length: answer.data[0].embedding.length, number: typeof answer.data[0].embedding[0], usage: answer.usage };
  },

  async openai_moderations(to) {
    const answer = await client(to).moderations.create({ model: 'omni-moderation-latest', input: 'I will kill you' }, { headers: to.tag });
    return { flagged: answer.results[0].flagged, violence: answer.results[0].categories.violence };
  },

  async openai_models(to) {
    const models = [];
    for await (const model of client(to).models.list({ headers: to.tag })) models.push(model.id);
    const one = await client(to).models.retrieve('gpt-4o', { headers: to.tag });
    return { some: models.includes('gpt-4o'), one: one.id };
  },

  async openai_completions(to) {
    const answer = await client(to).completions.create({ model: 'gpt-3.5-turbo-instruct', prompt: 'Once upon a time', max_tokens: 12 }, { headers: to.tag });
    return { text: answer.choices[0].text, finish: answer.choices[0].finish_reason, usage: answer.usage };
  },

  async openai_responses(to) {
    const answer = await client(to).responses.create({ model: 'gpt-4o', input: 'How do refunds work?' }, { headers: to.tag });
    return { text: answer.output_text, status: answer.status, usage: answer.usage };
  },

  async openai_responses_stream(to) {
    const stream = await client(to).responses.create({ model: 'gpt-4o', input: 'How do refunds work?', stream: true }, { headers: to.tag });
    let text = '', usage = null;
    const types = new Set();
    for await (const event of stream) {
      types.add(event.type);
      if (event.type === 'response.output_text.delta') text += event.delta;
      if (event.type === 'response.completed') usage = event.response.usage;
    }
    return { text, usage, types: [...types] };
  },

  async openai_wrong_key(to) {
    return { ...(await client(to, { apiKey: 'bw-wrong' }).chat.completions.create({ model: 'gpt-4o-mini', messages: ask('hi') }, { headers: to.tag })) };
  },

  async openai_unknown_model(to) {
    return { ...(await client(to).chat.completions.create({ model: 'sim-404', messages: ask('hi') }, { headers: to.tag })) };
  },

  async openai_context_length(to) {
    return { ...(await client(to).chat.completions.create({ model: 'sim-context-length', messages: ask('hi') }, { headers: to.tag })) };
  },

  // Three attempts: the SDK obeys retry-after.
  async openai_rate_limited(to) {
    return { ...(await client(to, { maxRetries: 2 }).chat.completions.create({ model: 'sim-429-retry-after', messages: ask('hi') }, { headers: to.tag })) };
  },

  async openai_server_error(to) {
    return { ...(await client(to, { maxRetries: 1 }).chat.completions.create({ model: 'sim-500', messages: ask('hi') }, { headers: to.tag })) };
  },

  async openai_early_break(to) {
    const stream = await client(to).chat.completions.create(
      { model: 'gpt-4o', stream: true, messages: ask('Explain in detail how refunds work'), metadata: { sim_tokens_per_second: '40', sim_output_tokens: '400' } }, { headers: to.tag });
    let seen = 0;
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta?.content && ++seen === 5) break;
    }
    return { seen };
  },

  async openai_reset(to) {
    const stream = await client(to).chat.completions.create({ model: 'sim-reset', stream: true, messages: ask('hi') }, { headers: to.tag });
    let chunks = 0;
    try {
      for await (const chunk of stream) if (chunk) chunks++;
    } catch (error) {
      return { chunks, broke: error?.constructor?.name, message: String(error?.message) };
    }
    return { chunks, broke: null };
  },

  async openai_stream_error(to) {
    const stream = await client(to).chat.completions.create({ model: 'sim-stream-error', stream: true, messages: ask('hi') }, { headers: to.tag });
    for await (const chunk of stream) void chunk;
    return {};
  },

  async openai_upload(to) {
    const file = await client(to).files.create(
      { file: new File(['{"a":1}\n'], 'rows.jsonl'), purpose: 'batch' }, { headers: to.tag });
    return { id: file.id, bytes: file.bytes };
  },

  async azure_chat(to) {
    const azure = new AzureOpenAI({ endpoint: to.url, apiKey: to.key, apiVersion: '2025-01-01-preview', maxRetries: 0 });
    const answer = await azure.chat.completions.create({ model: 'gpt-4o-mini', messages: ask('How do refunds work?') }, { headers: to.tag });
    return { text: answer.choices[0].message.content, usage: answer.usage };
  },

  async azure_chat_stream(to) {
    const azure = new AzureOpenAI({ endpoint: to.url, apiKey: to.key, apiVersion: '2025-01-01-preview', maxRetries: 0 });
    const stream = await azure.chat.completions.create({ model: 'gpt-4o-mini', stream: true, messages: ask('How do refunds work?') }, { headers: to.tag });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta?.content ?? '';
    return { text };
  },
};
