// A model that always says the same, in OpenAI's words: what is tested is what the framework tells of the call.
import http from 'node:http';

export async function withModel(use) {
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({
        id: `chatcmpl-${crypto.randomUUID()}`, object: 'chat.completion', created: 1790000000, model: 'gpt-4o-mini-2024-07-18',
        choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Four degrees.' } }],
        usage: { prompt_tokens: 1000, completion_tokens: 200, total_tokens: 1200 },
      }));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.on('listening', resolve));
  try {
    return await use(`http://127.0.0.1:${server.address().port}/v1`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

export function need(...names) {
  const values = names.map((name) => process.env[name]);
  if (values.some((value) => !value)) {
    console.error(`${names.join(', ')} must be set`);
    process.exit(2);
  }
  return values;
}
