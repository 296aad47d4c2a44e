// Policies ready for deciding, for tests.

import { BUILT_IN_POLICY, Policy } from '@labmesh/contracts';
import type { z } from 'zod';
import { CompiledPolicy } from './compiled-policy.js';

export const BUILT_IN = new CompiledPolicy(BUILT_IN_POLICY, 0);

/** What an endpoint's catalogue asks, where the policy never changes. */
export const builtIn = { current: BUILT_IN };

export const policyOf = (document: z.input<typeof Policy>, nowMs = 0): CompiledPolicy =>
  new CompiledPolicy({ version: 1, policy: Policy.parse(document) }, nowMs);
