// Repositories as sources: a branch, a tag and a commit of a real repository, over HTTP, and what is refused.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Blobs } from '@labmesh/blobs';
import { type GitServer, gitIn, gitServer } from '@labmesh/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Offering } from './offering.js';

const NEVER = new AbortController().signal;
const WHO = { walletId: 'wal_x' };
let folder: string;
let server: GitServer;
let url: string;
let first: string;
let offering: Offering;

const git = (...args: string[]): Promise<string> => gitIn(join(folder, 'handbook'), ...args);

async function commit(text: string): Promise<string> {
  await writeFile(join(folder, 'handbook/docs/start.md'), text);
  await git('add', '-A');
  await git('commit', '-qm', text);
  return git('rev-parse', 'HEAD');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-offering-'));
  await mkdir(join(folder, 'handbook/docs'), { recursive: true });
  await git('init', '-q');
  await writeFile(join(folder, 'handbook/photo.jpg'), 'x');
  await symlink('/etc/passwd', join(folder, 'handbook/docs/link.md'));
  first = await commit('one');
  await git('tag', 'v1');
  await commit('two');
  await git('clone', '-q', '--bare', '.', join(folder, 'handbook.git'));
  server = await gitServer(folder);
  url = `${server.url}/handbook.git`;
  offering = new Offering({ folders: [], hosts: [server.host] }, {} as Blobs);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const offer = (ref: string, inside = '', from = url) =>
  offering.offer({ from: 'git', url: from, ref, folder: inside }, WHO, NEVER);

it.each([
  ['a branch', () => 'main', 'two'],
  ['a tag', () => 'v1', 'one'],
  ['a commit', () => first, 'one'],
])('%s has the files that are read, and no links', async (_, ref, text) => {
  const { files, commit: taken, place } = await offer(ref());
  expect(files.map(({ path }) => path)).toEqual(['handbook/docs/start.md']);
  expect(Buffer.from((await files[0]?.read()) ?? []).toString()).toBe(text);
  expect([taken?.length, place]).toEqual([40, url]);
});

it('a branch and a tag have a tip that is known without fetching them, and what is not there has none', async () => {
  const tip = (ref: string) => offering.tip({ from: 'git', url, ref, folder: '' }, NEVER);
  expect([await tip('v1'), await tip('nowhere')]).toEqual([first, undefined]);
  expect(await tip('main')).toBe(await git('rev-parse', 'main'));
  await git('tag', '-a', 'v2', '-m', 'told', first);
  await git('push', '-q', join(folder, 'handbook.git'), 'v2');
  expect(await tip('v2')).toBe(first);
  await expect(
    offering.tip({ from: 'git', url: 'http://127.0.0.2/x.git', ref: 'main', folder: '' }, NEVER),
  ).rejects.toMatchObject({ code: 'forbidden' });
});

it('a folder of it is a source of its own', async () => {
  const { files, place } = await offer('main', 'docs');
  expect([files.map(({ path }) => path), place]).toEqual([['handbook/start.md'], `${url} docs`]);
});

it.each([
  ['a branch that is not there', () => offer('none'), 'not_found'],
  ['a folder that is not there', () => offer('main', 'none'), 'not_found'],
  ['a host that is not listed', () => offer('main', '', 'https://github.com/x/y.git'), 'forbidden'],
])('refuses %s', async (_, use, code) => {
  await expect(use()).rejects.toMatchObject({ code });
});
