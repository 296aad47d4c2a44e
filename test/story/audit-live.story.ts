// The audit log as it is written: events at once, streams that are taken up again, rights that end a stream. One process or many.
import type { LabClient } from '@labmesh/testing';
import fc from 'fast-check';
import { expect } from 'vitest';
import { type AuditStream, auditStream } from '../harness/audit-events.js';
import { newcomer } from '../harness/follower.js';
import type { Lab } from '../harness/lab-under-test.js';
import { roundsUntil } from '../harness/rounds.js';

const CALLS = 120;

const has = (stream: AuditStream, what: Record<string, string>): boolean =>
  stream.records().some(({ data }) => Object.entries(what).every(([name, value]) => data[name] === value));

/** Rounds until the stream is over. */
export async function roundsUntilOver(stream: AuditStream, operator: LabClient): Promise<number> {
  let over = false;
  void stream.closed.then(() => {
    over = true;
  });
  return roundsUntil(async () => {
    await operator.call('architect_list_available_templates');
    return over;
  });
}

/** Rounds from a call's answer until its record is on the stream. */
export async function eventAfter(lab: Lab, operator: LabClient): Promise<number> {
  const stream = await auditStream(lab, lab.operatorToken(), { query: { tool: 'get_balance' } });
  expect(stream.status).toBe(200);
  expect(stream.headers.get('content-type')).toBe('text/event-stream');
  const person = await newcomer(operator);
  await using theirs = await lab.connect(person.token);
  await theirs.call('chancellor_get_balance');
  const rounds = await roundsUntil(async () => {
    await operator.call('architect_list_available_templates');
    return has(stream, { walletId: person.walletId });
  });
  expect(new Set(stream.records().map(({ data }) => data.tool))).toEqual(new Set(['get_balance']));
  stream.cut();
  return rounds;
}

/**
 * Calls go on while the stream is cut wherever it happens to be and taken up again, at any of these addresses: what came
 * altogether is the log.
 */
export async function cutAndResumed(lab: Lab, operator: LabClient, urls: readonly string[] = [lab.url]): Promise<void> {
  const calls = (async () => {
    for (let call = 0; call < CALLS; call++) await operator.call('architect_list_available_templates');
    // After it nothing of this wallet's is to come.
    await operator.call('chancellor_get_balance');
  })();
  const { cursor: from } = await operator.call<{ cursor: string }>('sentinel_audit_log_stream', { limit: 1 });
  const got: string[] = [];
  let lastId = from;
  const cutAfter = fc.sample(fc.integer({ min: 1, max: 12 }), CALLS);
  let cuts = 0;
  const done = (stream: AuditStream): boolean => has(stream, { tool: 'get_balance' });
  for (let over = false; !over; ) {
    const url = urls[cuts % urls.length] ?? lab.url;
    const stream = await auditStream({ url }, lab.operatorToken(), { lastId });
    expect(stream.status).toBe(200);
    const enough = cutAfter[cuts % cutAfter.length] ?? 1;
    await expect.poll(() => done(stream) || stream.records().length >= enough, { interval: 1 }).toBe(true);
    stream.cut();
    await stream.closed;
    over = done(stream);
    got.push(...stream.records().map(({ data }) => String(data.cursor)));
    lastId = stream.lastId();
    cuts += 1;
  }
  await calls;
  expect(cuts).toBeGreaterThan(3);
  const logged: string[] = [];
  for (let after = from; ; ) {
    const page = await operator.call<{ records: Array<{ cursor: string }>; cursor: string }>(
      'sentinel_audit_log_stream',
      { after, limit: 1_000 },
    );
    logged.push(...page.records.map(({ cursor }) => cursor));
    if (page.cursor === after || page.records.length < 1_000) break;
    after = page.cursor;
  }
  expect(got.length).toBeGreaterThan(CALLS);
  expect(got).toEqual(logged.slice(0, got.length));
}

/** A withdrawn token ends its stream, with a word why. */
export async function withdrawnEnds(lab: Lab, operator: LabClient): Promise<number> {
  const made = await operator.call<{ token: string; tokenId: string }>('sentinel_generate_wallet_token', {
    kind: 'client_key',
  });
  const stream = await auditStream(lab, made.token);
  expect(stream.status).toBe(200);
  await operator.call('sentinel_revoke_token', { tokenId: made.tokenId });
  const rounds = await roundsUntilOver(stream, operator);
  expect(stream.events.at(-1)).toMatchObject({ event: 'end', data: { code: 'unauthenticated' } });
  return rounds;
}

