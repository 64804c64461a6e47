// Runs every case against BELLWETHER_URL with BELLWETHER_KEY and prints {"<case>": {…}} as JSON on the last line.
// A case returns what its SDK handed to the application; the test beside it asserts that and the stored observation.
// Each call names its case as x-bellwether-user, by which the test finds its observations.
import { openaiCases } from './openai.mjs';
import { anthropicCases } from './anthropic.mjs';
import { geminiCases } from './gemini.mjs';

const url = process.env.BELLWETHER_URL;
const key = process.env.BELLWETHER_KEY;
if (!url || !key) {
  console.error('BELLWETHER_URL and BELLWETHER_KEY must be set');
  process.exit(2);
}

const results = {};
for (const [name, run] of Object.entries({ ...openaiCases, ...anthropicCases, ...geminiCases })) {
  try {
    results[name] = { ...(await run({ url, key, tag: { 'x-bellwether-user': name } })), threw: null };
  } catch (error) {
    results[name] = { threw: describe(error) };
  }
}
console.log(JSON.stringify(results));

// What an application can tell of an error: never its text alone.
function describe(error) {
  return {
    class: error?.constructor?.name ?? typeof error,
    status: error?.status ?? null,
    code: error?.code ?? null,
    type: error?.type ?? error?.error?.error?.type ?? null,
    requestId: error?.requestID ?? null,
    message: String(error?.message ?? error).slice(0, 300),
  };
}
