// An agent that strays is refused, by the broker and by the database: each one tries, with its own credentials, what is the others'.
import { readFileSync } from 'node:fs';
import { AGENTS, cancelSubject, eventSubject, eventsHeard, gateway, toolSubject, WORKER } from '@labmesh/contracts';
import { connect, type NatsConnection, nkeyAuthenticator, PermissionViolationError } from '@nats-io/transport-node';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MeshServers, meshServers } from '../harness/mesh-credentials.js';
import { verifies } from '../requirements.js';

let servers: MeshServers;
beforeAll(async () => {
  servers = await meshServers('http://127.0.0.1:3000');
  // The Sentinel makes the stream of events, as it does at its start.
  await (await servers.connect('sentinel')).close();
});
afterAll(() => servers?.[Symbol.asyncDispose]());

const AGENT_NAMES = AGENTS.map(({ name }) => name);
const others = (app: string) => AGENTS.filter(({ name }) => name !== app);

/** What the broker refuses of all this, as it says so. */
async function refused(app: string, tried: { subscribe?: string[]; publish?: string[] }): Promise<string[]> {
  const seed = readFileSync(servers.settings(app).NATS_NKEY_FILE ?? '', 'utf8').trim();
  const connection = await connect({
    servers: servers.natsUrl,
    authenticator: nkeyAuthenticator(Buffer.from(seed)),
    inboxPrefix: `_INBOX.${app}`,
  });
  const errors: string[] = [];
  const watching = watch(connection, errors);
  for (const subject of tried.subscribe ?? []) connection.subscribe(subject, { callback: () => {} });
  for (const subject of tried.subscribe ?? []) connection.subscribe(subject, { queue: 'q', callback: () => {} });
  for (const subject of tried.publish ?? []) connection.publish(subject, '{}');
  // The broker answers in order: what it refuses is said before its answer to this.
  await connection.flush();
  await connection.close();
  await watching;
  return [...new Set(errors)].sort();
}

async function watch(connection: NatsConnection, errors: string[]): Promise<void> {
  for await (const status of connection.status())
    if (status.type === 'error' && status.error instanceof PermissionViolationError) errors.push(status.error.subject);
}

