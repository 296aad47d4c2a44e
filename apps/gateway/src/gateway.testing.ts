// A gateway with its data plane on a real bus, a folder for bytes, and an agent that keeps some; for tests of what goes in and out
// over HTTP. The Sentinel here believes every token and records what it hears.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentModule, type RunningProcess, startProcess } from '@labmesh/agent';
import { BLOBS, type Blobs } from '@labmesh/blobs';
import { type Bus, REVOKED_SUBJECT } from '@labmesh/bus';
import {
  AppError,
  blobId,
  type CallRecord,
  callsRecorded,
  defineAgent,
  type Handlers,
  type OpenedBlob,
  type Principal,
  ROLE_PERMISSIONS,
  type Role,
  sentinel,
} from '@labmesh/contracts';
import { BUS, newId, readLabConfig } from '@labmesh/runtime';
import { Module } from '@nestjs/common';
import jwt from 'jsonwebtoken';
import { GatewayModule } from './gateway.module.js';

export const keeper = defineAgent({
  name: 'keeper',
  title: 'The keeper',
  description: 'For tests.',
  tools: {},
  blobs: { description: 'D', permission: 'dataset:read', through: ['keeper_look'] },
});

const PUBLIC_URL = 'http://127.0.0.1:3000';

interface Person {
  readonly wallet: number;
  readonly role?: Role;
  readonly toolset?: readonly string[];
  readonly credential?: string;
}

const walletOf = (number: number): string => `wal_01920000-0000-7000-8000-${String(number).padStart(12, '0')}`;

/** A token that the Sentinel here believes. */
export const tokenOf = (person: Person): string => Buffer.from(JSON.stringify(person)).toString('base64url');

function principalOf(token: string): Principal {
  const { wallet, role = 'researcher', toolset, credential = 'cred_1' } = personIn(token);
  return {
    walletId: walletOf(wallet),
    role,
    permissions: [...ROLE_PERMISSIONS[role]],
    credentialId: credential,
    ...(toolset === undefined ? {} : { toolset }),
  };
}

function personIn(token: string): Person {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString()) as Person;
  } catch {
    throw new AppError('unauthenticated', 'Cannot accept this credential: it is none');
  }
}

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });

function passFor(token: string, agent: string): string {
  const { walletId, role, permissions, credentialId, toolset } = principalOf(token);
  const iat = Math.floor(Date.now() / 1_000);
  const claims = { iss: PUBLIC_URL, aud: agent, sub: walletId, jti: newId(), iat, exp: iat + 60 };
  const rights = { role, permissions, cred: credentialId, act: [], ...(toolset === undefined ? {} : { toolset }) };
  const header = { alg: 'ES256', typ: 'pass+jwt', kid: 'k1' } as const;
  return jwt.sign({ ...claims, ...rights }, keys.privateKey, { algorithm: 'ES256', header });
}

const expiresAt = (): string => new Date(Date.now() + 600_000).toISOString();
const sentinelHandlers = {
  get_signing_keys: () => ({ keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256' }] }),
  verify_credential: ({ credential }: { credential: string }) => ({
    principal: principalOf(credential),
    expiresAt: expiresAt(),
    policyVersion: 0,
  }),
  issue_pass: ({ credential, agent }: { credential: string; agent: string }) => ({
    pass: passFor(credential, agent),
    expiresAt: expiresAt(),
    policyVersion: 0,
  }),
  list_restrictions: () => ({ restrictions: [] }),
};

export interface GatewayUnderTest extends AsyncDisposable {
  readonly url: string;
  readonly home: string;
  readonly blobs: Blobs;
  readonly bus: Bus;
  readonly records: readonly CallRecord[];
  /** Keeps these bytes for a wallet. @returns the id of the blob */
  keep(wallet: number, bytes: Buffer, about?: Partial<OpenedBlob>): Promise<string>;
  /** Asks as this person; `wallet` 1, a researcher, unless told otherwise. */
  ask(path: string, init?: RequestInit, person?: Person): Promise<Response>;
  withdraw(credential: string): void;
}

export async function gatewayUnderTest(env: Record<string, string> = {}): Promise<GatewayUnderTest> {
  const kept = new Map<string, OpenedBlob & { readonly walletId: string }>();
  const records: CallRecord[] = [];
  const home = mkdtempSync(join(tmpdir(), 'labmesh-gateway-'));
  const config = readLabConfig(
    { port: 0, home, publicUrl: PUBLIC_URL, logLevel: 'silent' },
    { LABMESH_HOME: home, PORT: '0', ...env },
  );
  const running = await startProcess({
    name: 'test',
    module: testModule(kept, records),
    config,
    database: false,
    blobs: true,
  });
  const blobs = running.get<Blobs>(BLOBS);
  const bus = running.get<Bus>(BUS);
  const url = `http://127.0.0.1:${running.port}`;
  return {
    url,
    home,
    blobs,
    bus,
    records,
    async keep(wallet, bytes, about = {}) {
      const ref = await blobs.of(keeper.name).put(
        (async function* () {
          yield bytes;
        })(),
      );
      const id = blobId(keeper.name, newId());
      kept.set(id, { ...ref, mediaType: 'text/csv', name: 'flares.csv', ...about, walletId: walletOf(wallet) });
      return id;
    },
    ask: (path, { headers, ...init } = {}, person = { wallet: 1 }) =>
      fetch(`${url}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${tokenOf(person)}`, ...(headers as Record<string, string>) },
      }),
    withdraw: (credential) => bus.broadcast(REVOKED_SUBJECT, { tokenIds: [credential] }),
    [Symbol.asyncDispose]: () => stop(running, home),
  };
}

async function stop(running: RunningProcess, home: string): Promise<void> {
  await running.stop();
  rmSync(home, { recursive: true, force: true });
}

function testModule(kept: Map<string, OpenedBlob & { readonly walletId: string }>, records: CallRecord[]) {
  @Module(
    agentModule(keeper, {
      tools: { inject: [], useFactory: () => ({}) },
      blobs: {
        inject: [],
        useFactory: () => ({
          open(id, { principal }) {
            const found = kept.get(id);
            if (found?.walletId !== principal.walletId) throw new AppError('not_found', `There is no blob ${id}`);
            const { walletId: _, ...opened } = found;
            return opened;
          },
        }),
      },
    }),
  )
  class KeeperModule {}

  @Module(
    agentModule(
      { ...sentinel, prompts: {} },
      {
        tools: { inject: [], useFactory: () => sentinelHandlers as unknown as Handlers<typeof sentinel.tools> },
        events: {
          listens: { calls_recorded: callsRecorded },
          inject: [],
          useFactory: () => ({
            calls_recorded: (batch: { records: CallRecord[] }) => void records.push(...batch.records),
          }),
        },
      },
    ),
  )
  class SentinelModule {}

  @Module({ imports: [KeeperModule, SentinelModule, GatewayModule.for([keeper])] })
  class TestModule {}
  return TestModule;
}
