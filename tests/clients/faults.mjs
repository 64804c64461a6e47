// Every client meets every fault once: its first request is answered with it, all others reach BELLWETHER_URL. Each folder's faults.mjs says
// how its clients send; the test FaultTests says what must become of it.
import { behind } from './behind.mjs';

export const url = process.env.BELLWETHER_URL;
export const grpc = process.env.BELLWETHER_GRPC;
export const key = process.env.BELLWETHER_KEY;
if (!url || !grpc || !key) {
  console.error('BELLWETHER_URL, BELLWETHER_GRPC and BELLWETHER_KEY must be set');
  process.exit(2);
}
// Clients report on standard output, of which the last line is ours.
const print = console.log;
console.log = console.info = console.error;

// Time to wait where waiting helps; with a 413 Python's LangSmith would send the same again.
const faults = [429, 503, 500, 413, 404].map((status) => ({ status, headers: status === 429 || status === 503 ? { 'Retry-After': '1' } : {} }));

/**
 * `clients` is {"<name>": client}. A client has `open(base)`, which makes { send, flush, close }: `send(name)` makes telemetry and says by which
 * `ask` of the API to find its `items`, with how many `tokens`; `flush()` waits until it is sent or given up, and throws what the application is told.
 * It may have a proxy of its own (`behind`), an address (`target`) and changes to the `fault`.
 */
export async function meetFaults(clients) {
  const results = {};
  const meet = async (name, client, fault) => {
    const own = { ...fault, ...client.fault?.(fault) };
    results[`${name} ${fault.status}`] = await (client.behind ?? behind)(client.target ?? url, own, async (base, seen) => {
      const { send, flush, close } = await client.open(base);
      const posts = () => seen.requests.filter((request) => request.startsWith('POST')).length;
      const step = async (which) => {
        const before = posts();
        const sent = await send(`${name} ${fault.status} ${which}`);
        const told = await flush().then(() => null, (error) => String(error?.message || error).slice(0, 300));
        return { ...sent, told, posts: posts() - before };
      };
      const result = { first: await step('first'), next: await step('next') };
      await close?.();
      return result;
    });
  };
  await Promise.all(Object.entries(clients).flatMap(([name, client]) => faults.map((fault) => meet(name, client, fault))));
  // No process.exit: that the process ends by itself is part of what is tested.
  print(`\n${JSON.stringify(results)}`);
}
