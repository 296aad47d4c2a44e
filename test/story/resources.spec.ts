// Resources, templates, prompts and completions through the gateway, with the official client in both eras of the protocol.
import type { Era, LabClient } from '@labmesh/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';

const ERAS: readonly Era[] = ['2026-07-28', '2025-11-25'];
const FLARES = 'dataset://ds_donki-solar-flares-2016-2018';

interface Person {
  readonly walletId: string;
  readonly token: string;
}

const lab = sharedLab();
let operator: LabClient;
let ada: Person;
let ben: Person;
let adasDataset: string;
let adasParquet: string;

beforeAll(async () => {
  operator = await lab.connect(lab.operatorToken());
  ada = await person('researcher');
  ben = await person('citizen');
  await using client = await lab.connect(ada.token);
  const submitted = await client.call<{ dataset: { datasetId: string } }>('curator_submit_dataset', {
    name: 'stars',
    format: 'csv',
    content: 'name,magnitude\r\nSirius,-1.46\r\n',
  });
  adasDataset = submitted.dataset.datasetId;
  const turned = await client.call<{ dataset: { datasetId: string } }>('curator_transform_data_format', {
    datasetId: adasDataset,
    to: 'parquet',
  });
  adasParquet = turned.dataset.datasetId;
});
afterAll(async () => {
  await operator?.[Symbol.asyncDispose]();
});

async function person(role: string): Promise<Person> {
  const { walletId } = await operator.call<{ walletId: string }>('chancellor_create_boilerplate_wallet', { role });
  const { token } = await operator.call<{ token: string }>('sentinel_generate_wallet_token', { walletId });
  return { walletId, token };
}

const inBothEras = async (token: string, run: (lab: LabClient) => Promise<void>): Promise<void> => {
  for (const era of ERAS) {
    await using client = await lab.connect(token, { era });
    await run(client);
  }
};
const failure = (failing: Promise<unknown>): Promise<{ code?: number; message?: string; data?: unknown }> =>
  failing.then(
    () => ({}),
    (error: { code: number; message: string; data?: unknown }) => error,
  );

verifies('resources:read', async () => {
  await inBothEras(ada.token, async ({ client }) => {
    expect(client.getServerCapabilities()).toMatchObject({ resources: {}, prompts: {}, completions: {} });
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'dataset://{id}',
      'dataset://{id}/versions/{version}',
      'validation://{id}',
      'wallet://{id}',
      'proposal://{id}',
      'template://{name}/readme',
      'projects://{id}',
      'job://{id}',
      'jobs://{id}',
      'job://{id}/logs',
      'kb://{+file}',
      'agent://{name}',
    ]);
    const { resources } = await client.listResources();
    const uris = resources.map(({ uri }) => uri);
    expect(new Set(uris).size).toBe(uris.length);
    expect(uris).toEqual(
      expect.arrayContaining([
        FLARES,
        `dataset://${adasDataset}`,
        `wallet://${ada.walletId}`,
        'template://astronomer-vial/readme',
        'kb://docs/roles.md',
        'agent://curator',
      ]),
    );
    for (const uri of uris) {
      const { contents } = await client.readResource({ uri });
      expect(contents).toEqual([expect.objectContaining({ uri, mimeType: expect.any(String) })]);
    }
    const csv = await client.readResource({ uri: `dataset://${adasDataset}` });
    expect(csv.contents).toEqual([
      { uri: `dataset://${adasDataset}`, mimeType: 'text/csv', text: 'name,magnitude\r\nSirius,-1.46\r\n' },
    ]);
    const [parquet] = (await client.readResource({ uri: `dataset://${adasParquet}` })).contents;
    expect(parquet).toMatchObject({ mimeType: 'application/vnd.apache.parquet' });
    expect(
      Buffer.from((parquet as { blob: string }).blob, 'base64')
        .subarray(0, 4)
        .toString(),
    ).toBe('PAR1');
    const [wallet] = (await client.readResource({ uri: `wallet://${ada.walletId}` })).contents;
    expect(JSON.parse((wallet as { text: string }).text)).toMatchObject({
      walletId: ada.walletId,
      // Empty, or already paid for her dataset.
      balance: expect.stringMatching(/^[05]\.00$/),
    });
    const [agent] = (await client.readResource({ uri: 'agent://curator' })).contents;
    expect(JSON.parse((agent as { text: string }).text)).toMatchObject({ name: 'curator', status: 'up' });
  });
});

