// The three-way update: nothing that its user did is ever lost, and what the template did arrives.
import type { ProjectFile } from '@labmesh/projects';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeProject, mergeText } from './three-way.js';

const file = (path: string, text: string, executable = false): ProjectFile => ({
  path,
  bytes: Buffer.from(text),
  executable,
});
const merge = (base: ProjectFile[], theirs: ProjectFile[], mine: ProjectFile[]) => {
  const { files, told } = mergeProject({
    base,
    theirs,
    mine,
    label: 'starter 2.0.0',
    own: (path) => path === '.labmesh/project.json',
  });
  return {
    files: files.map(
      ({ path, bytes, executable }) => `${path}${executable ? '*' : ''}: ${Buffer.from(bytes).toString()}`,
    ),
    told: told.map(({ path, kind }) => `${kind} ${path}`),
    notes: told.map(({ note }) => note).filter((note) => note !== undefined),
  };
};

describe('a file', () => {
  it('that only becomes executable becomes executable, and keeps its edits', () => {
    expect(merge([file('run.sh', 'a')], [file('run.sh', 'a', true)], [file('run.sh', 'a')])).toMatchObject({
      files: ['run.sh*: a'],
      told: ['mode run.sh'],
    });
    expect(merge([file('run.sh', 'a\n')], [file('run.sh', 'a\n', true)], [file('run.sh', 'a\nmine\n')])).toMatchObject({
      files: ['run.sh*: a\nmine\n'],
      told: ['mode run.sh'],
    });
  });

  it('that its user made executable, or not, stays so', () => {
    expect(merge([file('a', '1')], [file('a', '2')], [file('a', '1', true)]).files).toEqual(['a*: 2']);
    expect(merge([file('a', '1', true)], [file('a', '2', true)], [file('a', '1')]).files).toEqual(['a: 2']);
  });

  it('that its user deleted stays deleted when the template edits it, and that is told', () => {
    const { files, told, notes } = merge(
      [file('a', '1'), file('b', '1')],
      [file('a', '2'), file('b', '1')],
      [file('b', '1')],
    );
    expect([files, told]).toEqual([['b: 1'], ['kept a']]);
    expect(notes).toEqual([expect.stringContaining('You deleted it')]);
  });

  it('that the template drops goes, unless its user changed it', () => {
    const base = [file('a', '1'), file('b', '1')];
    expect(merge(base, [], [file('a', '1'), file('b', 'mine')])).toMatchObject({
      files: ['b: mine'],
      told: ['removed a', 'kept b'],
    });
  });

  it('of the user alone stays, and one that the template brings comes', () => {
    expect(merge([], [file('new', 'n')], [file('mine', 'm')])).toMatchObject({
      files: ['mine: m', 'new: n'],
      told: ['added new'],
    });
  });

  it('that both brought is in conflict, unless it is the same', () => {
    expect(merge([], [file('x', 's\n')], [file('x', 's\n')])).toMatchObject({ files: ['x: s\n'], told: [] });
    expect(merge([], [file('x', 'theirs\n')], [file('x', 'mine\n')])).toMatchObject({
      files: ['x: <<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> starter 2.0.0\n'],
      told: ['conflict x'],
    });
  });

  it('that is no text and both changed stays as its user has it', () => {
    const bytes = (last: number): ProjectFile => ({
      path: 'm.onnx',
      bytes: Uint8Array.of(0, 255, last),
      executable: false,
    });
    const { told, notes } = merge([bytes(1)], [bytes(2)], [bytes(3)]);
    expect(told).toEqual(['conflict m.onnx']);
    expect(notes[0]).toContain('yours stays');
    expect(merge([bytes(1)], [bytes(2)], [bytes(1)]).told).toEqual(['changed m.onnx']);
  });

  it('of the lab’s own comes as it is now', () => {
    const card = (text: string) => file('.labmesh/project.json', text);
    expect(merge([card('1')], [card('2')], [card('spoilt')])).toMatchObject({ files: ['.labmesh/project.json: 2'] });
  });

  it('with Windows’ line ends keeps them, and takes the template’s lines', () => {
    const mine = 'one\r\ntwo\r\nthree\r\nmine\r\n';
    expect(merge([file('a', 'one\ntwo\nthree\n')], [file('a', 'ONE\ntwo\nthree\n')], [file('a', mine)])).toMatchObject({
      files: ['a: ONE\r\ntwo\r\nthree\r\nmine\r\n'],
      told: ['changed a'],
    });
    expect(merge([file('a', 'one\n')], [], [file('a', 'one\r\n')]).told).toEqual(['removed a']);
  });

  it('without a line end at its end is marked so that every marker has a line', () => {
    const { text, conflicts } = mergeText('mine', 'base', 'theirs', 'v2');
    expect(conflicts).toBe(1);
    expect(text).toBe('<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> v2\n');
  });
});

