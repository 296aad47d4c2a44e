// A YAML document that takes more memory than a reader has: the reader's thread ends, and nothing else.
import { afterAll, expect, it } from 'vitest';
import { readRows } from './codec.js';
import { closeYaml } from './yaml.js';

afterAll(closeYaml);

it('the thread for YAML ends alone when a document takes too much memory, and the next one is read', async () => {
  const large = Buffer.from(`- a: [${'{},'.repeat(900_000)}]`);
  await expect(readRows('yaml', large)).rejects.toMatchObject({ code: 'too_large' });
  await expect(readRows('yaml', Buffer.from('- a: 1'))).resolves.toMatchObject({ rows: [{ a: 1 }] });
});
