// A campaign in the middle of ordinary life: the lab's calls and the campaign's, in the order of their time.
import type { Campaign } from './campaigns/campaigns.js';
import type { SimulatedCall } from './simulated-call.js';
import { type LabOptions, SimulatedLab } from './simulated-lab.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Where a campaign does not care, it begins in the victim's working day. */
const INTO_THE_DAY_HOURS = 2;

/** @param options days of ordinary life; the campaign begins on the last but one */
export function scenario(campaign: Campaign, options: LabOptions): SimulatedCall[] {
  const lab = new SimulatedLab(options);
  const victim =
    lab.principals.find(({ habit, role }) => habit === 'person' && role === 'researcher') ?? lab.principals[0];
  if (victim === undefined) return [];
  const ordinary = [...lab.calls()];
  const { fromHour, hours } = victim;
  const hour = campaign.atNight === true ? fromHour + hours + (24 - hours) / 2 : fromHour + INTO_THE_DAY_HOURS;
  const start = lab.start + (options.days - 2) * DAY_MS + hour * HOUR_MS;
  const attack = campaign
    .calls({ random: lab.random, victim, start })
    .map((call) => ({ ...call, campaign: campaign.name }));
  return [...ordinary, ...attack].sort((a, b) => a.at - b.at);
}
