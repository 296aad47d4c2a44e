// The official suites, pinned, and how they are had: npm keeps them in its own cache, with a Node new enough for them.
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';

const PACKAGE = '@modelcontextprotocol/conformance';
/** The suites want Node 22 or newer; the lab runs on older ones too. */
const NODE = 'node@24';
const DOWNLOAD_MS = 300_000;
const LIST_MS = 60_000;

export interface Suite {
  readonly version: string;
  /** All of it. */
  readonly whole: readonly string[];
  /** Beside `--scenario`, which cannot be had together with all of it. */
  readonly single: readonly string[];
  /** Tells its scenarios. */
  readonly list: readonly string[];
}

const frozen = (version: string, revision: string): Suite => ({
  version,
  whole: ['--requirements', revision],
  single: ['--spec-version', revision],
  list: ['--requirements', revision],
});

export const SUITES: readonly Suite[] = [
  { version: '0.1.16', whole: ['--suite', 'all'], single: [], list: ['--server'] },
  frozen('0.2.0-alpha.12', '2025-11-25'),
  frozen('0.2.0-alpha.12', '2026-07-28'),
];

export const titleOf = ({ version, whole }: Suite): string => `${version} ${whole.join(' ')}`;

/** Programs that can be started without npm in between, so that they end when they are told to. */
export interface Installed {
  readonly node: string;
  readonly program: string;
}

const run = promisify(execFile);

/** @throws Error saying what npm said */
export async function install({ version }: Suite): Promise<Installed> {
  const where = 'command -v node && command -v conformance';
  const args = ['-y', '-p', NODE, '-p', `${PACKAGE}@${version}`, '-c', where];
  // Away from this repository, whose own packages npx would look at first.
  const { stdout } = await run('npx', args, { cwd: tmpdir(), timeout: DOWNLOAD_MS }).catch((cause: Error) => {
    throw new Error(`Cannot have ${PACKAGE} ${version} from npm: ${cause.message}`, { cause });
  });
  const [node, program] = stdout.trim().split('\n');
  if (node === undefined || program === undefined) throw new Error(`npx did not say where ${PACKAGE} is: ${stdout}`);
  return { node, program };
}

export interface Listed {
  /** Those that count. */
  readonly scored: ReadonlySet<string>;
  /** Run and told, but of extensions, or newer than the revision. */
  readonly unscored: ReadonlySet<string>;
}

/** What the suite itself says that it has for servers. @throws Error when it says nothing that can be read */
export async function scenariosOf(suite: Suite, { node, program }: Installed): Promise<Listed> {
  const { stdout } = await run(node, [program, 'list', ...suite.list], { timeout: LIST_MS });
  return readList(stdout);
}

/** Scenarios stand under the heading `Server scenarios`; those of no score behind it, marked `[server]`. */
export function readList(text: string): Listed {
  const [, below = ''] = text.split(/^Server scenarios.*:$/m);
  const [block = ''] = below.trimStart().split(/\n\s*\n/);
  const scored = new Set([...block.matchAll(/^\s*- (\S+)(?: \[[\w.,-]*\])?$/gm)].map(([, name = '']) => name));
  const unscored = new Set([...below.matchAll(/^\s*- (\S+) \[server\]/gm)].map(([, name = '']) => name));
  if (scored.size === 0) throw new Error(`Cannot read the suite’s list of scenarios:\n${text.slice(0, 500)}`);
  return { scored, unscored };
}
