// The form in which a password is kept is PostgreSQL's own.
import { postgresDatabase } from '@labmesh/testing';
import { expect, it } from 'vitest';
import { scramVerifier } from './scram.js';

it('makes of a password what PostgreSQL makes of it', async () => {
  await using database = await postgresDatabase();
  const role = `${database.name}_scram`;
  await database.sql(`SET password_encryption = 'scram-sha-256'; CREATE ROLE "${role}" PASSWORD 'p4ss-_word'`);
  const { rows } = await database.sql(`SELECT rolpassword AS kept FROM pg_authid WHERE rolname = '${role}'`);
  const { kept } = rows[0] as { kept: string };
  const salt = Buffer.from(/^SCRAM-SHA-256\$4096:([^$]+)\$/.exec(kept)?.[1] ?? '', 'base64');
  expect(salt).toHaveLength(16);
  expect(scramVerifier('p4ss-_word', salt)).toBe(kept);
  expect(scramVerifier('p4ss-_word')).toBe(scramVerifier('p4ss-_word'));
  expect(scramVerifier('p4ss-_word')).not.toBe(scramVerifier('p4ss-_worD'));
});
