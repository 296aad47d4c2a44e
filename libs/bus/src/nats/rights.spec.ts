// Rights follow from the contracts, of agents that nobody thought of, too.
import {
  AGENTS,
  defineAgent,
  defineTool,
  eventSubject,
  gateway,
  type ToolSet,
  toolSubject,
  WORKER,
} from '@labmesh/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { subjectMatches } from '../in-process/subject-table.js';
import { JOBS_SUBJECT, SENTINEL_TELLS, workerSubject } from '../subjects.js';
import { appsOf, rightsOf } from './rights.js';
import { natsServerConfig, newNatsSeed } from './server-config.js';

const astronomer = defineAgent({
  name: 'astronomer',
  title: 'The Astronomer',
  description: 'Not there yet.',
  tools: {
    look: defineTool({
      title: 'Look',
      description: 'Looks.',
      effect: 'read',
      permission: 'dataset:read',
      input: z.object({}),
      output: z.object({}),
      errors: [],
      timeoutMs: 1_000,
    }),
  },
  events: { star_seen: z.object({ star: z.string() }) },
  needs: { curator: ['fetch_dataset'] },
  hears: { chancellor: ['wallet_created'] },
});

const may = (patterns: readonly string[], subject: string): boolean =>
  patterns.some((pattern) => subjectMatches(pattern, subject));

describe('rights at the broker', () => {
  it('an agent serves its own tools, asks what it needs, tells its own events, and no more', () => {
    const agents = [...AGENTS, astronomer];
    const { publish, subscribe } = rightsOf('astronomer', agents);
    expect(may(subscribe, 'labmesh.astronomer.look')).toBe(true);
    expect(may(publish, 'labmesh.event.astronomer.star_seen')).toBe(true);
    expect(may(publish, 'labmesh.curator.fetch_dataset')).toBe(true);
    expect(may(publish, 'labmesh.sentinel.issue_pass')).toBe(true);
    expect(may(publish, '$JS.API.CONSUMER.MSG.NEXT.LABMESH_EVENTS.astronomer--chancellor-wallet_created')).toBe(true);
    const others = AGENTS.flatMap((other) => [
      ...Object.keys(other.tools).map((tool) => toolSubject(other.name, tool)),
      ...Object.values(other.events).map(eventSubject),
    ]).filter((subject) => subject !== 'labmesh.curator.fetch_dataset');
    const open = AGENTS.flatMap(({ name, tools }: { name: string; tools: ToolSet }) =>
      Object.entries(tools)
        .filter(([, { permission, needed }]) => permission === null && needed !== true)
        .map(([tool]) => toolSubject(name, tool)),
    );
    expect(others.filter((subject) => may(publish, subject))).toEqual(open);
    expect(others.filter((subject) => may(subscribe, subject))).toEqual([]);
    expect(SENTINEL_TELLS.filter((subject) => may(publish, subject))).toEqual([]);
    expect(may(rightsOf(gateway.name, agents).publish, 'labmesh.astronomer.look')).toBe(true);
  });

  it('who needs the secrets of an agent opened says so, and nobody else may ask', () => {
    const opens = toolSubject('sentinel', 'open_secret');
    expect(
      appsOf(AGENTS)
        .filter((app) => may(rightsOf(app, AGENTS).publish, opens))
        .sort(),
    ).toEqual(['architect', 'curator', 'gateway', 'librarian', 'sentinel']);
  });

  it.each(appsOf(AGENTS))('%s hears no answer but its own', (app) => {
    const { subscribe } = rightsOf(app, AGENTS);
    for (const other of appsOf(AGENTS))
      expect(may(subscribe, `_INBOX.${other}.x.y`), `${app} at ${other}`).toBe(other === app);
  });

  it.each(appsOf(AGENTS).filter((app) => app !== 'sentinel'))('%s makes no stream and no consumer', (app) => {
    const { publish } = rightsOf(app, AGENTS);
    const makes = publish.filter((subject) =>
      /^\$JS\.API\.(>|\*|STREAM\.(CREATE|UPDATE)|CONSUMER\.(CREATE|DURABLE))/.test(subject),
    );
    expect(makes).toEqual([]);
  });

  it('a worker tells and hears of jobs, answers for its logs, and asks no agent for anything but what is open to all', () => {
    const { publish, subscribe } = rightsOf(WORKER, AGENTS);
    for (const subject of [JOBS_SUBJECT, workerSubject('01990000-0000-7000-8000-00000000000a')])
      expect(may(subscribe, subject)).toBe(true);
    expect(may(publish, JOBS_SUBJECT)).toBe(true);
    const closed = AGENTS.flatMap(({ name, tools }: { name: string; tools: ToolSet }) =>
      Object.entries(tools)
        .filter(([, { permission, visibility }]) => permission !== null || visibility === 'public')
        .map(([tool]) => toolSubject(name, tool)),
    );
    expect(closed.filter((subject) => may(publish, subject) || may(subscribe, subject))).toEqual([]);
    expect(may(rightsOf('mechanic', AGENTS).publish, workerSubject('x'))).toBe(true);
    expect(may(rightsOf('curator', AGENTS).publish, workerSubject('x'))).toBe(false);
  });

  it('a name that would own what is not its own is refused', () => {
    for (const name of ['event', 'log', 'mesh', 'gateway', 'worker', '*', 'a.b', '$policy'])
      expect(() => rightsOf(name, [{ ...astronomer, name }])).toThrow("cannot be an agent's name");
    expect(() => rightsOf('nobody', AGENTS)).toThrow('no app');
  });
});

describe('the server’s configuration', () => {
  it('knows every process by its public key, and no seed', () => {
    const seeds = new Map(appsOf(AGENTS).map((app) => [app, newNatsSeed()]));
    const text = natsServerConfig(AGENTS, seeds);
    expect(text.match(/nkey: U[A-Z2-7]{55}\n/g)).toHaveLength(AGENTS.length + 2);
    for (const seed of seeds.values()) expect(text).not.toContain(seed);
    expect(() => natsServerConfig(AGENTS, new Map([...seeds].slice(1)))).toThrow('gateway');
  });
});
