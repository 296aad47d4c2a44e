// Dockerfiles: their instructions, and those that Docker does not know.
import type { TextFile } from '../project/project.js';
import type { Found, Rule } from '../rule.js';
import { FILES } from './shape.js';

export interface Instruction {
  readonly word: string;
  readonly rest: string;
  readonly line: number;
}

const WORDS =
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  );

export const isDockerfile = (path: string): boolean =>
  /(^|\/)(Dockerfile|Containerfile)(\.[\w-]+)?$|\.dockerfile$/i.test(path) && !path.endsWith('.dockerignore');

/** Each instruction once, with the lines that go on (`\`); what a here-document holds is no instruction. */
export function instructionsOf(file: TextFile): Instruction[] {
  const found: Instruction[] = [];
  let begun: Instruction | undefined;
  let until: string | undefined;
  for (const [index, raw] of file.lines.entries()) {
    const row = raw.trim();
    if (until !== undefined) {
      if (row === until) until = undefined;
      continue;
    }
    if (row === '' || row.startsWith('#')) continue;
    const text = row.replace(/\\$/, '').trim();
    const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
    begun = begun ? { ...begun, rest: `${begun.rest} ${text}` } : { word: word.toUpperCase(), rest, line: index + 1 };
    if (row.endsWith('\\')) continue;
    found.push(begun);
    until = /^(RUN|COPY|ADD)$/.test(begun.word) ? /<<-?["']?(\w+)/.exec(begun.rest)?.[1] : undefined;
    begun = undefined;
  }
  return begun ? [...found, begun] : found;
}

export interface BaseImage {
  /** With the defaults of ARG filled in. */
  readonly image: string;
  readonly line: number;
}

/** Images that a Dockerfile starts from, but not its own stages. */
export function baseImages(file: TextFile): BaseImage[] {
  const values = new Map<string, string>();
  const stages = new Set<string>(['scratch']);
  return instructionsOf(file).flatMap(({ word, rest, line }) => {
    if (word === 'ARG') {
      const [, name = '', value] = /^(\w+)(?:=(\S*))?/.exec(rest) ?? [];
      if (value !== undefined) values.set(name, value.replace(/^["']|["']$/g, ''));
    }
    if (word !== 'FROM') return [];
    const [, written = '', stage] = /^(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?/i.exec(rest) ?? [];
    const image = written.replace(
      /\$\{(\w+)(?::?-([^}]*))?\}|\$(\w+)/g,
      (whole, braced, otherwise, plain) => values.get(braced ?? plain) ?? otherwise ?? whole,
    );
    const isStage = stages.has(image.toLowerCase());
    if (stage !== undefined) stages.add(stage.toLowerCase());
    return isStage || image === '' ? [] : [{ image, line }];
  });
}

function* faultsOf(file: TextFile): Generator<Found> {
  const remedy = 'See https://docs.docker.com/reference/dockerfile/';
  const instructions = instructionsOf(file);
  for (const { word, line } of instructions)
    if (!WORDS.includes(word))
      yield { path: file.path, line, message: `${word.slice(0, 40)} is no instruction of a Dockerfile.`, remedy };
    else if (instructions.find((one) => one.line === line)?.rest === '')
      yield { path: file.path, line, message: `${word} says nothing.`, remedy };
  const first = instructions.find(({ word }) => word !== 'ARG');
  if (first === undefined || (first.word !== 'FROM' && WORDS.includes(first.word)))
    yield { path: file.path, line: first?.line ?? 1, message: 'A Dockerfile begins with FROM.', remedy };
}

export const dockerfile: Rule = {
  id: 'dockerfile',
  family: FILES,
  severity: 'error',
  title: 'A Dockerfile has an instruction that Docker does not know, or does not begin with FROM',
  *look(project) {
    for (const file of project.texts.filter(({ path }) => isDockerfile(path))) yield* faultsOf(file);
  },
};