/** Nobody, somebody without the right, a token that leaves it out, and questions that make no sense. */
export async function refusals(lab: Lab, operator: LabClient): Promise<void> {
  const nobody = await auditStream(lab, undefined);
  expect(nobody.status).toBe(401);
  expect(nobody.headers.get('www-authenticate')).toBe('Bearer realm="LabMesh"');
  expect((await auditStream(lab, 'lmk_nothing')).headers.get('www-authenticate')).toContain('invalid_token');
  await expect
    .poll(() => operator.call('sentinel_audit_log_stream', { tool: 'authenticate', outcome: 'unauthenticated' }))
    .toMatchObject({
      records: expect.arrayContaining([
        expect.objectContaining({ walletId: null, agent: 'endpoint', decision: 'deny' }),
      ]),
    });
  const citizen = await newcomer(operator);
  const refused = await auditStream(lab, citizen.token);
  expect(refused).toMatchObject({
    status: 403,
    refusal: { code: 'forbidden', message: expect.stringContaining('audit:read') },
  });
  const narrow = await operator.call<{ token: string }>('sentinel_generate_wallet_token', {
    toolset: ['curator_fetch_dataset'],
  });
  expect((await auditStream(lab, narrow.token)).status).toBe(403);
  const recorded = async (filter: Record<string, string>): Promise<number> => {
    const asked = { tool: 'audit_log_stream', limit: 1_000, ...filter };
    return (await operator.call<{ records: unknown[] }>('sentinel_audit_query', asked)).records.length;
  };
  const before = await recorded({ outcome: 'invalid_input' });
  const token = lab.operatorToken();
  const senseless: Array<Record<string, string>> = [
    { wallet: 'x' },
    { severity: 'awful' },
    { after: '-1' },
    { after: '999999999' },
    { agent: 'curater' },
    { tool: 'curator_fetch_datasets' },
    { agent: 'librarian', tool: 'fetch_dataset' },
    { outcome: 'fine' },
  ];
  for (const query of senseless) {
    const bad = await auditStream(lab, token, { query });
    expect(bad, JSON.stringify(query)).toMatchObject({ status: 400, refusal: { code: 'invalid_input' } });
  }
  const posted = await fetch(`${lab.url}/audit/events`, { method: 'POST' });
  expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET']);
  // Each is in the log: refusals, questions that make no sense, and streams that were opened.
  await expect.poll(() => recorded({ walletId: citizen.walletId, decision: 'deny' })).toBe(1);
  await expect.poll(() => recorded({ outcome: 'invalid_input' })).toBe(before + senseless.length);
  expect(await recorded({ outcome: 'ok' })).toBeGreaterThan(0);
  await names(operator);
}

/** Tools go by either name; a name that no record has is refused with those there are, by every tool that takes one. */
async function names(operator: LabClient): Promise<void> {
  await operator.call('curator_list_available_datasets', { limit: 1 });
  const either = ['curator_list_available_datasets', 'list_available_datasets'];
  for (const tool of either)
    await expect
      .poll(() => operator.call('sentinel_audit_query', { tool, limit: 1 }))
      .toMatchObject({ records: [{ agent: 'curator', tool: 'list_available_datasets' }] });
  const walletId = 'wal_00000000-0000-7000-8000-000000000000';
  const turned = { from: '2027-01-02T00:00:00Z', to: '2027-01-01T00:00:00Z' };
  const refused: ReadonlyArray<[string, Record<string, unknown>, string, RegExp]> = [
    ['sentinel_audit_query', { agent: 'curater' }, 'invalid_input', /curator, endpoint, gateway, librarian/],
    ['sentinel_audit_log_stream', { tool: 'no_tool' }, 'invalid_input', /curator_fetch_dataset/],
    ['sentinel_audit_query', { outcome: 'fine' }, 'invalid_input', /"ok"\|"invalid_input"/],
    ['sentinel_audit_query', { walletId }, 'not_found', /no wallet wal_0{8}/],
    ['sentinel_audit_query', turned, 'invalid_input', /no time is from/],
    ['sentinel_anomaly_report', { walletId }, 'not_found', /no wallet wal_0{8}/],
    ['sentinel_anomaly_report', turned, 'invalid_input', /no time is from/],
    ['sentinel_scan_for_anomalies', { ...turned, walletId }, 'invalid_input', /no time is from/],
    ['sentinel_list_tokens', { walletId }, 'not_found', /no wallet wal_0{8}/],
  ];
  for (const [tool, filter, code, message] of refused)
    expect(await operator.refused(tool, filter), tool).toMatchObject({ code, message: expect.stringMatching(message) });
}
