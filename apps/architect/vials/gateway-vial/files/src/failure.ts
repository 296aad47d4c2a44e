// What a call fails with: a code for programs, words for people, and what to do. It never holds a token.
export class Failure extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly hint = '',
  ) {
    super(message);
  }
}