describe.each(AGENT_NAMES)('the %s', (app) => {
  const contract = AGENTS.find(({ name }) => name === app) ?? expect.unreachable();

  it('hears nobody else’s requests, answers and events', async () => {
    const foreign = [
      '>',
      'labmesh.>',
      'labmesh.*.*',
      'labmesh.event.>',
      'labmesh.log.>',
      '_INBOX.>',
      '$JS.API.>',
      '$JS.ACK.>',
      '$KV.>',
      ...[gateway, ...others(app)].flatMap(({ name }) => [
        `labmesh.${name}.*`,
        `labmesh.$sessions.${name}`,
        `_INBOX.${name}.>`,
      ]),
    ];
    const own = [`labmesh.${app}.*`, `_INBOX.${app}.x.*`, 'labmesh.$policy', 'labmesh.$revoked'];
    expect(await refused(app, { subscribe: [...foreign, ...own] })).toEqual(foreign.sort());
  });

  // It tells nothing in another's name, and asks nobody it does not need.
  verifies('trust:stray-agent', async () => {
    const needed = Object.entries(contract.needs).flatMap(([other, tools]) => [
      cancelSubject(other),
      ...tools.map((tool) => toolSubject(other, tool)),
    ]);
    const foreign = others(app).flatMap(({ name, tools, events }) => [
      ...Object.entries(tools)
        .filter(([, { permission }]) => permission !== null)
        .map(([tool]) => toolSubject(name, tool)),
      cancelSubject(name),
      ...Object.values(events).map(eventSubject),
      `$KV.labmesh-sessions-${name}.x`,
      `labmesh.log.labmesh-session-events-${name}.x.y`,
      `labmesh.$sessions.${name}`,
    ]);
    const own = [
      ...Object.keys(contract.tools).map((tool) => toolSubject(app, tool)),
      ...Object.values(contract.events).map(eventSubject),
      toolSubject('sentinel', 'issue_pass'),
      'labmesh.$presence',
      '_INBOX.gateway.x.y',
    ];
    const forbidden = foreign.filter((subject) => !needed.includes(subject));
    expect(await refused(app, { publish: [...forbidden, ...own, ...needed] })).toEqual(forbidden.sort());
  });

  it.runIf(app !== 'sentinel')('forges no word of the Sentinel, and makes and reads no stream', async () => {
    const foreign = [
      ...['$policy', '$role', '$revoked', '$restricted', '$scoring'].map((news) => `labmesh.${news}`),
      ...['CREATE', 'UPDATE', 'DELETE', 'PURGE', 'MSG.GET', 'SNAPSHOT'].map(
        (verb) => `$JS.API.STREAM.${verb}.LABMESH_EVENTS`,
      ),
      '$JS.API.STREAM.CREATE.MINE',
      '$JS.API.DIRECT.GET.LABMESH_EVENTS',
      '$JS.API.CONSUMER.CREATE.LABMESH_EVENTS',
      '$JS.API.CONSUMER.CREATE.LABMESH_EVENTS.mine',
      '$JS.API.CONSUMER.DURABLE.CREATE.LABMESH_EVENTS.mine',
      '$JS.API.CONSUMER.MSG.NEXT.LABMESH_EVENTS.mine',
      ...others(app).flatMap((other) =>
        eventsHeard(other, AGENTS).flatMap((event) => {
          const consumer = `${other.name}--${event.agent}-${event.name}`;
          return [
            `$JS.API.CONSUMER.MSG.NEXT.LABMESH_EVENTS.${consumer}`,
            `$JS.API.CONSUMER.DELETE.LABMESH_EVENTS.${consumer}`,
            `$JS.ACK.LABMESH_EVENTS.${consumer}.1.1.1.1.0`,
          ];
        }),
      ),
    ];
    expect(await refused(app, { publish: foreign })).toEqual(foreign.sort());
  });

  it('reads and changes no other’s tables, and the form of none', async () => {
    const client = new pg.Client({ connectionString: servers.settings(app).DATABASE_URL });
    await client.connect();
    const admin = new pg.Client({ connectionString: servers.databaseUrl });
    await admin.connect();
    const codeOf = (sql: string) =>
      client.query(sql).then(
        () => 'done',
        (error: { code?: string }) => error.code,
      );
    try {
      const { rows } = await admin.query<{ schema: string; name: string }>(
        'SELECT schemaname AS schema, tablename AS name FROM pg_tables WHERE schemaname = ANY($1)',
        [AGENT_NAMES],
      );
      expect(rows.length).toBeGreaterThan(20);
      for (const { schema, name } of rows) {
        const table = `"${schema}"."${name}"`;
        expect(await codeOf(`SELECT * FROM ${table} LIMIT 1`), `${app} reads ${table}`).toBe(
          schema === app ? 'done' : '42501',
        );
        expect(await codeOf(`DROP TABLE ${table}`), `${app} drops ${table}`).toBe('42501');
        expect(await codeOf(`TRUNCATE ${table}`), `${app} empties ${table}`).toBe('42501');
        if (schema !== app) expect(await codeOf(`DELETE FROM ${table}`), `${app} deletes ${table}`).toBe('42501');
      }
      for (const schema of [...AGENT_NAMES, 'public'])
        expect(await codeOf(`CREATE TABLE "${schema}".mine (n int)`), `${app} in ${schema}`).toBe('42501');
      expect(await codeOf('CREATE SCHEMA mine')).toBe('42501');
      expect(await codeOf('UPDATE public._prisma_migrations SET logs = NULL')).toBe('42501');
      const { rows: roles } = await admin.query<{ name: string }>(
        'SELECT rolname AS name FROM pg_roles WHERE starts_with(rolname, current_database()) AND rolname <> $1',
        [new URL(servers.settings(app).DATABASE_URL ?? '').username],
      );
      // The owner's, the worker's, and those of the other agents.
      expect(roles).toHaveLength(AGENTS.length + 1);
      for (const { name } of roles) expect(await codeOf(`SET ROLE "${name}"`)).toBe('42501');
    } finally {
      await Promise.all([client.end(), admin.end()]);
    }
  });
});

it('a worker reads the Mechanic’s tables and no other’s, and serves and asks no agent’s tools', async () => {
  const client = new pg.Client({ connectionString: servers.settings(WORKER).DATABASE_URL });
  await client.connect();
  try {
    const { rows } = await client.query<{ schema: string; name: string }>(
      'SELECT schemaname AS schema, tablename AS name FROM pg_tables WHERE schemaname = ANY($1)',
      [AGENT_NAMES],
    );
    for (const { schema, name } of rows) {
      const read = client.query(`SELECT * FROM "${schema}"."${name}" LIMIT 1`);
      if (schema === 'mechanic') await read;
      else await expect(read, `${schema}.${name}`).rejects.toMatchObject({ code: '42501' });
    }
    await expect(client.query('DROP TABLE mechanic.jobs')).rejects.toMatchObject({ code: '42501' });
  } finally {
    await client.end();
  }
  const subscribe = [...AGENT_NAMES.map((name) => `labmesh.${name}.*`), 'labmesh.event.>', '$JS.API.>'];
  expect(await refused(WORKER, { subscribe })).toEqual(subscribe.sort());
  const publish = [
    'labmesh.chancellor.execute_transaction',
    'labmesh.curator.fetch_dataset',
    '$JS.API.STREAM.CREATE.MINE',
  ];
  expect(await refused(WORKER, { publish })).toEqual(publish.sort());
});

it('the gateway serves no agent’s tools, and opens no database', async () => {
  const foreign = [...AGENT_NAMES.map((name) => `labmesh.${name}.*`), 'labmesh.event.>', '$JS.API.>'];
  expect(await refused(gateway.name, { subscribe: foreign })).toEqual(foreign.sort());
  expect(servers.settings(gateway.name)).not.toHaveProperty('DATABASE_URL');
});

it('who has no credentials is not let in', async () => {
  await expect(connect({ servers: servers.natsUrl })).rejects.toThrow(/authorization/i);
});
