// Runs once before the stories and once after them: the lab that they share.
import type { TestProject } from 'vitest/node';
import { oneProcessLab } from './lab-under-test.js';
import './shared-lab.js';

export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  // Many stories call as the operator, and try bad tokens from the same address: together they would be too many.
  // Sources of the stories are servers on this machine.
  const lab = await oneProcessLab({
    LABMESH_FAILED_AUTH_PER_MINUTE: '0',
    LABMESH_RATE_PER_SECOND: '0',
    LABMESH_FETCH_ALLOW: '127.0.0.1',
  });
  provide('lab', { mode: 'lab', port: Number(new URL(lab.url).port), home: lab.home });
  return async () => lab[Symbol.asyncDispose]();
}
