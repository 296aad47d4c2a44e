// What the client answered to a tool's questions, as a header of the bus: base64url, since headers are plain ASCII.
import { type Answers, AnswersShape, AppError } from '@labmesh/contracts';

export const ANSWERS_HEADER = 'answers';

export const encodeAnswers = (answers: Answers): string => Buffer.from(JSON.stringify(answers)).toString('base64url');

/** @throws AppError invalid_input for what `encodeAnswers` did not make */
export function decodeAnswers(header: string | undefined): Answers | undefined {
  if (header === undefined) return undefined;
  try {
    return AnswersShape.parse(JSON.parse(Buffer.from(header, 'base64url').toString()));
  } catch {
    throw new AppError(
      'invalid_input',
      `Cannot read the header "${ANSWERS_HEADER}": it is not what an endpoint sends.`,
    );
  }
}