/** Lines of a file, and what is done to them: the same number of lines stays, so edits are by place. */
const lines = fc.array(fc.stringMatching(/^[a-z ]{0,12}$/), { minLength: 8, maxLength: 40 });
const edits = fc.array(fc.tuple(fc.nat(39), fc.stringMatching(/^[A-Z]{1,8}$/)), { maxLength: 8 });

describe('an update', () => {
  it('without conflict keeps every edit and brings every change (property)', () => {
    fc.assert(
      fc.property(lines, edits, edits, (base, own, others) => {
        const numbered = base.map((line, at) => `${at} ${line}`);
        const mark = (who: string, list: ReadonlyArray<[number, string]>, free: (at: number) => boolean) => {
          const done = [...numbered];
          for (const [at, word] of list) if (at < done.length && free(at)) done[at] = `${at} ${who} ${word}`;
          return done;
        };
        const mine = mark('mine', own, () => true);
        const touched = new Set(mine.flatMap((line, at) => (line === numbered[at] ? [] : [at - 1, at, at + 1])));
        const theirs = mark('theirs', others, (at) => !touched.has(at));
        const [b, m, t] = [numbered, mine, theirs].map((all) => `${all.join('\n')}\n`);
        const { text, conflicts } = mergeText(m ?? '', b ?? '', t ?? '', 'v2');
        expect(conflicts).toBe(0);
        const expected = numbered.map((line, at) => (mine[at] !== line ? mine[at] : theirs[at]));
        expect(text).toBe(`${expected.join('\n')}\n`);
      }),
      { numRuns: 300 },
    );
  });

  it('of a whole project keeps all that its user did where the template did nothing, and loses no line of theirs anywhere (property)', () => {
    const content = fc.constantFrom(undefined, 'a\nb\nc\n', 'a\nB\nc\n', 'a\nb\nc\nd\n', 'x\n', '');
    const state = fc.option(
      fc.record({ text: content.filter((text) => text !== undefined), executable: fc.boolean() }),
      { nil: undefined },
    );
    const three = fc.array(fc.tuple(state, state, state), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(three, (all) => {
        const side = (which: 0 | 1 | 2): ProjectFile[] =>
          all.flatMap((states, at) => {
            const found = states[which];
            return found === undefined ? [] : [file(`f${at}`, found.text ?? '', found.executable)];
          });
        const [base, theirs, mine] = [side(0), side(1), side(2)];
        const { files, told } = mergeProject({ base, theirs, mine, label: 'v2', own: () => false });
        for (const [at, [b, t, m]] of all.entries()) {
          const path = `f${at}`;
          const after = files.find((one) => one.path === path);
          const kind = told.find((one) => one.path === path)?.kind;
          const same = JSON.stringify(b) === JSON.stringify(t);
          // The template did nothing: it is as its user has it.
          if (same)
            expect([after && Buffer.from(after.bytes).toString(), after?.executable]).toEqual([m?.text, m?.executable]);
          // Its user did nothing: it is as the template has it.
          else if (JSON.stringify(b) === JSON.stringify(m))
            expect([after && Buffer.from(after.bytes).toString(), after?.executable]).toEqual([t?.text, t?.executable]);
          // Both did something: every line that its user added is there still.
          else if (m !== undefined && after !== undefined)
            for (const line of (m.text ?? '').split('\n'))
              if (!(b?.text ?? '').split('\n').includes(line))
                expect(Buffer.from(after.bytes).toString().split('\n')).toContain(line);
          if (m !== undefined && JSON.stringify(b) !== JSON.stringify(m))
            expect(after, `${path} ${kind}`).toBeDefined();
          if (m === undefined && b !== undefined) expect(after).toBeUndefined();
        }
      }),
      { numRuns: 500 },
    );
  });
});