verifies('resources:owned', async () => {
  await inBothEras(ben.token, async ({ client }) => {
    const uris = (await client.listResources()).resources.map(({ uri }) => uri);
    expect(uris).not.toContain(`dataset://${adasDataset}`);
    expect(uris.filter((uri) => uri.startsWith('wallet://'))).toEqual([`wallet://${ben.walletId}`]);
    const dataset = `dataset://${adasDataset}`;
    expect(await failure(client.readResource({ uri: dataset }))).toMatchObject({
      code: -32602,
      data: { uri: dataset },
    });
    expect(await failure(client.readResource({ uri: `wallet://${ada.walletId}` }))).toMatchObject({
      code: -32602,
      data: { code: 'forbidden' },
    });
    const ref = { type: 'ref/resource' as const, uri: 'dataset://{id}' };
    const { completion } = await client.complete({ ref, argument: { name: 'id', value: 'ds_' } });
    expect(completion.values).toContain('ds_donki-solar-flares-2016-2018');
    expect(completion.values).not.toContain(adasDataset);
  });
});

verifies('resources:refusals', async () => {
  await inBothEras(ben.token, async ({ client }) => {
    for (const uri of [
      'nothing://at/all',
      'dataset://ds_unknown',
      'template://no/readme',
      'kb://../package.json',
      'x',
    ]) {
      expect(await failure(client.readResource({ uri })), uri).toMatchObject({ code: -32602, data: { uri } });
    }
    const forged = ['["curator.nothing",null]', '["curator.dataset","x"]', '["chancellor.wallet","!"]', '[]'];
    for (const cursor of ['nonsense', ...forged.map((text) => Buffer.from(text).toString('base64url'))]) {
      expect(await failure(client.listResources({ cursor })), cursor).toMatchObject({ code: -32602 });
      expect(await failure(client.listPrompts({ cursor }))).toMatchObject({ code: -32602 });
      expect(await failure(client.listResourceTemplates({ cursor }))).toMatchObject({ code: -32602 });
    }
    expect(await failure(client.getPrompt({ name: 'no_such' }))).toMatchObject({ code: -32602 });
    expect(await failure(client.getPrompt({ name: 'curator_explore_dataset', arguments: {} }))).toMatchObject({
      code: -32602,
      data: { code: 'invalid_input' },
    });
    const ref = { type: 'ref/prompt' as const, name: 'curator_explore_dataset' };
    expect(await failure(client.complete({ ref, argument: { name: 'other', value: '' } }))).toMatchObject({
      code: -32602,
    });
  });
});

