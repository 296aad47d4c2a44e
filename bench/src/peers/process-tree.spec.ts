// The time of a process includes what it started: a peer that works in a child must not look cheap.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { usageOfTree } from './process-tree.js';

const BUSY = 'while (process.cpuUsage().user < 400_000); setTimeout(() => {}, 300_000);';
const PARENT = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(BUSY)}]); process.stdin.on('end', () => process.exit()).resume();`;

it.runIf(existsSync('/proc/self/stat'))('counts a child’s time and memory', async () => {
  const parent = spawn(process.execPath, ['-e', PARENT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  const pid = parent.pid ?? 0;
  try {
    await expect.poll(() => usageOfTree(pid).cpuMicros).toBeGreaterThan(350_000);
    expect(usageOfTree(pid).rssBytes).toBeGreaterThan(50e6);
  } finally {
    // The parent and its child are a group of their own.
    process.kill(-pid, 'SIGKILL');
  }
});

it('knows nothing of a process that is not there', () => {
  expect(usageOfTree(2 ** 30)).toEqual({ cpuMicros: 0, rssBytes: 0 });
});
