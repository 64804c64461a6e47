import Anthropic from '@anthropic-ai/sdk';

const ask = (content) => [{ role: 'user', content }];
const client = ({ url, key }, options = {}) => new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0, ...options });
const model = 'claude-sonnet-4-6';
const weather = { name: 'get_weather', description: 'Current weather of a city', input_schema: { type: 'object', properties: { city: { type: 'string' } } } };

export const anthropicCases = {
  async anthropic_messages(to) {
    const answer = await client(to).messages.create({ model, max_tokens: 300, messages: ask('How do refunds work?') }, { headers: to.tag });
    return { text: answer.content[0].text, model: answer.model, stop: answer.stop_reason, usage: answer.usage, requestId: answer._request_id };
  },

  async anthropic_stream(to) {
    const stream = client(to).messages.stream({ model, max_tokens: 300, messages: ask('How do refunds work?') }, { headers: to.tag });
    const message = await stream.finalMessage();
    return { text: message.content[0].text, stop: message.stop_reason, usage: message.usage };
  },

  async anthropic_tools(to) {
    const answer = await client(to).messages.create(
      { model, max_tokens: 300, tools: [weather], messages: ask('What is the weather in Paris?') }, { headers: to.tag });
    const call = answer.content.find((block) => block.type === 'tool_use');
    return { name: call.name, arguments: call.input, stop: answer.stop_reason };
  },

  async anthropic_tools_stream(to) {
    const message = await client(to).messages.stream(
      { model, max_tokens: 300, tools: [weather], messages: ask('What is the weather in Paris?') }, { headers: to.tag }).finalMessage();
    const call = message.content.find((block) => block.type === 'tool_use');
    return { name: call.name, arguments: call.input };
  },

  async anthropic_thinking(to) {
    const message = await client(to).messages.stream(
      { model, max_tokens: 3000, thinking: { type: 'enabled', budget_tokens: 1024 }, messages: ask('How do refunds work?') }, { headers: to.tag }).finalMessage();
    return { types: message.content.map((block) => block.type) };
  },

  async anthropic_count(to) {
    const count = await client(to).messages.countTokens({ model, messages: ask('How do refunds work?') }, { headers: to.tag });
    return { tokens: count.input_tokens };
  },

  async anthropic_models(to) {
    const models = [];
    for await (const one of client(to).models.list({}, { headers: to.tag })) models.push(one.id);
    return { some: models.includes(model) };
  },

  async anthropic_wrong_key(to) {
    return { ...(await client(to, { apiKey: 'bw-wrong' }).messages.create({ model, max_tokens: 10, messages: ask('hi') }, { headers: to.tag })) };
  },

  async anthropic_overloaded(to) {
    return { ...(await client(to, { maxRetries: 1 }).messages.create({ model: 'sim-529', max_tokens: 10, messages: ask('hi') }, { headers: to.tag })) };
  },

  async anthropic_rate_limited(to) {
    return { ...(await client(to).messages.create({ model: 'sim-429-retry-after', max_tokens: 10, messages: ask('hi') }, { headers: to.tag })) };
  },

  async anthropic_stream_error(to) {
    await client(to).messages.stream({ model: 'sim-stream-error', max_tokens: 100, messages: ask('hi') }, { headers: to.tag }).finalMessage();
    return {};
  },

  async anthropic_early_break(to) {
    const stream = await client(to).messages.create(
      { model, max_tokens: 3000, stream: true, messages: ask('Explain in detail how refunds work'), metadata: { sim_tokens_per_second: 40, sim_output_tokens: 400 } }, { headers: to.tag });
    let seen = 0;
    for await (const event of stream) {
      if (event.type === 'content_block_delta' && ++seen === 5) break;
    }
    return { seen };
  },
};
