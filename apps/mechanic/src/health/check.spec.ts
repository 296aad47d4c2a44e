// One check: its verdict when the thing answers, fails or never answers.
import { AppError } from '@labmesh/contracts';
import { describe, expect, it } from 'vitest';
import { check } from './check.js';

describe('check', () => {
  it('is up, with the answer and the time it took', async () => {
    const { verdict, answer } = await check({ kind: 'test', timeoutMs: 60_000, ask: async () => 42 });
    expect(answer).toBe(42);
    expect(verdict).toMatchObject({ status: 'up', kind: 'test', message: null });
    expect(verdict.latencyMs).toBeGreaterThanOrEqual(0);
  });

  it('believes an answer that says how long it took', async () => {
    const { verdict } = await check({ kind: 'test', timeoutMs: 60_000, ask: async () => 1.23456, took: (ms) => ms });
    expect(verdict.latencyMs).toBe(1.235);
  });

  it('is down with the reason an AppError gives', async () => {
    const failing = () => Promise.reject(new AppError('unavailable', 'The broker is gone.'));
    const { verdict, answer } = await check({ kind: 'nats', timeoutMs: 60_000, ask: failing });
    expect(answer).toBeUndefined();
    expect(verdict).toEqual({ status: 'down', kind: 'nats', latencyMs: null, message: 'The broker is gone.' });
  });

  it('hides the text of any other error: it may hold a password', async () => {
    const failing = () => Promise.reject(new Error('connect to postgres://lab:secret@db failed'));
    const { verdict } = await check({ kind: 'postgres', timeoutMs: 60_000, ask: failing });
    expect(verdict.status).toBe('down');
    expect(verdict.message).not.toContain('secret');
  });

  it('is down when nothing answers in time', async () => {
    const { verdict } = await check({ kind: 'redis', timeoutMs: 20, ask: () => new Promise<never>(() => {}) });
    expect(verdict).toMatchObject({ status: 'down', latencyMs: null, message: 'Did not answer within 0.02 s.' });
  });
});
