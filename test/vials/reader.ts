// Who follows a tutorial: a folder like LabMesh's, a terminal in it, a wallet of their own, and the programs that they start beside it.
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Child, freePort, type LabClient, temporaryFolder } from '@labmesh/testing';
import { type Lab, ROOT } from '../harness/lab-under-test.js';
import { Terminal } from '../readme/commands.js';
import { type Owner, ownerOf } from './vial-project.js';

export interface TutorialReader extends Owner, AsyncDisposable {
  readonly terminal: Terminal;
  /** Where the tutorial has the project made, beside LabMesh's folder. */
  readonly project: string;
  /** Where the program of the tutorial listens here, in the place of the port that the tutorial names. */
  readonly port: number;
  /** Starts a program as it is written, and waits until this address answers. */
  start(command: string, address: string): Promise<void>;
}

/** @param named such as `observatory`, and the port that its tutorial names */
export async function readerOf(
  lab: Lab,
  operator: LabClient,
  named: { readonly project: string; readonly port: number; readonly vial: string; readonly role: string },
): Promise<TutorialReader> {
  const who = await ownerOf(lab, operator, named.vial, named.role);
  const port = await freePort();
  const folder = await temporaryFolder('tutorial');
  const [home, labmesh, project] = ['home', 'labmesh', named.project].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const made of [home, labmesh]) await mkdir(made);
  await symlink(join(ROOT, 'node_modules'), join(labmesh, 'node_modules'));
  const children: Child[] = [];
  // The home is its own for the project's key; what pip and npm have fetched before stays where it is.
  const { HOME = '' } = process.env;
  const env = {
    LABMESH_OUTPUT: 'table',
    LABMESH_URL: lab.url,
    LABMESH_TOKEN: who.token,
    XDG_STATE_HOME: home,
    HOME,
    PORT: String(port),
  };
  return {
    ...who,
    project,
    port,
    terminal: new Terminal(labmesh, env, (command) =>
      command.replaceAll(`127.0.0.1:${named.port}`, `127.0.0.1:${port}`),
    ),
    start: async (command, address) => {
      const child = new Child({
        command: 'bash',
        args: ['-c', `exec ${command}`],
        cwd: project,
        env: { PORT: `${port}` },
      });
      children.push(child);
      await child.until(async () => (await fetch(address)).ok);
    },
    [Symbol.asyncDispose]: async () => {
      for (const child of children) await child.stop();
      await who.owner[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
