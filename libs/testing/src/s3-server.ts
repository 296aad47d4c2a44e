// S3 for tests: moto's server, from a Python environment that is made once, beside the working tree's other ones.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Child } from './child.js';
import { freePort } from './free-port.js';
import { answers } from './servers.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const VENV = join(ROOT, '.venv/moto');
/** What of it serves S3 alone. */
const PACKAGES = ['moto[s3]==5.2.5', 'flask==3.1.3', 'flask-cors==6.0.5'];

export interface S3Server extends AsyncDisposable {
  readonly endpoint: string;
  /** What a client must be given to ask it; it believes anybody. */
  readonly env: Readonly<Record<string, string>>;
  /** @throws Error when it can't be made */
  makeBucket(name: string): Promise<void>;
}

/** Needs PyPI once, by `uv` or by Python's own tools. */
export async function s3Server(): Promise<S3Server> {
  await makeEnvironment();
  const port = await freePort();
  const child = new Child({ command: join(VENV, 'bin/moto_server'), args: ['-H', '127.0.0.1', '-p', String(port)] });
  await child.until(() => answers(port));
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    env: { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    async makeBucket(name) {
      const { status } = await fetch(`${endpoint}/${name}`, { method: 'PUT' });
      if (status !== 200) throw new Error(`moto made no bucket: ${status}`);
    },
    async [Symbol.asyncDispose]() {
      await child.stop();
    },
  };
}

async function makeEnvironment(): Promise<void> {
  if (existsSync(join(VENV, 'bin/moto_server'))) return;
  const python = join(VENV, 'bin/python');
  const steps = (await hasUv())
    ? [
        ['uv', 'venv', '--quiet', '--allow-existing', VENV],
        ['uv', 'pip', 'install', '--quiet', '--python', python, ...PACKAGES],
      ]
    : [
        ['python3', '-m', 'venv', VENV],
        [python, '-m', 'pip', 'install', '--quiet', ...PACKAGES],
      ];
  for (const [command = '', ...args] of steps) await ran(command, args);
}

/** With the caller's own environment: it says where packages come from, and whom to trust there. */
const ran = (command: string, args: string[]) => promisify(execFile)(command, args);

const hasUv = (): Promise<boolean> =>
  ran('uv', ['--version']).then(
    () => true,
    () => false,
  );
