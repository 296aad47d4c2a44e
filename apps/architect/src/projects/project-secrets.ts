// Secret inputs of projects: sealed by the Sentinel before they are stored, and opened for one call of their owner's. They are in no
// file, no log and no other answer.
import type { Bus } from '@labmesh/bus';
import { askSentinel } from '@labmesh/identity';
import { BUS } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';

/** Sealed, or plain, by the name of the input. */
type Secrets = Readonly<Record<string, string>>;

const purposeOf = (projectId: string, input: string): string => `architect project secret ${projectId} ${input}`;

@Injectable()
export class ProjectSecrets {
  constructor(@Inject(BUS) private readonly bus: Pick<Bus, 'request'>) {}

  /** @throws AppError unavailable when the Sentinel does not answer */
  seal(projectId: string, secrets: Secrets): Promise<Secrets> {
    return each(secrets, async (input, secret) => {
      const purpose = purposeOf(projectId, input);
      return (await askSentinel(this.bus, 'seal_secret', { secret, purpose })).sealed;
    });
  }

  /** @throws AppError as `seal`; conflict for what was sealed for another project */
  open(projectId: string, sealed: Secrets): Promise<Secrets> {
    return each(sealed, async (input, text) => {
      const purpose = purposeOf(projectId, input);
      return (await askSentinel(this.bus, 'open_secret', { sealed: text, purpose })).secret;
    });
  }
}

async function each(values: Secrets, change: (name: string, value: string) => Promise<string>): Promise<Secrets> {
  const entries = Object.entries(values).map(async ([name, value]) => [name, await change(name, value)] as const);
  return Object.fromEntries(await Promise.all(entries));
}
