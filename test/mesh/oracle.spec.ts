// The differential oracle over NATS: the agent in a process of its own, at its own endpoint and through the gateway.
import { afterAll, beforeAll, expect } from 'vitest';
import { type OracleLab, startLab } from '../oracle/src/labs.js';
import { narrowToken, runSeeds, told } from '../oracle/src/run.js';
import { verifies } from '../requirements.js';

let lab: OracleLab;
beforeAll(async () => {
  lab = await startLab('mesh');
});
afterAll(() => lab?.[Symbol.asyncDispose]());

verifies('wire:same-as-agent', async () => {
  const outcome = await runSeeds(lab, { from: 1, seeds: 60, narrowToken: await narrowToken(lab) });
  expect(outcome.differences.map((difference) => told(difference, 'mesh'))).toEqual([]);
});
