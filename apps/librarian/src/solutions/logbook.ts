// Logs solutions: stored first, then found by this process's own search before the answer goes out.
import { AppError, type librarian, type Principal, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Library } from '../corpus/library.js';
import { fileOf } from './solution.js';
import { SolutionsRepository } from './solutions.repository.js';

type Tool = (typeof librarian.tools)['log_new_solution'];

@Injectable()
export class Logbook {
  constructor(
    @Inject(SolutionsRepository) private readonly solutions: SolutionsRepository,
    @Inject(Library) private readonly library: Library,
  ) {}

  /** @throws AppError invalid_input for text that the database cannot keep */
  async log(input: ToolInput<Tool>, author: Principal): Promise<ToolOutput<Tool>> {
    for (const text of [input.title, input.problem, input.solution, ...input.tags]) refuseUnstorable(text);
    const id = `sol_${uuidv7()}`;
    const loggedAt = await this.solutions.append({ ...input, id, authorWalletId: author.walletId });
    await this.library.upToDate();
    return { file: fileOf({ id }), title: input.title, loggedAt: loggedAt.toISOString() };
  }
}

/** PostgreSQL text holds every character but NUL. */
function refuseUnstorable(text: string): void {
  if (text.includes('\0')) {
    throw new AppError('invalid_input', 'Cannot log the solution: its text holds a NUL character. Remove it.');
  }
}