it('protocol 2026-07-28 says how long an answer may be kept, and by whom; headers must fit the body', async () => {
  const ask = async (method: string, params: object, name?: string) => {
    const version = '2026-07-28';
    const meta = {
      'io.modelcontextprotocol/protocolVersion': version,
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const answer = await fetch(`${lab.url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${ben.token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': version,
        'mcp-method': method,
        ...(name === undefined ? {} : { 'mcp-name': name }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: meta } }),
    });
    const { result, error } = (await answer.json()) as { result?: object; error?: { code: number } };
    return { status: answer.status, code: error?.code, result };
  };
  for (const method of ['resources/list', 'resources/templates/list', 'prompts/list'])
    expect((await ask(method, {})).result).toMatchObject({ ttlMs: expect.any(Number), cacheScope: 'private' });
  expect((await ask('resources/read', { uri: FLARES }, FLARES)).result).toMatchObject({
    ttlMs: 0,
    cacheScope: 'private',
  });
  expect(await ask('resources/read', { uri: FLARES }, 'kb://README.md')).toMatchObject({ status: 400, code: -32020 });
  expect(await ask('resources/read', { uri: 'dataset://no' }, 'dataset://no')).toMatchObject({ code: -32602 });
});

verifies('prompts:work', async () => {
  await inBothEras(ada.token, async ({ client }) => {
    const { prompts } = await client.listPrompts();
    expect(prompts.find(({ name }) => name === 'curator_prepare_submission')).toMatchObject({
      title: 'Prepare data for submission',
      arguments: [{ name: 'format', required: true }],
    });
    const args = { datasetId: adasDataset };
    const { messages } = await client.getPrompt({ name: 'curator_explore_dataset', arguments: args });
    expect(messages[0]).toMatchObject({ role: 'user', content: { type: 'text' } });
    expect(messages[1]).toMatchObject({ content: { type: 'resource_link', uri: `dataset://${adasDataset}` } });
    const complete = async (name: string, argument: string, value: string) => {
      const ref = { type: 'ref/prompt' as const, name };
      return (await client.complete({ ref, argument: { name: argument, value } })).completion.values;
    };
    expect(await complete('curator_prepare_submission', 'format', 'P')).toEqual(['parquet', 'prometheus']);
    expect(await complete('curator_explore_dataset', 'datasetId', adasDataset)).toEqual([adasDataset]);
    expect(await complete('architect_start_from_template', 'name', 'da')).toEqual(['data-scientist-vial']);
    expect(await complete('librarian_answer_with_sources', 'question', 'w')).toEqual([]);
  });
  for (const token of [ada.token, lab.operatorToken()]) await inBothEras(token, namesOnlyVisibleTools);
});

/** Every tool that a prompt names is there for whoever sees the prompt. */
async function namesOnlyVisibleTools({ client }: LabClient): Promise<void> {
  const tools = (await client.listTools()).tools.map(({ name }) => name);
  const sample = {
    to: ada.walletId,
    amount: '1',
    format: 'csv',
    name: 'validator-vial',
    kind: 'access',
    datasetId: 'ds_x',
    agent: 'curator',
    jobId: 'job_01a22539-f984-7000-8000-1dd44052026b',
  };
  for (const prompt of (await client.listPrompts()).prompts) {
    const given = prompt.arguments?.map(({ name }) => [name, (sample as Record<string, string>)[name] ?? 'a text']);
    const asked = { name: prompt.name, arguments: Object.fromEntries(given ?? []) };
    const text = JSON.stringify(await client.getPrompt(asked));
    const named = text.match(/\b(curator|sentinel|chancellor|architect|mechanic|librarian)_[a-z_]+/g) ?? [];
    expect(named.length, prompt.name).toBeGreaterThan(0);
    expect(tools).toEqual(expect.arrayContaining(named));
  }
}

it('a token with a toolset has its tools, and no resource or prompt', async () => {
  const { token } = await operator.call<{ token: string }>('sentinel_generate_wallet_token', {
    walletId: ben.walletId,
    toolset: ['curator_fetch_dataset'],
  });
  await inBothEras(token, async ({ client }) => {
    expect((await client.listResources()).resources).toEqual([]);
    expect((await client.listPrompts()).prompts).toEqual([]);
    expect(await failure(client.readResource({ uri: FLARES }))).toMatchObject({ data: { code: 'forbidden' } });
  });
});

verifies('resources:roles', async () => {
  const { token } = await operator.call<{ token: string }>('sentinel_generate_wallet_token', {
    walletId: ben.walletId,
    permissions: ['template:read'],
  });
  await inBothEras(token, async ({ client }) => {
    const uris = (await client.listResources()).resources.map(({ uri }) => uri);
    expect(uris.length).toBeGreaterThan(0);
    expect(uris.every((uri) => uri.startsWith('template://'))).toBe(true);
    expect((await client.listResourceTemplates()).resourceTemplates).toHaveLength(1);
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual([
      'architect_choose_template',
      'architect_start_from_template',
    ]);
    expect(await failure(client.readResource({ uri: FLARES }))).toMatchObject({
      code: -32602,
      data: { code: 'forbidden', message: expect.stringContaining('dataset:read') },
    });
    const asked = { name: 'mechanic_check_health', arguments: {} };
    expect(await failure(client.getPrompt(asked))).toMatchObject({ code: -32602, data: { code: 'forbidden' } });
  });
  const recorded = (tool: string) => async () => {
    const filter = { tool, walletId: ben.walletId, limit: 100 };
    const answer = await operator.call<{ records: Array<{ decision: string; outcome: string }> }>(
      'sentinel_audit_log_stream',
      filter,
    );
    return answer.records.map(({ decision, outcome }) => `${decision} ${outcome}`);
  };
  await expect.poll(recorded('dataset:read')).toContain('deny forbidden');
  await expect.poll(recorded('prompt:check_health')).toContain('deny forbidden');
  await expect.poll(recorded('readme:list')).toContain('allow ok');
});
