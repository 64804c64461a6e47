// Langfuse's older SDK, which sends batches of events.
import { Langfuse } from 'langfuse';
import { key, meetFaults } from '../faults.mjs';

function open(base) {
  const langfuse = new Langfuse({ publicKey: 'pk-lf-any', secretKey: key, baseUrl: base, flushAt: 100, fetchRetryDelay: 200 });
  return {
    send(name) {
      const trace = langfuse.trace({ name });
      trace.generation({ name: 'ask', model: 'gpt-4o', input: 'Malmö?' }).end({ output: 'Cold', usageDetails: { input: 10, output: 5, total: 15 } });
      return { ask: `observations?trace_id=${trace.id.replaceAll('-', '')}`, items: 2, tokens: 10 };
    },
    flush: () => langfuse.flushAsync(),
    close: () => langfuse.shutdownAsync(),
  };
}

await meetFaults({
  'Langfuse 3': { open },
  // As proxies answer.
  'Langfuse 3, answer not JSON': { open, fault: () => ({ body: '<html>not now</html>' }) },
});
