// LangSmith's SDK, a new and an old one.
import { Client } from 'langsmith/client';
import { RunTree } from 'langsmith/run_trees';
import { Client as OldClient } from 'langsmith-old/client';
import { RunTree as OldRunTree } from 'langsmith-old/run_trees';
import { key, meetFaults } from '../faults.mjs';

// Runs are posted when they are over, so that they leave in one body and the fault meets all of them.
const sender = (client, Tree) => ({
  async send(name) {
    const root = new Tree({ client, project_name: 'faults', name, run_type: 'chain', tracingEnabled: true, inputs: { question: 'Malmö?' } });
    const call = root.createChild({ name: 'ask', run_type: 'llm', inputs: { messages: [{ role: 'user', content: 'Malmö?' }] }, extra: { metadata: { ls_provider: 'openai', ls_model_name: 'gpt-4o' } } });
    await call.end({ role: 'assistant', content: 'Cold', usage_metadata: { input_tokens: 10, output_tokens: 5, total_tokens: 15 } });
    await root.end({ answer: 'Cold' });
    await Promise.all([root.postRun(), call.postRun()]);
    return { ask: `observations?trace_id=${root.trace_id.replaceAll('-', '')}`, items: 2, tokens: 10 };
  },
  flush: () => client.awaitPendingTraceBatches(),
});

function uncompressed(base) {
  process.env.LANGSMITH_DISABLE_RUN_COMPRESSION = 'true';
  try {
    // Reads the variable once.
    return new Client({ apiUrl: base, apiKey: key });
  } finally {
    delete process.env.LANGSMITH_DISABLE_RUN_COMPRESSION;
  }
}

await meetFaults({
  'LangSmith 0.12, zstd': { open: (base) => sender(new Client({ apiUrl: base, apiKey: key }), RunTree) },
  'LangSmith 0.12, uncompressed': { open: (base) => sender(uncompressed(base), RunTree) },
  'LangSmith 0.10, gzip': { open: (base) => sender(new OldClient({ apiUrl: base, apiKey: key }), OldRunTree) },
});
