// Questions of LabMesh's code. What is written for people is asked first, but by a question that says that the code is meant, or that
// names what stands nowhere else: that one the code answers, and where it does not all is as if it had not been asked.
import { AppError, type Call } from '@labmesh/contracts';
import { indexTerms } from '@labmesh/search';
import { Inject, Injectable } from '@nestjs/common';
import { type Asked, answerFrom } from '../answers/answering.js';
import type { AskedPart } from '../answers/asked-part.js';
import type { Answer } from '../answers/place.js';
import type { Corpus, Scope } from '../corpus/corpus.js';
import { codeQuestion } from './code-question.js';
import { CODE, CODE_SCOPE, CodeShelf, type ReadCode } from './code-shelf.js';

/** What is left of a call when it no longer waits for the code to be read; and the longest that it waits. */
const REST_MS = 1_000;
const WAIT_MS_MAX = 4_000;

/**
 * When the code is asked: `alone`, and its answer stands whatever it is; `first`, or `last`, with all else when it has no answer, or
 * that has none; or `never`.
 */
export type CodeTurn = 'alone' | 'first' | 'last' | 'never';

@Injectable()
export class CodeAnswers {
  constructor(@Inject(CodeShelf) private readonly shelf: Pick<CodeShelf, 'within'>) {}

  /** @param scope what else its asker may read, and asks */
  turnOf({ question, collections, since, until }: Asked & AskedPart, corpus: Corpus, scope: Scope): CodeTurn {
    // When the code came is not known.
    if (since !== undefined || until !== undefined) return 'never';
    if (collections !== undefined) {
      if (!collections.includes(CODE)) return 'never';
      return collections.every((name) => name === CODE) ? 'alone' : 'last';
    }
    const { saysSo, names } = codeQuestion(question);
    return saysSo || names.some((name) => isNowhere(name, corpus, scope)) ? 'first' : 'never';
  }

  /**
   * Undefined where the code has no answer, but for one that is asked alone; `unread` where it is not read in time.
   * @throws AppError unavailable when it is asked alone and not read in time
   */
  async answer(turn: CodeTurn, asked: Asked, call: Pick<Call, 'deadline'>): Promise<Answer | 'unread' | undefined> {
    if (turn === 'never') return undefined;
    const code = await this.shelf.within(Math.min(WAIT_MS_MAX, call.deadline - Date.now() - REST_MS));
    if (code === undefined) {
      if (turn !== 'alone') return 'unread';
      throw new AppError(
        'unavailable',
        'Cannot ask the code yet: it is being read, which takes some seconds when it is asked for the first time. Ask again.',
      );
    }
    const { saysSo, names, question } = codeQuestion(asked.question);
    if (turn === 'first' && !saysSo && !names.some((name) => isSymbol(name, code))) return undefined;
    const answer = answerFrom(code.corpus, { ...asked, question }, CODE_SCOPE);
    return turn === 'alone' || answer.answered ? answer : undefined;
  }
}

const isSymbol = (name: string, { symbols }: ReadCode): boolean => symbols.has(name.toLowerCase());

/** Whether nothing that is asked otherwise has this name as a whole. */
function isNowhere(name: string, corpus: Corpus, scope: Scope): boolean {
  const whole = indexTerms(name).slice(-1);
  return [...corpus.counts(whole, scope).values()].every((count) => count === 0);
}
