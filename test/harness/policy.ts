// The operator's policy at work on somebody who is already there: how soon a rule refuses them, wherever they call, and who hears of it.
import type { LabClient } from '@labmesh/testing';
import type { Lab } from './lab-under-test.js';
import { type RawAnswer, rawCall } from './raw-calls.js';
import { roundsUntil } from './rounds.js';

export interface Person {
  readonly walletId: string;
  /** A client key. */
  readonly token: string;
  readonly refreshToken: string;
}

export async function personWith(operator: LabClient, role: string): Promise<Person> {
  const { walletId } = await operator.call<{ walletId: string }>('chancellor_create_boilerplate_wallet', { role });
  const make = (how: object) =>
    operator.call<{ token: string; refreshToken: string }>('sentinel_generate_wallet_token', { walletId, ...how });
  const { token } = await make({ kind: 'client_key' });
  const { refreshToken } = await make({ refreshable: true });
  return { walletId, token, refreshToken };
}

export interface PolicyDocument {
  readonly roles?: Readonly<Record<string, readonly string[]>>;
  readonly rules?: readonly object[];
  readonly anomalies?: object;
}

export interface SetAnswer {
  readonly version: number;
  readonly set: boolean;
  readonly changes: readonly string[];
  readonly tools: ReadonlyArray<{ role: string; gained: string[]; lost: string[] }>;
}

export const setPolicy = (operator: LabClient, policy: PolicyDocument): Promise<SetAnswer> =>
  operator.call<SetAnswer>('sentinel_set_policy', { policy, note: 'A story' });

/** What comes before the lab's policy was touched. */
export const restoreBuiltIn = (operator: LabClient): Promise<SetAnswer> =>
  operator.call<SetAnswer>('sentinel_set_policy', { restore: 0, note: 'The story is over' });

/** An endpoint and a tool's name there. */
export interface Place {
  readonly url: string;
  readonly tool: string;
}

export const callAt = (place: Place, { token }: Person): Promise<RawAnswer> =>
  rawCall({ url: place.url, token }, place.tool);

/** Rounds until a call at this place has this outcome: "ok" or the error's code. @throws Error when it never has */
export async function untilOutcome(place: Place, person: Person, wanted: string): Promise<number> {
  let last: RawAnswer | undefined;
  const so = async (): Promise<boolean> => {
    last = await callAt(place, person);
    return last.status === 200 && (last.isError ? String(last.body.code) : 'ok') === wanted;
  };
  return roundsUntil(so).catch((cause) => {
    throw new Error(`${place.tool} at ${place.url} did not become ${wanted}: ${JSON.stringify(last)}`, { cause });
  });
}

/** The role that a sign-in from before has, when it renews itself. */
export async function renewed(gateway: string, { refreshToken }: Person): Promise<{ status: number; role?: string }> {
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
  const answer = await fetch(`${gateway}/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (token === undefined) return { status: answer.status };
  const { body } = await rawCall({ url: gateway, token }, 'sentinel_explain_access', { tool: 'sentinel_list_tokens' });
  return { status: answer.status, role: String(body.role) };
}

/** Counts what clients of both eras hear of the list of tools. */
export async function listening(lab: Lab, { token }: Person) {
  const heard = { '2026-07-28': 0, '2025-11-25': 0 };
  const clients = new Map<keyof typeof heard, LabClient>();
  for (const era of ['2026-07-28', '2025-11-25'] as const) {
    const listener = await lab.connect(token, { era });
    clients.set(era, listener);
    listener.client.setNotificationHandler('notifications/tools/list_changed', () => {
      heard[era] += 1;
    });
    if (era === '2026-07-28') await listener.client.listen({ toolsListChanged: true });
  }
  return {
    heard,
    /** Lists as this person's clients see them, in both eras. */
    names: async (): Promise<string[][]> => {
      const lists: string[][] = [];
      for (const { client } of clients.values()) {
        const { tools } = await client.listTools(undefined, { cacheMode: 'refresh' });
        lists.push(tools.map(({ name }) => name));
      }
      return lists;
    },
    [Symbol.asyncDispose]: async (): Promise<void> => {
      for (const client of clients.values()) await client[Symbol.asyncDispose]();
    },
  };
}
