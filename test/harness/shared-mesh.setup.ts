// Runs once before the mesh stories and once after them: the mesh that they share.
import type { TestProject } from 'vitest/node';
import { mesh } from './lab-under-test.js';
import './shared-mesh.js';

/** Many stories try bad tokens from the same address: together they would be too many. Sources are servers on this machine. */
const SETTINGS = { LABMESH_FAILED_AUTH_PER_MINUTE: '0', LABMESH_FETCH_ALLOW: '127.0.0.1' };

export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const lab = await mesh(SETTINGS);
  provide('mesh', { place: lab.place, settings: SETTINGS });
  return async () => lab[Symbol.asyncDispose]();
}
