import { GoogleGenAI } from '@google/genai';

const client = ({ url, key, tag }) => new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url, headers: tag } });
const model = 'gemini-2.5-flash';

export const geminiCases = {
  async gemini_generate(to) {
    const answer = await client(to).models.generateContent({ model, contents: 'How do refunds work?' });
    return { text: answer.text, usage: answer.usageMetadata, model: answer.modelVersion };
  },

  async gemini_stream(to) {
    let text = '', usage = null;
    for await (const chunk of await client(to).models.generateContentStream({ model, contents: 'How do refunds work?' })) {
      text += chunk.text ?? '';
      usage = chunk.usageMetadata ?? usage;
    }
    return { text, usage };
  },

  async gemini_tools(to) {
    const answer = await client(to).models.generateContent({
      model, contents: 'What is the weather in Paris?',
      config: { tools: [{ functionDeclarations: [{ name: 'get_weather', description: 'Current weather of a city', parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } } } }] }] },
    });
    return { name: answer.functionCalls[0].name, arguments: answer.functionCalls[0].args };
  },

  async gemini_embed(to) {
    const answer = await client(to).models.embedContent({ model: 'gemini-embedding-001', contents: ['a tent', 'a boat'] });
    return { count: answer.embeddings.length, length: answer.embeddings[0].values.length };
  },

  async gemini_rate_limited(to) {
    return { ...(await client(to).models.generateContent({ model: 'sim-429', contents: 'hi' })) };
  },

  async gemini_wrong_key(to) {
    return { ...(await client({ ...to, key: 'bw-wrong' }).models.generateContent({ model, contents: 'hi' })) };
  },
};
