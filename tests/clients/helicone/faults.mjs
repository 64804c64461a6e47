// Helicone's logger of calls that went elsewhere.
import { HeliconeManualLogger } from '@helicone/helpers';
import { key, meetFaults } from '../faults.mjs';

function open(base) {
  const logger = new HeliconeManualLogger({ apiKey: key, loggingEndpoint: `${base}/custom/v1/log` });
  let log;
  return {
    send(name) {
      log = () => logger.logRequest({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Malmö?' }] }, async (recorder) => {
        recorder.appendResults({ id: 'c-1', model: 'gpt-4o', choices: [{ message: { role: 'assistant', content: 'Cold' }, finish_reason: 'stop' }], usage: { prompt_tokens: 10, completion_tokens: 5 } });
      }, { 'Helicone-User-Id': name });
      return { ask: `observations?user=${encodeURIComponent(name)}`, items: 1, tokens: 10 };
    },
    flush: () => log(),
  };
}

await meetFaults({ "Helicone's logger": { open } });
