// A job's log through the gateway of a lab in one process: how many lines a second one follower gets, and how late 200 are.
import { rm } from 'node:fs/promises';
import { temporaryFolder } from '@labmesh/testing';
import { MeasuredChild } from '../measured-child.js';
import { atMost, type BenchResult, type Figure, type Floor, result, round } from '../report.js';
import { followByEvents, followByMcp, type Take, type Target } from './log-followers.js';

interface Ready {
  readonly port: number;
  readonly pid: number;
  readonly token: string;
  readonly jobIds: readonly string[];
}

const LINES = 2_000_000;
const LINES_PER_S_MIN = 200_000;
const FOLLOWERS = 200;
const STEADY_LINES = 4_000;
const STEADY_EVERY_MS = 5;
const DELAY_P99_MAX_MS = 250;
const FOLLOWERS_READY_MS = 3_000;

/** As training programs write: a number that tells whether one is missing, and words around it. */
const FAST = `
const line = (n) => n + ' epoch 12 step ' + (n % 1000) + ' loss 0.123456 accuracy 0.987654\\n';
let n = 0;
const more = () => {
  while (n < ${LINES}) {
    let text = '';
    for (let end = Math.min(n + 500, ${LINES}); n < end; n += 1) text += line(n);
    if (!process.stdout.write(text)) return void process.stdout.once('drain', more);
  }
};
more();`;
/** Each line is the time at which it was written. */
const STEADY = `
let n = 0;
const timer = setInterval(() => {
  process.stdout.write((performance.timeOrigin + performance.now()).toFixed(1) + '\\n');
  if (++n === ${STEADY_LINES}) clearInterval(timer);
}, ${STEADY_EVERY_MS});`;

/** Counts whole lines, and those that are not the next one. */
function counter(): { readonly take: Take; readonly seen: { lines: number; wrong: number; bytes: number } } {
  const seen = { lines: 0, wrong: 0, bytes: 0 };
  let rest = '';
  const take: Take = (text) => {
    seen.bytes += text.length;
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (Number.parseInt(line, 10) !== seen.lines) seen.wrong += 1;
      seen.lines += 1;
    }
  };
  return { take, seen };
}

type Lab = MeasuredChild<Ready>;
const targetOf = ({ ready: { port, token, jobIds } }: Lab, at: number): Target => ({
  port,
  token,
  jobId: jobIds[at] ?? '',
});
const start = ({ ready }: Lab): void => void process.kill(ready.pid, 'SIGUSR2');

async function fast(lab: Lab, at: number, name: string): Promise<{ figure: Figure; perS: number; wrong: number }> {
  const { take, seen } = counter();
  const target = targetOf(lab, at);
  const follow = name === 'stream_logs' ? followByMcp(target, take) : followByEvents(target, take);
  const before = await lab.usage();
  const began = performance.now();
  start(lab);
  const calls = await follow;
  const seconds = (performance.now() - began) / 1_000;
  const after = await lab.usage();
  const perS = seen.lines / seconds;
  const values = {
    lines: seen.lines,
    'lines/s': round(perS),
    'MB/s': round(seen.bytes / 1e6 / seconds),
    'CPU us/line': round((after.cpuMicros - before.cpuMicros) / seen.lines),
    'RSS MB': round(after.rssBytes / 1e6),
    ...(typeof calls === 'number' ? { calls } : {}),
  };
  return {
    figure: { case: `one follower, ${name}`, values },
    perS,
    wrong: seen.wrong + Math.abs(LINES - seen.lines),
  };
}

async function steady(lab: Lab, at: number): Promise<{ figure: Figure; p99: number; missing: number }> {
  const delays: number[] = [];
  const follower = (): Take => {
    let rest = '';
    return (text) => {
      const now = performance.timeOrigin + performance.now();
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) delays.push(now - Number(line));
    };
  };
  const following = Array.from({ length: FOLLOWERS }, () => followByEvents(targetOf(lab, at), follower()));
  await new Promise((resolve) => setTimeout(resolve, FOLLOWERS_READY_MS));
  const before = await lab.usage();
  start(lab);
  await Promise.all(following);
  const after = await lab.usage();
  delays.sort((a, b) => a - b);
  const quantile = (q: number): number => delays[Math.floor(q * (delays.length - 1))] ?? 0;
  const p99 = quantile(0.99);
  const seconds = (STEADY_LINES * STEADY_EVERY_MS) / 1_000;
  const values = {
    lines: delays.length,
    'p50 ms': round(quantile(0.5)),
    'p99 ms': round(p99),
    'max ms': round(quantile(1)),
    'CPU %': round((after.cpuMicros - before.cpuMicros) / 1e4 / seconds),
    'RSS MB': round(after.rssBytes / 1e6),
  };
  return {
    figure: { case: `${FOLLOWERS} followers, a line each ${STEADY_EVERY_MS} ms`, values },
    p99,
    missing: FOLLOWERS * STEADY_LINES - delays.length,
  };
}

export async function logsBench(): Promise<BenchResult> {
  const home = await temporaryFolder('bench-logs');
  const env = { LABMESH_HOME: home, BENCH_SCRIPTS: JSON.stringify([FAST, FAST, STEADY]) };
  const lab: Lab = await MeasuredChild.start<Ready>(new URL('./log-server.js', import.meta.url), env);
  try {
    const mcp = await fast(lab, 0, 'stream_logs');
    const events = await fast(lab, 1, 'server-sent events');
    const many = await steady(lab, 2);
    // Floors are upper bounds: the time that a line may take.
    const floors: Floor[] = [
      atMost('us a line, stream_logs', round(1e6 / mcp.perS), 1e6 / LINES_PER_S_MIN),
      atMost('us a line, server-sent events', round(1e6 / events.perS), 1e6 / LINES_PER_S_MIN),
      atMost('lines that were missing or out of order', mcp.wrong + events.wrong + Math.abs(many.missing), 0),
      atMost('ms after which 99 % of the lines have come to each', round(many.p99), DELAY_P99_MAX_MS),
    ];
    return result('logs', [mcp.figure, events.figure, many.figure], floors);
  } finally {
    await lab.stop();
    await rm(home, { recursive: true, force: true });
  }
}
