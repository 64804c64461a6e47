// PostHog's and Mixpanel's clients for servers.
import Mixpanel from 'mixpanel';
import { PostHog } from 'posthog-node';
import { key, meetFaults } from '../faults.mjs';

const tokens = { $ai_input_tokens: 10, $ai_output_tokens: 5 };

function posthog(base) {
  const client = new PostHog(key, { host: base, flushAt: 100, flushInterval: 0, fetchRetryDelay: 200, fetchRetryCount: 3 });
  return {
    send(name) {
      client.capture({ distinctId: name, event: '$ai_generation', properties: { $ai_trace_id: `trace of ${name}`, $ai_span_id: `span of ${name}`, $ai_model: 'gpt-4o', $ai_provider: 'openai', ...tokens } });
      return { ask: `observations?user=${encodeURIComponent(name)}`, items: 1, tokens: 10 };
    },
    flush: () => client.flush(),
    close: () => client.shutdown(),
  };
}

function mixpanel(base) {
  const url = new URL(base);
  const client = Mixpanel.init(key, { protocol: 'http', host: url.host, geolocate: false });
  let track;
  return {
    send(name) {
      track = () => new Promise((resolve, reject) => client.track_batch(
        [{ event: 'Answered', properties: { distinct_id: name, model: 'gpt-4o', provider: 'openai', input_tokens: 10, output_tokens: 5 } }],
        (errors) => (errors?.length ? reject(errors[0]) : resolve())));
      return { ask: `observations?user=${encodeURIComponent(name)}`, items: 1, tokens: 10 };
    },
    flush: () => track(),
  };
}

await meetFaults({ PostHog: { open: posthog }, Mixpanel: { open: mixpanel } });
