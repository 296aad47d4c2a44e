// One question at a time about each, none while the answer is good, and no answer that turned bad on its way.
import { expect, it } from 'vitest';
import { Remembered } from './remembered.js';

interface Answer {
  readonly nth: number;
}

/** Questions that are answered by hand, in the order they were asked. */
function questions() {
  const open: Array<{ answer: () => void; fail: () => void }> = [];
  let asked = 0;
  const ask = (): Promise<Answer> => {
    asked += 1;
    const nth = asked;
    return new Promise((resolve, reject) => {
      open.push({ answer: () => resolve({ nth }), fail: () => reject(new Error(`no answer ${nth}`)) });
    });
  };
  return { ask, next: () => open.shift(), count: () => asked };
}

it('asks once for all who come meanwhile, and has the answer at hand from then on', async () => {
  const { ask, next, count } = questions();
  const remembered = new Remembered<Answer>(10, () => true);
  const answers = [remembered.get('a', ask), remembered.get('a', ask)];
  expect(remembered.has('a')).toBe(false);
  next()?.answer();
  expect(await Promise.all(answers)).toEqual([{ nth: 1 }, { nth: 1 }]);
  expect(remembered.get('a', ask)).toEqual({ nth: 1 });
  expect(remembered.has('a')).toBe(true);
  expect(count()).toBe(1);
  expect(remembered.lookups).toEqual({ hit: 2, miss: 1 });
});

it('asks anew when an answer is good no longer, and when there was none', async () => {
  const { ask, next } = questions();
  let goodFrom = 1;
  const remembered = new Remembered<Answer>(10, ({ nth }) => nth >= goodFrom);
  const failing = remembered.get('a', ask);
  next()?.fail();
  await expect(failing).rejects.toThrow('no answer 1');
  const second = remembered.get('a', ask);
  next()?.answer();
  expect(await second).toEqual({ nth: 2 });
  goodFrom = 3;
  const third = remembered.get('a', ask);
  next()?.answer();
  expect(await third).toEqual({ nth: 3 });
  expect(remembered.lookups).toEqual({ hit: 0, miss: 3 });
  goodFrom = 4;
  const fourth = remembered.get('a', ask);
  next()?.fail();
  await expect(fourth).rejects.toThrow('no answer 4');
  expect(remembered.has('a')).toBe(false);
});

it('gives nobody an answer that turned bad before they came, though it was still on its way', async () => {
  const { ask, next, count } = questions();
  let goodFrom = 1;
  const remembered = new Remembered<Answer>(10, ({ nth }) => nth >= goodFrom);
  const early = remembered.get('a', ask);
  goodFrom = 2;
  const late = remembered.get('a', ask);
  next()?.answer();
  expect(await early).toEqual({ nth: 1 });
  await expect.poll(count).toBe(2);
  next()?.answer();
  expect(await late).toEqual({ nth: 2 });
});

it('keeps nothing of a question that was forgotten meanwhile', async () => {
  const { ask, next } = questions();
  const remembered = new Remembered<Answer>(10, () => true);
  const early = remembered.get('a', ask);
  remembered.forget('a');
  const late = remembered.get('a', ask);
  next()?.answer();
  expect(await early).toEqual({ nth: 1 });
  expect(remembered.has('a')).toBe(false);
  next()?.answer();
  expect(await late).toEqual({ nth: 2 });
  expect(remembered.get('a', ask)).toEqual({ nth: 2 });
});
