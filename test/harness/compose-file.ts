// What docker-compose.yml and the Dockerfile say, as values: with anchors and merges resolved, and defaults put in for
// variables that nobody set.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from './lab-under-test.js';

export interface ComposeService {
  readonly image: string;
  readonly build?: unknown;
  readonly command?: readonly string[];
  readonly user?: string;
  readonly profiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly volumes?: ReadonlyArray<string>;
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly stop_grace_period?: string;
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const VARIABLE = /\$\{(\w+)(?::-([^{}]*))?\}/g;

/** @param variables as an `.env` file would set them */
export function composeFile(variables: Readonly<Record<string, string>> = {}): ComposeFile {
  const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
  const filled = text.replaceAll(VARIABLE, (_, name: string, otherwise = '') => variables[name] ?? otherwise);
  return parse(filled, { merge: true }) as ComposeFile;
}

/** The last stage of the Dockerfile: what a container of the image begins with. */
export function dockerfile(): { entrypoint: string[]; env: Record<string, string>; user: string; text: string } {
  const text = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
  const last = text.slice(text.lastIndexOf('\nFROM '));
  /** What an instruction says that holds in the end. */
  const after = (word: string): string => [...last.matchAll(new RegExp(`^${word} (.*)$`, 'gm'))].at(-1)?.[1] ?? '';
  const env = Object.fromEntries(
    after('ENV')
      .split(' ')
      .map((pair) => pair.split('=') as [string, string]),
  );
  return { entrypoint: JSON.parse(after('ENTRYPOINT')) as string[], env, user: after('USER'), text: last };
}

/** Names of the settings that docs/settings.md explains. */
export const documentedSettings = (): Set<string> =>
  new Set(
    [...readFileSync(join(ROOT, 'docs/settings.md'), 'utf8').matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name ?? ''),
  );
