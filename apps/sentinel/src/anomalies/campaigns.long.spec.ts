// The models that come with Sentinel, against simulated labs that they have not seen: every campaign is found, and ordinary
// work is left alone.
import { fileURLToPath } from 'node:url';
import { callTexts, ModelScorer, type Score, ScoringThread } from '@labmesh/anomaly';
import { textFieldsOfTool } from '@labmesh/contracts';
import { CAMPAIGNS, type SimulatedCall, SimulatedLab, scenario } from '@labmesh/traffic';
import { describe, expect, it } from 'vitest';
import { BehaviourScores } from './behaviour-scores.js';

const MODELS = fileURLToPath(new URL('../../models/', import.meta.url));
const SEED = 104;
/** Alarms are so few that one lab would say little. */
const NORMAL_SEEDS = [105, 106, 107];
const DAY_MS = 86_400_000;
/** The windows need to have seen a week. */
const QUIET_DAYS = 7;
const NORMAL_DAYS = 18;
const BATCH = 500;

interface CallScores {
  /** Nothing when the call has no text. */
  readonly content?: Score | undefined;
  readonly behaviour?: Score | undefined;
}

/** Scores of what `asked` chooses, as a running lab makes them; the rest only fills the windows. */
async function scoresOf(
  calls: Iterable<SimulatedCall>,
  asked: (call: SimulatedCall) => boolean,
): Promise<CallScores[]> {
  await using thread = new ScoringThread();
  const content = await ModelScorer.open(thread, `${MODELS}content.onnx`);
  const behaviour = new BehaviourScores(await ModelScorer.open(thread, `${MODELS}behaviour.onnx`));
  const scores: CallScores[] = [];
  let batch: SimulatedCall[] = [];
  const score = async (): Promise<void> => {
    const texts = batch.map((call) => callTexts(call.arguments, textFieldsOfTool(call)));
    const rows = texts.flat().map(({ field, text }) => ({ text, categories: [field] }));
    const ofTexts = (await content.scoreAll(rows)).values();
    const ofDeeds = await behaviour.score(batch.map(recorded));
    expect(ofDeeds).toHaveLength(batch.length);
    for (const [at, ofCall] of texts.entries())
      scores.push({ content: worst(ofCall.map(() => ofTexts.next().value)), behaviour: ofDeeds[at]?.score });
    batch = [];
  };
  for (const call of calls) {
    if (asked(call)) batch.push(call);
    // The windows take calls in the order of their time.
    if (batch.length > 0 && (!asked(call) || batch.length === BATCH)) await score();
    if (!asked(call)) behaviour.recall([recorded(call)]);
  }
  await score();
  return scores;
}

/** A call is as unusual as the most unusual of its texts. */
const worst = (scores: ReadonlyArray<Score | undefined>): Score | undefined =>
  scores.toSorted((a, b) => (b?.value ?? 0) - (a?.value ?? 0))[0];

const recorded = (call: SimulatedCall) => ({ ...call, cursor: 0n, id: '', callId: '', counts: true });

const isAlarm = ({ content, behaviour }: CallScores): boolean => content?.alarm === true || behaviour?.alarm === true;

describe('the committed models', () => {
  it.each(CAMPAIGNS.map((campaign) => ({ name: campaign.name, campaign })))('find $name', async ({ campaign }) => {
    const scores = await scoresOf(scenario(campaign, { seed: SEED, days: 16 }), (call) => call.campaign !== undefined);
    const found = scores.filter((score) => score[campaign.shows]?.alarm === true);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]?.[campaign.shows]?.reasons.length).toBeGreaterThan(0);
  });

  it('raise at most one alarm in ten thousand normal calls', async () => {
    const scores: CallScores[] = [];
    for (const seed of NORMAL_SEEDS) {
      const lab = new SimulatedLab({ seed, days: NORMAL_DAYS });
      scores.push(...(await scoresOf(lab.calls(), ({ at }) => at >= lab.start + QUIET_DAYS * DAY_MS)));
    }
    expect(scores.length).toBeGreaterThan(40_000);
    expect(scores.filter(isAlarm).length).toBeLessThanOrEqual(scores.length / 10_000);
  });
});
