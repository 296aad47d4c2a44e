// Random requests about the fixture's resources and prompts, good and bad, as plain values: the same on both sides.
import type { Message } from './leg.js';
import { anyJson, anyText, type Random } from './random.js';

/** Every list there is; each may have pages. */
export const LISTS = ['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list'] as const;

const read = (uri: unknown): Message => ({ method: 'resources/read', params: { uri } });

const READABLE = [
  'oracle-note://n000',
  'oracle-note://n229',
  'oracle-page://alpha/one',
  'oracle-page://alpha/one/two/three?x=1#y',
  'oracle-page://%E6%97%A5%E6%9C%AC/%C3%A4',
  'oracle-letter://mine',
  'oracle-sealed://s1',
] as const;

const UNREADABLE = [
  'oracle-note://n999',
  'oracle-note://',
  'oracle-note://n000/more',
  'oracle-note://%E0%A4%A',
  'oracle-note://日本',
  'oracle-note://a%00b',
  'oracle-page://alpha',
  'oracle-letter://wal_01920000-0000-7000-8000-000000000001',
  'oracle-broken://throw',
  'oracle-broken://conflict',
  'oracle-broken://unavailable',
  'oracle-broken://other',
  'ORACLE-NOTE://n000',
  'nobody://x',
  'https://example.org/',
  'not an address',
  '',
] as const;

const reading = (random: Random): Message =>
  random.weighted<() => Message>([
    [4, () => read(random.pick(READABLE))],
    [4, () => read(random.pick(UNREADABLE))],
    [0.5, () => read(anyText(random))],
    [0.5, () => read(anyJson(random))],
    [0.3, () => read(`oracle-page://alpha/${'x'.repeat(random.pick([900, 1_001, 3_000]))}`)],
  ])();

const get = (name: string, args: unknown): Message => ({
  method: 'prompts/get',
  params: { name, ...(args === undefined ? {} : { arguments: args }) },
});

const prompting = (random: Random): Message =>
  random.weighted<() => Message>([
    [3, () => get('greet', { name: random.pick(['Ada', '日本', '"\\']), tone: random.pick(['warm', undefined]) })],
    [1, () => get('link', random.pick([undefined, {}]))],
    [1, () => get('seal', { id: 's1' })],
    [
      2,
      () =>
        get(
          'greet',
          random.pick<unknown>([undefined, {}, { tone: 'warm' }, { name: '' }, { name: 'x', tone: 'loud' }]),
        ),
    ],
    [1, () => get('greet', { name: anyJson(random), more: 'than asked' })],
    [1, () => get(random.pick(['greet', 'link']), anyJson(random))],
    [1, () => get('stumble', {})],
    [2, () => get(random.pick(['nobody', 'Greet', 'greet ', '', 'toString', '__proto__', 'echo']), {})],
  ])();

const ofPrompt = (name: string) => ({ type: 'ref/prompt', name });
const ofResource = (uri: string) => ({ type: 'ref/resource', uri });
const complete = (ref: unknown, name: unknown, value: unknown): Message => ({
  method: 'completion/complete',
  params: { ref, argument: { name, value } },
});

const completing = (random: Random): Message =>
  random.weighted<() => Message>([
    [2, () => complete(ofResource('oracle-note://{id}'), 'id', random.pick(['', 'n', 'N22', 'x', '日']))],
    [1, () => complete(ofResource('oracle-page://{book}/{+path}'), random.pick(['book', 'path']), 'al')],
    [1, () => complete(ofResource('oracle-sealed://{id}'), 'id', 's')],
    [2, () => complete(ofPrompt('greet'), random.pick(['name', 'tone']), random.pick(['', 'a', 'W', 'ä']))],
    [1, () => complete(ofPrompt('seal'), 'id', '')],
    [1, () => complete(ofPrompt(random.pick(['nobody', 'echo', '', '__proto__'])), 'name', '')],
    [1, () => complete(ofResource(random.pick(['nobody://{id}', 'oracle-note://n000', ''])), 'id', '')],
    [1, () => complete(ofPrompt('greet'), random.pick(['nobody', '', '__proto__', 7]), anyJson(random))],
    [0.5, () => complete({ type: 'ref/other', name: 'greet' }, 'name', '')],
    [0.5, () => complete(anyJson(random), anyJson(random), 'x'.repeat(random.pick([1, 1_001])))],
  ])();

/** One of the lists' first pages, a reading, a prompt or a completion. */
export const anyRead = (random: Random): Message =>
  random.weighted<() => Message>([
    [4, () => reading(random)],
    [3, () => prompting(random)],
    [3, () => completing(random)],
    [1, () => ({ method: random.pick(LISTS.filter((list) => list !== 'resources/list')), params: {} })],
  ])();
