// A stand-in for a Kubernetes cluster: it keeps the API's behaviour as far as the executor uses it (Jobs that make one pod, lists and
// watches by label with versions, bookmarks and 410, deletion with grace) and runs a pod's command as a process of this machine, as a
// kubelet would in a container. It is no cluster: images, limits, volumes and security contexts are checked for their form alone.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { V1Job, V1Pod, V1Status } from '@kubernetes/client-node';
import { Kubelet } from './kubelet.testing.js';

type Stored = V1Pod | V1Job;

interface Watcher {
  readonly selector: string;
  readonly response: ServerResponse;
}

/** Images that its registry has. */
const IMAGES = new Set(['registry.test/lab/busybox:1']);

export class ApiServer implements AsyncDisposable {
  readonly jobs = new Map<string, V1Job>();
  readonly pods = new Map<string, V1Pod>();
  readonly #watchers = new Set<Watcher>();
  readonly #kubelet = new Kubelet({
    changed: (pod) => this.#changed(pod),
    gone: (pod) => this.#gone(pod),
    images: IMAGES,
  });
  readonly #server: Server;
  #version = 100;
  /** Versions before this one are forgotten. */
  #oldest = 0;
  #history: { readonly version: number; readonly type: string; readonly pod: V1Pod }[] = [];
  /** How many watches and lists were asked for. */
  readonly asked = { watches: 0, lists: 0 };
  /** False: no pod is placed on a node. */
  hasRoom = true;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<ApiServer> {
    const server = new ApiServer();
    await server.listen(0);
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }

  /** The API alone: pods run on. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.#watchers.clear();
  }

  /** Ends all watches, and forgets every version until now, as a cluster's store does when it compacts. */
  compact(): void {
    this.#oldest = this.#version;
    this.#history = [];
    this.closeWatches();
  }

  closeWatches(): void {
    for (const { response } of this.#watchers) response.end();
    this.#watchers.clear();
  }

  /** An open watch hears that its version is forgotten. */
  tellGone(): void {
    const object: V1Status = { kind: 'Status', apiVersion: 'v1', code: 410, reason: 'Expired', message: 'too old' };
    for (const { response } of this.#watchers) response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
    this.#watchers.clear();
  }

  /** Other objects of the cluster changed: nobody who watches pods hears of that. */
  advance(): void {
    this.#version += 10;
  }

  bookmark(): void {
    const object = { kind: 'Pod', apiVersion: 'v1', metadata: { resourceVersion: String(this.#version) } };
    for (const { response } of this.#watchers) response.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  }

  /** The node's own doing. */
  evict(pod: V1Pod): void {
    this.#kubelet.evict(pod, 'Evicted');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pod of this.pods.values()) this.#kubelet.evict(pod, 'Shutdown');
    await this.stop();
  }

  #changed(pod: V1Pod): void {
    if (!this.pods.has(pod.metadata?.name ?? '')) return;
    this.#tell('MODIFIED', pod);
  }

  #gone(pod: V1Pod): void {
    if (this.pods.delete(pod.metadata?.name ?? '')) this.#tell('DELETED', pod);
  }

  #tell(type: string, pod: V1Pod): void {
    this.#version += 1;
    pod.metadata = { ...pod.metadata, resourceVersion: String(this.#version) };
    const copy = structuredClone(pod);
    this.#history.push({ version: this.#version, type, pod: copy });
    for (const { selector, response } of this.#watchers)
      if (selected(copy, selector)) response.write(`${JSON.stringify({ type, object: copy })}\n`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://cluster');
    const body = await bodyOf(request);
    const [, kind = '', name = ''] = /\/namespaces\/lab\/(jobs|pods)(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    if (url.pathname.startsWith('/version'))
      return reply(response, 200, { gitVersion: 'v1.33.0', major: '1', minor: '33' });
    if (kind === 'pods' && url.searchParams.get('watch') === 'true') return this.#watch(url.searchParams, response);
    if (kind === 'pods' && name === '' && request.method === 'GET') return this.#list(url.searchParams, response);
    if (kind === 'jobs' && request.method === 'POST') return this.#create(body as V1Job, response);
    const store: Map<string, Stored> = kind === 'jobs' ? this.jobs : this.pods;
    const stored = kind === '' ? undefined : store.get(name);
    if (stored === undefined) return fail(response, 404, `${kind} "${name}" not found`);
    if (request.method === 'DELETE') this.#delete(kind, name, url.searchParams);
    return reply(response, 200, stored);
  }

  #create(job: V1Job, response: ServerResponse): void {
    const name = job.metadata?.name ?? '';
    const problem = problemOf(job);
    if (problem !== undefined || this.jobs.has(name)) {
      fail(response, problem === undefined ? 409 : 422, problem ?? `jobs.batch "${name}" already exists`);
      return;
    }
    this.jobs.set(name, job);
    reply(response, 201, job);
    // The controller's turn comes later.
    setTimeout(() => this.#place(job), 50);
  }

  #place(job: V1Job): void {
    if (!this.jobs.has(job.metadata?.name ?? '')) return;
    const template = job.spec?.template;
    const pod: V1Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${job.metadata?.name}-x7f2q`,
        ...(template?.metadata?.labels && { labels: template.metadata.labels }),
      },
      ...(template?.spec && { spec: template.spec }),
      status: { phase: 'Pending' },
    };
    this.pods.set(pod.metadata?.name ?? '', pod);
    this.#tell('ADDED', pod);
    if (this.hasRoom) this.#kubelet.run(pod);
  }

  #delete(kind: string, name: string, query: URLSearchParams): void {
    const grace = query.get('gracePeriodSeconds');
    const own = kind === 'pods' ? [name] : [...this.pods.keys()].filter((pod) => pod.startsWith(`${name}-`));
    if (kind === 'jobs') this.jobs.delete(name);
    for (const pod of own) {
      const found = this.pods.get(pod);
      if (found === undefined) continue;
      const seconds = grace === null ? (found.spec?.terminationGracePeriodSeconds ?? 30) : Number(grace);
      this.#kubelet.end(found, seconds);
    }
  }

  #list(query: URLSearchParams, response: ServerResponse): void {
    this.asked.lists += 1;
    const items = [...this.pods.values()].filter((pod) => selected(pod, query.get('labelSelector') ?? ''));
    reply(response, 200, {
      kind: 'PodList',
      apiVersion: 'v1',
      metadata: { resourceVersion: String(this.#version) },
      items,
    });
  }

  #watch(query: URLSearchParams, response: ServerResponse): void {
    this.asked.watches += 1;
    const from = Number(query.get('resourceVersion') ?? 0);
    if (from < this.#oldest) {
      fail(response, 410, 'too old resource version');
      return;
    }
    const selector = query.get('labelSelector') ?? '';
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    for (const { version, type, pod } of this.#history)
      if (version > from && selected(pod, selector)) response.write(`${JSON.stringify({ type, object: pod })}\n`);
    const watcher = { selector, response };
    this.#watchers.add(watcher);
    response.on('close', () => this.#watchers.delete(watcher));
  }
}

/** `key` or `key=value` */
function selected(pod: V1Pod, selector: string): boolean {
  const [key = '', value] = selector.split('=');
  const found = pod.metadata?.labels?.[key];
  return value === undefined ? found !== undefined : found === value;
}

/** What the API's own validation would say, of the parts that the executor makes. */
function problemOf(job: V1Job): string | undefined {
  const name = job.metadata?.name ?? '';
  const spec = job.spec?.template.spec;
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name) || name.length > 63)
    return `metadata.name: Invalid value: "${name}"`;
  for (const value of Object.values(job.metadata?.labels ?? {}))
    if (!/^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(value) || value.length > 63)
      return `metadata.labels: Invalid value: "${value}"`;
  if (spec?.restartPolicy !== 'Never' && spec?.restartPolicy !== 'OnFailure')
    return 'spec.template.spec.restartPolicy: Required';
  const claimed = new Set((spec.volumes ?? []).map((volume) => volume.name));
  const mounts = spec.containers.flatMap((container) => container.volumeMounts ?? []);
  return mounts.every((mount) => claimed.has(mount.name)) ? undefined : 'volumeMounts: Not found';
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const fail = (response: ServerResponse, code: number, message: string): void =>
  reply(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message });
