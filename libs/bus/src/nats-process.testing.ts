// A nats-server of the test's own, on a free loopback port, with its store in a throw-away folder. Stopped by its pid only.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const UP_WITHIN_MS = 10_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Whether a broker greets on the port. */
const greets = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (greeted: boolean): void => {
      socket.destroy();
      resolve(greeted);
    };
    socket.once('data', () => end(true));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });

export class NatsProcess {
  static readonly #all = new Set<NatsProcess>();
  #child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly store: string,
    private readonly extra: readonly string[],
  ) {}

  static async start(extra: readonly string[] = ['-js']): Promise<NatsProcess> {
    const server = new NatsProcess(await freePort(), await mkdtemp(join(tmpdir(), 'labmesh-nats-')), extra);
    NatsProcess.#all.add(server);
    await server.up();
    return server;
  }

  /** Leaves none behind, whatever a test did. */
  static async removeAll(): Promise<void> {
    await Promise.all([...NatsProcess.#all].map((server) => server.remove()));
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** Starts it on the same port and store as before. */
  async up(): Promise<void> {
    const child = spawn('nats-server', [...this.extra, '-sd', this.store, '-p', String(this.port), '-a', '127.0.0.1'], {
      stdio: 'ignore',
    });
    this.#child = child;
    const giveUpAt = Date.now() + UP_WITHIN_MS;
    while (!(await greets(this.port))) {
      if (child.exitCode !== null || Date.now() > giveUpAt) throw new Error('nats-server did not start');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Kills it as a crash would. */
  async down(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async remove(): Promise<void> {
    await this.down();
    await rm(this.store, { recursive: true, force: true });
  }
}
