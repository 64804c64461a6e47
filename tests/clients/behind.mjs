// A proxy in front of the server, for programs that need to see or to spoil what their client sends.
import http from 'node:http';
import http2 from 'node:http2';

/**
 * Runs `work(base, seen)`, whose requests go to `target`: noted in `seen.requests`, and counted in `seen.answered` once they are answered.
 * With a fault the first POST is answered by it instead. LangSmith's and Langfuse's SDKs also ask things; what they send is all POST.
 */
export async function behind(target, fault, work) {
  const seen = { requests: [], answered: 0 };
  let left = fault ? 1 : 0;
  const server = http.createServer((request, response) => {
    seen.requests.push(`${request.method} ${request.url} ${request.headers['content-encoding'] ?? 'identity'}`);
    if (left > 0 && request.method === 'POST') {
      left--;
      response.writeHead(fault.status, { 'Content-Type': 'application/json', ...fault.headers });
      request.resume().on('end', () => response.end(fault.body ?? '{"message":"not now"}'));
      return;
    }
    const to = new URL(request.url, target);
    const forward = http.request(to, { method: request.method, headers: { ...request.headers, host: to.host } }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response).on('finish', () => seen.answered++);
    });
    forward.on('error', () => response.destroy());
    request.pipe(forward);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  try {
    return { ...await work(`http://127.0.0.1:${server.address().port}`, seen), requests: seen.requests };
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** The same over HTTP/2 without TLS, as gRPC needs it; a fault with `grpc` is a gRPC status, else it is an HTTP status, as proxies give it. */
export async function behindGrpc(target, fault, work) {
  const seen = { requests: [] };
  let left = fault ? 1 : 0;
  const upstream = http2.connect(target);
  const sessions = [];
  const server = http2.createServer();
  server.on('session', (session) => sessions.push(session));
  server.on('stream', (stream, { ':authority': _, ...headers }) => {
    seen.requests.push(`${headers[':method']} ${headers[':path']} ${headers['grpc-encoding'] ?? 'identity'}`);
    stream.on('error', () => {});
    if (left > 0) {
      left--;
      // gRPC calls an answer that is a head alone "Trailers-Only".
      const head = fault.grpc === undefined
        ? { ':status': fault.status, ...fault.headers }
        : { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': String(fault.grpc), 'grpc-message': 'not now', ...fault.headers };
      stream.resume();
      stream.respond(head, { endStream: true });
      return;
    }
    const forward = upstream.request(headers);
    const trailers = new Promise((done) => forward.on('trailers', done).on('close', () => done({})));
    forward.on('response', (head) => {
      stream.respond(head, { waitForTrailers: true });
      forward.pipe(stream);
    });
    forward.on('error', () => stream.destroy());
    stream.on('wantTrailers', async () => stream.sendTrailers(await trailers));
    stream.pipe(forward);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  try {
    return { ...await work(`http://127.0.0.1:${server.address().port}`, seen), requests: seen.requests };
  } finally {
    server.close();
    sessions.forEach((session) => session.destroy());
    upstream.destroy();
  }
}
