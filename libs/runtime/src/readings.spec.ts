// Figures read at a scrape: they add up, and one that fails or hangs is left out instead of holding the scrape up.
import { expect, it } from 'vitest';
import { createMetrics } from './metrics.js';

it('adds sources up, and leaves out what cannot be read', async () => {
  const metrics = createMetrics({ name: 'test', version: '1.2.3' });
  const { readings, registry } = metrics;
  readings.add('sessions', () => 2);
  readings.add('sessions', () => Promise.resolve(3));
  readings.add('outbox', () => 7, { agent: 'one' });
  readings.add('outbox', () => Promise.reject(new Error('away')), { agent: 'two' });
  readings.add('outboxAge', () => new Promise<number>(() => {}), { agent: 'one' });
  readings.add('lookups', () => 5, { cache: 'pass', result: 'hit' });
  const ended = metrics.callBegins('demo');
  metrics.callBegins('demo')();
  for (let scrape = 0; scrape < 2; scrape++) {
    const text = await registry.metrics();
    expect(text).toContain('labmesh_open_sessions 5');
    expect(text).toContain('labmesh_outbox_events{agent="one"} 7');
    expect(text).not.toContain('agent="two"');
    expect(text).toContain('# TYPE labmesh_outbox_oldest_event_seconds gauge');
    expect(text).toContain('labmesh_auth_lookups_total{cache="pass",result="hit"} 5');
    expect(text).toContain('labmesh_calls_in_flight{agent="demo"} 1');
    expect(text).toContain('labmesh_build_info{process="test",version="1.2.3"');
  }
  ended();
  expect(await registry.metrics()).toContain('labmesh_calls_in_flight{agent="demo"} 0');
});

it('measures in base units and names of its own', async () => {
  const text = await createMetrics().registry.metrics();
  const own = [...text.matchAll(/^# TYPE (labmesh_\S+) (\S+)$/gm)].map(([, name = '', type = '']) => ({ name, type }));
  expect(own.length).toBeGreaterThan(15);
  for (const { name, type } of own) {
    expect(name).not.toMatch(/_(ms|millis|minutes|kb|mb)(_|$)/);
    if (type === 'counter') expect(name).toMatch(/_total$/);
    if (type === 'histogram') expect(name).toMatch(/_seconds$/);
  }
});
