// Writes the configuration of a NATS server that knows the processes of the mesh. Holds public keys only: it is no secret.
import type { AgentContract } from '@labmesh/contracts';
import { nkeys } from '@nats-io/transport-node';
import { MESSAGE_MAX_BYTES } from '../json-copy.js';
import { appsOf, rightsOf } from './rights.js';

/** A new identity for a process: the seed proves it, and stays with the process alone. */
export const newNatsSeed = (): string => Buffer.from(nkeys.createUser().getSeed()).toString('ascii');

/**
 * @param seeds of each process by its name: the gateway's and every agent's
 * @throws Error when one is missing, or is no seed of a user
 */
export function natsServerConfig(agents: readonly AgentContract[], seeds: ReadonlyMap<string, string>): string {
  const users = appsOf(agents).map((app) => {
    const { publish, subscribe } = rightsOf(app, agents);
    return `      # ${app}
      {
        nkey: ${publicKeyOf(app, seeds.get(app))}
        permissions: {
          publish: { allow: ${list(publish)} }
          subscribe: { allow: ${list(subscribe)} }
        }
      }`;
  });
  return `# Who may say and hear what at this server, made from LabMesh's contracts by "npx @labmesh/cli mesh init". It is written anew each
# time: change a copy, or put your own settings into a file that includes this one.
max_payload: ${MESSAGE_MAX_BYTES}
jetstream: enabled
accounts: {
  LABMESH: {
    jetstream: enabled
    users: [
${users.join('\n')}
    ]
  }
}
`;
}

const list = (subjects: readonly string[]): string =>
  `[\n${[...new Set(subjects)].map((subject) => `            ${JSON.stringify(subject)}`).join('\n')}\n          ]`;

function publicKeyOf(app: string, seed: string | undefined): string {
  if (seed === undefined) throw new Error(`There is no seed for ${app}`);
  return nkeys.fromSeed(Buffer.from(seed)).getPublicKey();
}
