// The simulated lab speaks as a lab does: its calls fit the contracts, and the same seed says the same again.
import { AGENTS } from '@labmesh/contracts';
import { describe, expect, it } from 'vitest';
import { CAMPAIGNS } from './campaigns/campaigns.js';
import { scenario } from './scenario.js';
import { SimulatedLab } from './simulated-lab.js';

const specOf = (agent: string, tool: string) => {
  const contract = AGENTS.find(({ name }) => name === agent);
  return (
    contract?.tools as
      | Record<string, { input: { safeParse(value: unknown): { success: boolean; error?: unknown } } }>
      | undefined
  )?.[tool];
};

describe('ordinary life', () => {
  it('makes calls that the contracts accept', () => {
    let checked = 0;
    for (const { agent, tool, arguments: args } of new SimulatedLab({ seed: 3, days: 4 }).calls()) {
      if (agent === 'gateway' || tool.includes(':')) continue;
      const spec = specOf(agent, tool);
      expect(spec, `${agent}.${tool}`).toBeDefined();
      const parsed = spec?.input.safeParse(args);
      expect(parsed?.success, `${agent}.${tool} ${JSON.stringify(args)}`).toBe(true);
      checked += 1;
    }
    expect(checked).toBeGreaterThan(2_000);
  });

  it('is the same for the same seed, and in the order of time', () => {
    const calls = () => [...new SimulatedLab({ seed: 9, days: 2 }).calls()];
    const first = calls();
    expect(calls()).toEqual(first);
    expect(first.every(({ at }, index) => index === 0 || at >= (first[index - 1]?.at ?? 0))).toBe(true);
    expect([...new SimulatedLab({ seed: 10, days: 2 }).calls()]).not.toEqual(first);
  });
});

describe('campaigns', () => {
  it.each(CAMPAIGNS.map((campaign) => ({ name: campaign.name, campaign })))(
    '$name stands in the middle of it',
    ({ campaign }) => {
      const calls = scenario(campaign, { seed: 4, days: 3 });
      const attack = calls.filter((call) => call.campaign === campaign.name);
      expect(attack.length).toBeGreaterThan(4);
      expect(calls.length).toBeGreaterThan(attack.length + 500);
    },
  );
});
