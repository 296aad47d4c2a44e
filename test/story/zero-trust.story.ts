// Passes as an intruder on the bus would use them: another agent's, an old one, one that asks for more than its agent declares.
import type { Bus } from '@labmesh/bus';
import { AGENTS, toolSubject } from '@labmesh/contracts';
import { expect } from 'vitest';

export interface Intruder {
  readonly bus: Pick<Bus, 'request'>;
  /** The gateway's address. */
  readonly url: string;
  readonly token: string;
}

const TIMEOUT_MS = 10_000;

/** A call on the bus, with whatever pass. */
export const call = ({ bus }: Pick<Intruder, 'bus'>, name: string, body: object, pass?: string): Promise<unknown> => {
  const [agent = '', tool = ''] = name.split('.');
  const headers: Record<string, string> = pass === undefined ? {} : { pass };
  return bus.request(toolSubject(agent, tool), body, { headers, timeoutMs: TIMEOUT_MS });
};

/** A pass to `agent`: of whoever holds `credential`, or of `actor`, who was called with it. */
export async function passTo(
  intruder: Intruder,
  agent: string,
  acting?: { pass: string; actor: string },
): Promise<string> {
  const shown =
    acting === undefined ? { credential: intruder.token } : { credential: acting.pass, actor: acting.actor };
  return ((await call(intruder, 'sentinel.issue_pass', { agent, ...shown })) as { pass: string }).pass;
}

const READS: ReadonlyArray<readonly [agent: string, tool: string, input: object]> = [
  ['curator', 'list_available_datasets', {}],
  ['sentinel', 'list_tokens', {}],
  ['chancellor', 'get_balance', {}],
  ['architect', 'list_available_templates', {}],
  ['mechanic', 'get_system_health', {}],
  ['librarian', 'get_agent_manifest', {}],
];

/** A pass is good at the one agent it is for: not at another, not at the gateway, not to make the next. */
export async function stolenPass(intruder: Intruder): Promise<void> {
  for (const [agent, tool, input] of READS) {
    const pass = await passTo(intruder, agent);
    expect(await call(intruder, `${agent}.${tool}`, input, pass)).toBeTypeOf('object');
    for (const [other, theirs, body] of READS.filter(([name]) => name !== agent))
      await expect(
        call(intruder, `${other}.${theirs}`, body, pass),
        `${agent}'s pass at ${other}`,
      ).rejects.toMatchObject({
        code: 'unauthenticated',
      });
    const refused = await fetch(`${intruder.url}/mcp`, {
      method: 'POST',
      headers: { authorization: `Bearer ${pass}` },
    });
    expect(refused.status).toBe(401);
    // Shown by the wrong agent, or as if it were a credential.
    for (const shown of [{ actor: agent === 'curator' ? 'sentinel' : 'curator' }, {}])
      await expect(
        call(intruder, 'sentinel.issue_pass', { agent: 'chancellor', credential: pass, ...shown }),
      ).rejects.toMatchObject({ code: 'unauthenticated' });
  }
  await expect(call(intruder, 'chancellor.get_balance', {})).rejects.toMatchObject({ code: 'unauthenticated' });
}

/** An agent that was broken into has the passes it is called with, and gets no further than its contract says. */
export async function beyondNeeds(intruder: Intruder): Promise<void> {
  for (const [actor] of READS.filter(([agent]) => agent !== 'sentinel')) {
    const pass = await passTo(intruder, actor);
    const needs = AGENTS.find(({ name }) => name === actor)?.needs ?? {};
    for (const [agent] of READS.filter(([other]) => !(other in needs)))
      await expect(passTo(intruder, agent, { pass, actor }), `${actor} to ${agent}`).rejects.toMatchObject({
        code: 'forbidden',
      });
  }
  const held = { pass: await passTo(intruder, 'sentinel'), actor: 'sentinel' };
  await expect(passTo(intruder, 'curator', held)).rejects.toMatchObject({ code: 'forbidden' });
  const declared = await passTo(intruder, 'chancellor', held);
  const { walletId } = (await call(intruder, 'chancellor.get_balance', {}, await passTo(intruder, 'chancellor'))) as {
    walletId: string;
  };
  expect(await call(intruder, 'chancellor.get_wallet', { walletId }, declared)).toMatchObject({ role: 'operator' });
  const more: ReadonlyArray<readonly [string, object]> = [
    ['get_balance', {}],
    ['create_boilerplate_wallet', { role: 'developer' }],
    ['execute_transaction', { to: walletId, amount: '1', idempotencyKey: 'stolen-1' }],
    ['wallet:read', { params: { id: walletId } }],
  ];
  for (const [tool, input] of more)
    await expect(call(intruder, `chancellor.${tool}`, input, declared), tool).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('does not declare') as string,
    });
}
