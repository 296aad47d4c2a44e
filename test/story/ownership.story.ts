// A walk over everything the lab offers, as one wallet with another wallet's ids in hand.
import {
  AGENTS,
  expandUri,
  gateway,
  gatewayName,
  type NamedTool,
  publicTools,
  templateNames,
} from '@labmesh/contracts';
import { type LabClient, said } from '@labmesh/testing';
import { expect } from 'vitest';
import { AMOUNT, type Belongings, belongingsOf, newcomer, PRIVATE } from '../harness/belongings.js';
import type { Lab } from '../harness/lab-under-test.js';
import type { Row } from './ownership.rows.js';
import { ownershipTable, resourceTable } from './ownership.table.js';

/** Members of an input that can name what is somebody's. `from` and `to` are times in some tools: the schema tells. */
const NAMES_SOMETHING = /(Id|Ids|Hash|hashes|Token|encrypted|cursor|before|file|uri)$|^(from|to|id|ids)$/;

interface Schema {
  readonly format?: string;
  readonly enum?: unknown;
}

const nameOf = ({ agent, tool }: NamedTool): string => (agent === gateway.name ? tool : gatewayName(agent, tool));

function idMembers({ spec }: NamedTool): string[] {
  const { properties = {} } = spec.input.toJSONSchema({ io: 'input' }) as { properties?: Record<string, Schema> };
  return Object.entries(properties)
    .filter(
      ([name, { format, enum: choices }]) =>
        NAMES_SOMETHING.test(name) && format !== 'date-time' && choices === undefined,
    )
    .map(([name]) => name);
}

/** What the table leaves out, by name: nothing, or the walk would pass over it. */
export function uncovered(tools: readonly NamedTool[], table: Readonly<Record<string, Row>>): string[] {
  return tools.flatMap((tool) => {
    const row = table[nameOf(tool)];
    if (row === undefined) return [nameOf(tool)];
    const spoken = [...Object.keys(row.theirs ?? {}), ...Object.keys(row.shared ?? {})];
    return idMembers(tool)
      .filter((member) => !spoken.includes(member))
      .map((member) => `${nameOf(tool)}.${member}`);
  });
}

/** What of the owner is in an answer, but for what the question itself had in it. */
function told(answer: unknown, question: unknown, a: Belongings): string[] {
  const { solution: _shared, datasetCursor: _datasets, historyCursor: _history, ...ids } = a;
  const [answered, asked] = [JSON.stringify(answer), JSON.stringify(question)];
  return [PRIVATE, AMOUNT, ...Object.values(ids)].filter((word) => answered.includes(word) && !asked.includes(word));
}

async function ask(client: LabClient, name: string, args: Record<string, unknown>) {
  const result = await client.client.callTool({ name, arguments: args });
  return { failed: result.isError === true, answer: said(result), all: result };
}

async function walkTools(client: LabClient, a: Belongings): Promise<void> {
  const tools = publicTools([...AGENTS, gateway]);
  const table = ownershipTable(a);
  expect(uncovered(tools, table)).toEqual([]);
  expect(Object.keys(table).filter((name) => !tools.some((tool) => nameOf(tool) === name))).toEqual([]);
  for (const [name, { theirs = {}, plain }] of Object.entries(table)) {
    for (const [member, { args, ends }] of Object.entries(theirs)) {
      const { failed, answer, all } = await ask(client, name, args);
      expect(told(all, args, a), `${name} with ${member}`).toEqual([]);
      if (ends === 'own') expect(failed, `${name} with ${member}`).toBe(false);
      else
        expect({ failed, ...(answer as object) }, `${name} with ${member}`).toMatchObject({
          failed: true,
          code: expect.stringMatching(/^(forbidden|not_found|conflict)$/) as string,
        });
    }
    if (plain !== undefined) expect(told((await ask(client, name, plain)).all, plain, a), name).toEqual([]);
  }
}

async function walkResources(client: LabClient, a: Belongings): Promise<void> {
  const table = resourceTable(a);
  const uris = AGENTS.flatMap(({ resources }) => Object.values(resources).map(({ uri }) => uri));
  expect(Object.keys(table).sort()).toEqual([...uris].sort());
  for (const uri of uris) {
    const row = table[uri];
    if (row === undefined || !('theirs' in row)) continue;
    const address = expandUri(uri, row.theirs);
    const failure = await client.client.readResource({ uri: address }).then(
      () => undefined,
      (error: unknown) => ({ ...(error as object), message: String(error) }),
    );
    expect(failure, address).toMatchObject({ code: -32_602 });
    expect(told(failure, address, a), address).toEqual([]);
    for (const name of templateNames(uri)) {
      const value = row.theirs[name]?.slice(0, -2) ?? '';
      const params = { ref: { type: 'ref/resource', uri } as const, argument: { name, value } };
      expect((await client.client.complete(params)).completion.values, address).toEqual([]);
    }
  }
  const listed = await client.client.listResources();
  expect(told(listed, {}, a)).toEqual([]);
}

/** Prompts are words: they say back what they are given, and nothing else of anybody. */
async function walkPrompts(client: LabClient, a: Belongings): Promise<void> {
  const given: Readonly<Record<string, string>> = {
    datasetId: a.datasetId,
    to: a.walletId,
    amount: '1',
    format: 'csv',
  };
  const { prompts } = await client.client.listPrompts();
  expect(prompts.length).toBeGreaterThan(5);
  for (const { name, arguments: members = [] } of prompts) {
    const args = Object.fromEntries(
      members.map((member) => [member.name, given[member.name] ?? 'data-scientist-vial']),
    );
    const answer = await client.client.getPrompt({ name, arguments: args }).catch((error: unknown) => String(error));
    expect(told(answer, args, a), name).toEqual([]);
  }
}

export async function ownershipWalk(lab: Lab): Promise<void> {
  await using operator = await lab.connect(lab.operatorToken());
  const owner = await newcomer(lab, operator, PRIVATE);
  const other = await newcomer(lab, operator, 'somebody else');
  const a = await belongingsOf(owner, operator);
  const holdings = async () => {
    const { balance } = await owner.client.call<{ balance: string }>('chancellor_get_balance');
    const { tokens } = await owner.client.call<{ tokens: unknown[] }>('sentinel_list_tokens');
    const { datasets } = await owner.client.call<{ datasets: unknown[] }>('curator_list_available_datasets');
    return { balance, tokens: tokens.length, datasets };
  };
  // What the owner's dataset earns comes when the lab gets to it.
  const earned = async () => {
    const { rewards } = await owner.client.call<{ rewards: Array<{ status: string }> }>('chancellor_preview_rewards');
    return rewards.map(({ status }) => status);
  };
  await expect.poll(earned, { timeout: 30_000 }).toEqual(['paid']);
  const before = await holdings();
  await walkTools(other.client, a);
  await walkResources(other.client, a);
  await walkPrompts(other.client, a);
  expect(await holdings()).toEqual(before);
  // The words are there to be found: their owner finds them.
  const own = await ask(owner.client, 'curator_fetch_dataset', { datasetId: a.datasetId });
  expect(told(own.all, {}, a)).toEqual(expect.arrayContaining([PRIVATE, a.datasetId]));
  for (const { client } of [owner, other]) await client[Symbol.asyncDispose]();
}
