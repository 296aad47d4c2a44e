// A stand-in for an OpenTelemetry collector: takes OTLP over HTTP in JSON and keeps the spans for a test to look at.
import { createServer } from 'node:http';

export interface CollectedSpan {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code?: number };
  readonly attributes: Readonly<Record<string, string | number>>;
}

export interface Collector extends AsyncDisposable {
  readonly url: string;
  readonly spans: CollectedSpan[];
  /** Every body as it came. */
  readonly bodies: string[];
  readonly headers: Array<Readonly<Record<string, unknown>>>;
  /** The status of the next answers; 200 unless told otherwise. */
  status: number;
}

interface KeyValue {
  key: string;
  value: { stringValue?: string; intValue?: string };
}
const plain = (list: KeyValue[]): Record<string, string | number> =>
  Object.fromEntries(list.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]));

interface Body {
  resourceSpans: Array<{
    resource: { attributes: KeyValue[] };
    scopeSpans: Array<{ spans: Array<Omit<CollectedSpan, 'attributes' | 'service'> & { attributes: KeyValue[] }> }>;
  }>;
}

function spansOf(text: string): CollectedSpan[] {
  const body = JSON.parse(text) as Body;
  return body.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans
      .flatMap(({ spans }) => spans)
      .map((span) => ({
        ...span,
        attributes: plain(span.attributes),
        service: String(plain(resource.attributes)['service.name']),
      })),
  );
}

export async function otlpCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const bodies: string[] = [];
  const headers: Collector['headers'] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const right = req.method === 'POST' && req.url === '/v1/traces';
      if (right && collector.status === 200) {
        bodies.push(text);
        headers.push(req.headers);
        spans.push(...spansOf(text));
      }
      res.writeHead(right ? collector.status : 404, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const collector: Collector = {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    spans,
    bodies,
    headers,
    status: 200,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return collector;
}
