// The fixture lab in processes of its own: one, or three over NATS. Needs the build; every process is stopped by its own id.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Child, freePort, natsServer, temporaryFolder } from '@labmesh/testing';

export type Mode = 'lab' | 'mesh';
export const MODES: readonly Mode[] = ['lab', 'mesh'];

/** What a part prints when it serves. */
export const READY = 'CONFORMANCE PART READY';
/** Beside `src` and `dist` alike, so that tests that run from the sources find it too. */
const PART = join(import.meta.dirname, '../dist/part.js');
const ROOT = join(import.meta.dirname, '../../..');

export interface FixtureLab extends AsyncDisposable {
  /** The gateway's MCP endpoint, which wants no token. */
  readonly url: string;
  /** Where the processes' probes are, no slash at the end. */
  readonly address: string;
}

type Undo = () => PromiseLike<unknown>;

async function startPart(parts: string, env: Record<string, string>, undo: Undo[]): Promise<void> {
  const child = new Child({ command: process.execPath, args: [PART], cwd: ROOT, env: { ...env, PARTS: parts } });
  undo.push(() => child.stop());
  await child.until(() => child.output.includes(READY));
}

/**
 * Mesh mode starts a `nats-server` of its own, which must be installed: the fixture's Sentinel would answer for that of
 * another lab on the same server.
 */
export async function startFixtureLab(mode: Mode): Promise<FixtureLab> {
  const undo: Undo[] = [];
  const dispose = async (): Promise<void> => {
    for (const step of undo.reverse()) await step();
  };
  try {
    const home = await temporaryFolder('conformance');
    undo.push(() => rm(home, { recursive: true, force: true }));
    const port = await freePort();
    const address = `http://127.0.0.1:${port}`;
    const env = { LABMESH_HOME: home, LABMESH_PUBLIC_URL: address };
    if (mode === 'lab') await startPart('sentinel,fixture,gateway', { ...env, PORT: String(port) }, undo);
    else {
      const nats = await natsServer();
      undo.push(() => nats[Symbol.asyncDispose]());
      const meshed = { ...env, NATS_URL: nats.url };
      await startPart('sentinel', meshed, undo);
      await startPart('fixture', meshed, undo);
      await startPart('gateway', { ...meshed, PORT: String(port) }, undo);
    }
    return { url: `${address}/mcp`, address, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
