// The Kubernetes executor with a stand-in for a cluster: what every executor does, and what the API adds.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobMark } from '@labmesh/jobs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EngineUnderTest, FOREVER, Ground, MemoryLog, shell } from '../engine-ground.testing.js';
import { executorBehaviour } from '../executor-behaviour.testing.js';
import { ApiServer } from './api-server.testing.js';
import { jobManifest } from './job-manifest.js';
import { KubernetesExecutor } from './kubernetes-executor.js';
import { KubernetesSettings } from './kubernetes-settings.js';

let server: ApiServer;
let folder: string;
let ground: Ground;

const kubeconfig = (port: number): object => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'lab', cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
  users: [{ name: 'worker', user: { token: 'of-a-test' } }],
  contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'worker' } }],
  'current-context': 'lab',
});

const underTest = (): EngineUnderTest<'kubernetes'> => ({
  kind: 'kubernetes',
  settings: KubernetesSettings.parse({
    kubeconfig: join(folder, 'kubeconfig'),
    namespace: 'lab',
    volumeClaim: 'jobs',
    volumePath: folder,
    network: 'policy',
  }),
  spec: { image: 'registry.test/lab/busybox:1' },
  unknown: { spec: { image: undefined }, code: 'invalid_input' },
  adds: ['HOSTNAME', 'KUBERNETES_SERVICE_HOST'],
  streamsApart: true,
  holdsMemory: false,
  countsUse: false,
  folders: folder,
  left: async (mark) => {
    const marked = [...server.pods.values(), ...server.jobs.values()];
    return marked.filter(({ metadata }) => metadata?.labels?.['labmesh/attempt'] === mark).map((one) => one.kind ?? '');
  },
  [Symbol.asyncDispose]: async () => undefined,
});

beforeAll(async () => {
  server = await ApiServer.start();
  folder = await mkdtemp(join(tmpdir(), 'labmesh-volume-'));
  await writeFile(join(folder, 'kubeconfig'), JSON.stringify(kubeconfig(server.port)));
  ground = new Ground(underTest());
});
afterAll(async () => {
  await ground?.remove();
  await server?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

executorBehaviour('kubernetes', async () => underTest());

const waiting = async (more: object = {}) => {
  const log = new MemoryLog();
  const attempt = await ground.attempt(
    { ...shell(`trap 'echo bye; exit 6' TERM; echo ready; ${FOREVER}`), ...more },
    log,
  );
  const running = await (await ground.open()).start(attempt);
  return { attempt, running, log };
};

it('gives a pod its limits and nothing more', async () => {
  const resources = { cpus: 1.5, memoryMb: 512, gpus: 2, wallSeconds: 60 };
  const attempt = { ...(await ground.attempt({ ...shell('true'), resources })), gpus: [4, 7] };
  const pod = jobManifest(attempt, underTest().settings).spec?.template.spec;
  expect(pod).toMatchObject({
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    activeDeadlineSeconds: 180,
  });
  expect(pod?.securityContext).toMatchObject({
    runAsNonRoot: true,
    runAsUser: 65_534,
    seccompProfile: { type: 'RuntimeDefault' },
  });
  const container = pod?.containers[0];
  const limits = { cpu: '1.5', memory: '512Mi', 'nvidia.com/gpu': '2' };
  expect(container?.resources).toEqual({ limits, requests: limits });
  expect(container?.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
  expect(container?.env?.find(({ name }) => name === 'CUDA_VISIBLE_DEVICES')?.value).toBe('0,1');
  expect(container?.env?.some(({ name }) => name === 'PATH')).toBe(false);
  expect(container?.volumeMounts?.[0]).toMatchObject({
    mountPath: attempt.folder,
    subPath: attempt.folder.slice(folder.length + 1),
  });
});

it('refuses a folder that pods would not see', async () => {
  const { attempt, running } = await waiting();
  await running.kill();
  await running.ended;
  const elsewhere = new KubernetesExecutor({ ...underTest().settings, volumePath: '/elsewhere' });
  await expect(elsewhere.start(attempt)).rejects.toMatchObject({ code: 'unavailable' });
});

it('goes on with a watch that was closed, forgotten or refused as too old', async () => {
  const { running, log } = await waiting();
  await expect.poll(() => log.text()).toBe('ready\n');
  const { watches, lists } = { ...server.asked };
  server.closeWatches();
  await expect.poll(() => server.asked.watches).toBe(watches + 1);
  expect(server.asked.lists).toBe(lists);
  server.tellGone();
  await expect.poll(() => server.asked.lists).toBe(lists + 1);
  await expect.poll(() => server.asked.watches).toBe(watches + 2);
  await running.terminate();
  expect(await running.ended).toMatchObject({ exitCode: 6, reason: null });
});

it('goes on from a bookmark where older versions are forgotten, and lists anew without one', async () => {
  const { running, log } = await waiting();
  await expect.poll(() => log.text()).toBe('ready\n');
  const { watches, lists } = { ...server.asked };
  server.advance();
  server.bookmark();
  server.compact();
  await expect.poll(() => server.asked.watches).toBe(watches + 1);
  expect(server.asked.lists).toBe(lists);
  server.advance();
  server.compact();
  await expect.poll(() => server.asked.lists).toBe(lists + 1);
  await running.terminate();
  expect(await running.ended).toMatchObject({ exitCode: 6 });
});

it('goes on while the API is away', async () => {
  const { running, log } = await waiting();
  await expect.poll(() => log.text()).toBe('ready\n');
  const { port } = server;
  await server.stop();
  await expect(running.terminate()).rejects.toMatchObject({ code: 'unavailable' });
  await server.listen(port);
  await running.terminate();
  expect(await running.ended).toMatchObject({ exitCode: 6, reason: null });
  expect(log.text()).toBe('ready\nbye\n');
});

it('says that the cluster took a pod away', async () => {
  const { attempt, running, log } = await waiting();
  await expect.poll(() => log.text()).toBe('ready\n');
  for (const pod of server.pods.values())
    if (pod.metadata?.labels?.['labmesh/attempt'] === jobMark(attempt)) server.evict(pod);
  expect(await running.ended).toMatchObject({ reason: 'worker_lost', message: expect.stringMatching(/Evicted/) });
});

it('says that an image cannot be fetched', async () => {
  const { attempt, running } = await waiting({ image: 'registry.test/nobody/has:this' });
  expect(await running.ended).toMatchObject({ reason: 'start_failed', message: expect.stringMatching(/ErrImagePull/) });
  await expect.poll(() => [...server.jobs.keys()].some((name) => name.includes(attempt.jobId.slice(4)))).toBe(false);
});

it('has not begun while there is no room, and ends at once when it is not wanted any more', async () => {
  server.hasRoom = false;
  const { running } = await waiting();
  let begun = false;
  void running.began?.then(() => {
    begun = true;
  });
  await expect.poll(() => server.pods.size).toBe(1);
  expect(begun).toBe(false);
  await running.terminate();
  await running.ended;
  server.hasRoom = true;
});

it('says where a cluster is missing', async () => {
  const executor = new KubernetesExecutor({ ...underTest().settings, kubeconfig: '/nowhere/config' });
  await expect(executor.probe()).rejects.toMatchObject({ code: 'unavailable' });
});
