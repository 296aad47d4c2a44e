// A project that the lab made of one of its vials, as its owner has it: the folder with its .env, and a wallet with some money.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type LabClient, packageSources } from '@labmesh/testing';
import type { Lab } from '../harness/lab-under-test.js';

/** Installing PyTorch is the longest of all. */
const COMMAND_MS = 900_000;

export interface Owner {
  readonly walletId: string;
  /** A key with all rights of the wallet. */
  readonly token: string;
  /** A client with it. */
  readonly owner: LabClient;
}

export interface VialProject extends Owner {
  readonly projectId: string;
  readonly folder: string;
}

/** A wallet with this role and some money. */
export async function ownerOf(lab: Lab, operator: LabClient, vial: string, role: string): Promise<Owner> {
  const { walletId } = await operator.call<{ walletId: string }>('chancellor_create_boilerplate_wallet', {
    role,
    label: vial,
  });
  await operator.call('chancellor_execute_transaction', { to: walletId, amount: '20', idempotencyKey: walletId });
  const { token } = await operator.call<{ token: string }>('sentinel_generate_wallet_token', {
    walletId,
    kind: 'client_key',
  });
  return { walletId, token, owner: await lab.connect(token) };
}

/** Has the Architect make the project on the lab's disk, for an owner of its own. */
export async function projectOf(lab: Lab, operator: LabClient, vial: string, role: string): Promise<VialProject> {
  const who = await ownerOf(lab, operator, vial, role);
  const made = { template: vial, name: `my-${vial}-${role}`, place: 'folder' };
  const { project } = await who.owner.call<{ project: { projectId: string; folder: string } }>(
    'architect_instantiate_template',
    made,
  );
  return { ...project, ...who };
}

/** Runs a program in the folder. Rejects with all that it wrote when it fails. */
export function runIn(
  folder: string,
  [program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  return new Promise((resolve, reject) => {
    execFile(
      program,
      args,
      { cwd: folder, env: { PATH, HOME, ...packageSources(), ...env }, timeout: COMMAND_MS, maxBuffer: 1e8 },
      (error, out, err) => {
        if (error === null) resolve(out);
        else reject(new Error(`${program} ${args.join(' ')}\n${out}${err}`, { cause: error }));
      },
    );
  });
}

/**
 * The Python environment of a project, with its own requirements. PyTorch comes by pip, which takes the build for CPUs here; uv, which
 * installs the others in a tenth of pip's time, would bring the gigabytes of CUDA.
 */
export async function installPython(folder: string, torch?: string): Promise<void> {
  await runIn(folder, ['python3', '-m', 'venv', '.venv']);
  if (torch !== undefined) await runIn(folder, ['.venv/bin/pip', 'install', '--quiet', torch]);
  await runIn(folder, ['uv', 'pip', 'install', '--quiet', '--python', '.venv/bin/python', '-e', '.[test]']);
}

/** The PATH of the lab: its worker installs by pip, for the same reason. */
export const pathWithoutUv = (): string =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !existsSync(join(folder, 'uv')))
    .join(delimiter);
