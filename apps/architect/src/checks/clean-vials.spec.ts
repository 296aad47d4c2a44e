// A project of an installed vial is clean: whoever starts one sees no alarm.
import { fileURLToPath } from 'node:url';
import { lookThrough } from '@labmesh/projects/rules';
import { describe, expect, it } from 'vitest';
import { checkInputs } from '../templates/inputs-schema.js';
import { projectFiles } from '../templates/project-files.js';
import { readTemplates } from '../templates/reading.js';

const vials = await readTemplates(fileURLToPath(new URL('../../vials', import.meta.url)));
const OWNER = 'wal_01940000-0000-7000-8000-000000000002';
const LAB_URL = 'http://127.0.0.1:3000';

describe.each(vials)('$name', (vial) => {
  it('has nothing to mend', async () => {
    const { values } = checkInputs(vial.checkInputs, {});
    const making = {
      projectId: 'prj_01940000-0000-7000-8000-000000000001',
      name: 'study',
      owner: OWNER,
      labUrl: LAB_URL,
    };
    const facts = { wallet: OWNER, labUrl: LAB_URL, walletState: async () => 'unknown' as const };
    const { findings } = await lookThrough({ files: projectFiles(vial, { ...making, inputs: values }) }, facts);
    expect(findings).toEqual([]);
  });
});
