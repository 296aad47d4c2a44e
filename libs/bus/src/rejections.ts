// The words in which a request is refused by the bus itself. One place, so that both transports say the same.
import { AppError } from '@labmesh/contracts';

/** `labmesh.chancellor.transfer` -> `chancellor`; of an event, the agent that published it. */
const agentOf = (subject: string): string => {
  const [, first, second] = subject.split('.');
  return (first === 'event' ? second : first) ?? subject;
};

const shortName = (subject: string): string => subject.replace(/^labmesh\./, '');

const unanswered = new WeakSet<object>();

/** Whether the bus itself gave this request up: nobody was there, or nobody answered in time. False for what a handler answered. */
export const isUnanswered = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && unanswered.has(thrown);

const giveUp = (error: AppError): AppError => {
  unanswered.add(error);
  return error;
};

export const noResponder = (subject: string): AppError =>
  giveUp(
    new AppError(
      'unavailable',
      `Cannot reach the agent "${agentOf(subject)}": nobody answers on ${subject}. Start it, or try again in a moment.`,
    ),
  );

export const brokerAway = (cause?: unknown): AppError =>
  new AppError('unavailable', 'Cannot reach the message broker: the connection is down. Try again in a moment.', {
    cause,
  });

/** The request had left when the connection broke: whether it was carried out is not known. */
export const connectionLost = (subject: string): AppError =>
  giveUp(
    new AppError(
      'unavailable',
      `Lost the message broker before ${shortName(subject)} answered; it may have been carried out. Check before you repeat it.`,
    ),
  );

export const closing = (): AppError =>
  new AppError('unavailable', 'Cannot send: this process is shutting down. Try again in a moment.');

export const listenersNotUp = (subject: string): AppError =>
  new AppError(
    'unavailable',
    `Cannot deliver ${shortName(subject)}: its listeners are still starting. Publish it again.`,
  );

export const deadlineExceeded = (subject: string, timeoutMs: number): AppError =>
  giveUp(
    new AppError(
      'deadline_exceeded',
      `${shortName(subject)} did not answer within ${timeoutMs} ms. Try again, or ask for less.`,
    ),
  );

export const cancelled = (subject: string): AppError =>
  new AppError('cancelled', `${shortName(subject)} was given up: its caller went away before the answer.`);

export const tooLarge = (what: string, subject: string): AppError =>
  new AppError(
    'too_large',
    `The ${what} of ${shortName(subject)} is larger than a message may be. Send or ask for less at a time.`,
  );

export const noResult = (subject: string): AppError =>
  new AppError('internal', `${shortName(subject)} ended without a result.`);
