// Phoenix's client, which sends spans when it is told to.
import { createClient } from '@arizeai/phoenix-client';
import { logSpans } from '@arizeai/phoenix-client/spans';
import { randomBytes } from 'node:crypto';
import { key, meetFaults } from '../faults.mjs';

const hex = (bytes) => randomBytes(bytes).toString('hex');

function open(base) {
  const client = createClient({ options: { baseUrl: base, headers: { Authorization: `Bearer ${key}` } } });
  let spans;
  return {
    send(name) {
      const trace_id = hex(16);
      const root = hex(8);
      const time = { start_time: new Date(Date.now() - 1000).toISOString(), end_time: new Date().toISOString(), status_code: 'OK' };
      spans = [
        { name, context: { trace_id, span_id: root }, span_kind: 'CHAIN', ...time, attributes: {} },
        { name: 'ask', context: { trace_id, span_id: hex(8) }, parent_id: root, span_kind: 'LLM', ...time, attributes: { 'llm.model_name': 'gpt-4o', 'llm.token_count.prompt': 10, 'llm.token_count.completion': 5 } },
      ];
      return { ask: `observations?trace_id=${trace_id}`, items: 2, tokens: 10 };
    },
    flush: () => logSpans({ client, project: { projectName: 'faults' }, spans }),
  };
}

await meetFaults({ 'phoenix-client': { open } });
