// Another wallet's ids get nobody anything; and the walk that shows it cannot pass over a new tool.
import { curator, defineTool, type NamedTool, publicTools } from '@labmesh/contracts';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Belongings } from '../harness/belongings.js';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';
import { ownershipWalk, uncovered } from './ownership.story.js';
import { ownershipTable } from './ownership.table.js';

verifies('trust:ownership', () => ownershipWalk(sharedLab()));

it('misses no tool and no id', () => {
  const table = ownershipTable({} as Belongings);
  const spec = defineTool({
    title: '',
    description: '',
    effect: 'read',
    permission: 'dataset:read',
    input: z.object({ datasetId: z.string(), note: z.string() }),
    output: z.object({}),
    errors: [],
    timeoutMs: 1_000,
  });
  const added: NamedTool = { agent: 'curator', tool: 'of_tomorrow', spec };
  const grown: NamedTool = { agent: 'curator', tool: 'submit_dataset', spec };
  expect(uncovered([...publicTools([curator]), added], table)).toEqual(['curator_of_tomorrow']);
  expect(uncovered([grown], table)).toEqual(['curator_submit_dataset.datasetId']);
});
