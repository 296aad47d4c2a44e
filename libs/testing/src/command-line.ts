// What the programs beside the tests (benches, oracle, conformance) do with their command line.

interface Program<Wanted> {
  readonly usage: string;
  /** Undefined when only help is wanted. @throws Error saying which argument is wrong */
  read(): Wanted | undefined;
  /** @returns the exit code */
  run(wanted: Wanted): Promise<number>;
}

/** The exit code of `run`; 0 when only help was wanted, 2 with the usage when an argument is wrong. */
export async function runProgram<Wanted>({ usage, read, run }: Program<Wanted>): Promise<number> {
  let wanted: Wanted | undefined;
  try {
    wanted = read();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (wanted !== undefined) return run(wanted);
  process.stdout.write(usage);
  return 0;
}
