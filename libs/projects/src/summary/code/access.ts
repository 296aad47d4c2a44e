// What code reaches outside of its process: the lab's tools, the network, databases, files, other programs. Known by the names of
// packages and calls; a name that is not here is not guessed at.
import { AGENTS, gatewayName, publicTools } from '@labmesh/contracts';
import type { Span } from './code-facts.js';
import type { OutsideUse } from './imported.js';
import type { Module } from './modules.js';

export const ACCESS_KINDS = ['lab', 'network', 'database', 'files', 'programs'] as const;
export type AccessKind = (typeof ACCESS_KINDS)[number];

export interface Access {
  readonly by: Module;
  readonly kind: AccessKind;
  /** As it is written there. */
  readonly name: string;
  readonly at: Span;
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const PACKAGES: Readonly<Record<'network' | 'database' | 'files' | 'programs', ReadonlySet<string>>> = {
  network: words(
    `requests httpx httpx2 aiohttp urllib3 socket websockets websocket smtplib ftplib paramiko grpc mcp zmq paho pika nats fastapi
    flask django starlette uvicorn tornado socketserver http
    node:http http node:https https node:http2 http2 node:net net node:dgram undici axios got node-fetch ws socket.io express
    fastify koa hono @nestjs/core @nestjs/platform-express @modelcontextprotocol/client @modelcontextprotocol/server
    @modelcontextprotocol/node @modelcontextprotocol/sdk nodemailer amqplib kafkajs mqtt nats.js @nats-io/transport-node`,
  ),
  database: words(
    `sqlite3 psycopg psycopg2 asyncpg aiosqlite sqlalchemy duckdb pymongo motor redis mysql MySQLdb pymysql peewee cassandra
    neo4j elasticsearch influxdb_client
    node:sqlite pg mysql mysql2 mongodb mongoose ioredis better-sqlite3 @prisma/client typeorm knex drizzle-orm sequelize
    @duckdb/node-api @electric-sql/pglite`,
  ),
  files: words('shutil tempfile zipfile tarfile h5py node:fs fs node:fs/promises fs/promises fs-extra'),
  programs: words('subprocess pexpect node:child_process child_process execa zx'),
};

const CALLS: readonly (readonly [AccessKind, RegExp])[] = [
  ['network', /^(fetch|new (WebSocket|EventSource)|urllib\.request\.(urlopen|Request)|urlopen)$/],
  [
    'files',
    /^(open|io\.open|os\.(makedirs|remove|rename|replace|unlink)|(?:.*\.)?(read_text|write_text|read_bytes|write_bytes|read_csv|to_csv|read_parquet|to_parquet|read_excel|to_excel|savefig|loadtxt|savetxt)|np\.(load|save|savez)|numpy\.(load|save)|torch\.(load|save)|joblib\.(load|dump))$/,
  ],
  ['programs', /^os\.(system|popen|exec\w*)$/],
];

/** By the names at the gateway. */
const LAB_TOOLS = new Set(publicTools(AGENTS).map(({ agent, tool }) => gatewayName(agent, tool)));
const LAB_TOOL = /\b[a-z]+_[a-z_]+\b/g;

export function accessOf(modules: readonly Module[], outside: readonly OutsideUse[]): Access[] {
  const imported = outside.flatMap(({ by, name, imported: { from, to, name: written } }) =>
    (['network', 'database', 'files', 'programs'] as const)
      .filter((kind) => PACKAGES[kind].has(name) || PACKAGES[kind].has(written))
      .map((kind) => ({ by, kind, name: written, at: { from, to } })),
  );
  const called = modules.flatMap((by) => [
    ...by.facts.calls.flatMap(({ name, from, to }) =>
      CALLS.filter(([, pattern]) => pattern.test(name)).map(([kind]) => ({
        by,
        kind,
        name: name.replace(/^new /, '').split('.').at(-1) ?? name,
        at: { from, to },
      })),
    ),
    ...by.facts.texts.flatMap(({ name, from, to }) =>
      [...name.matchAll(LAB_TOOL)]
        .filter(([tool]) => LAB_TOOLS.has(tool))
        .map(([tool]) => ({ by, kind: 'lab' as const, name: tool, at: { from, to } })),
    ),
  ]);
  return [...imported, ...called];
}
