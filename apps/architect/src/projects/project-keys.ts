// The key that a project on the lab's disk uses: its owner's, for the template's tools alone, in a file of its own outside the project.
// It is in no answer and no row.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AgentClients } from '@labmesh/agent';
import { AppError, type architect, type Call, sentinel } from '@labmesh/contracts';
import { LAB_CONFIG, type LabConfig } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';

const KEY_SECONDS = 30 * 86_400;
const LABEL_MAX = 80;

interface KeyOf {
  /** Of the project. */
  readonly name: string;
  readonly toolset: readonly string[];
}

export interface ProjectKey {
  readonly token: string;
  readonly tokenId: string;
}

@Injectable()
export class ProjectKeys {
  readonly #folder: string;

  constructor(
    @Inject(AgentClients) private readonly agents: AgentClients<typeof architect>,
    @Inject(LAB_CONFIG) { home }: Pick<LabConfig, 'home'>,
  ) {
    this.#folder = join(home, 'credentials');
  }

  fileOf(projectId: string): string {
    return join(this.#folder, `${projectId}.token`);
  }

  /** Makes the key and writes its file; answers its id. @throws AppError forbidden when the caller may make no keys */
  async make(projectId: string, of: KeyOf, call: Call): Promise<string> {
    const key = await this.issue(of, call);
    await this.keep(projectId, key, call);
    return key.tokenId;
  }

  /** A key that is in no file yet. @throws AppError forbidden when the caller may make no keys */
  async issue({ name, toolset }: KeyOf, call: Call): Promise<ProjectKey> {
    return this.agents.of(sentinel, call).generate_wallet_token({
      kind: 'client_key',
      ttlSeconds: KEY_SECONDS,
      toolset: [...toolset],
      label: `project ${name}`.slice(0, LABEL_MAX),
    });
  }

  /** Writes it into the project's file, in the place of an earlier one. @throws AppError unavailable; then it is withdrawn */
  async keep(projectId: string, { token, tokenId }: ProjectKey, call: Call): Promise<void> {
    const file = this.fileOf(projectId);
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await rm(`${file}.new`, { force: true });
      await writeFile(`${file}.new`, `${token}\n`, { flag: 'wx', mode: 0o600 });
      await rename(`${file}.new`, file);
    } catch (error) {
      await this.withdraw(tokenId, call);
      throw new AppError('unavailable', `Cannot keep the key of the project: ${(error as Error).message}.`, {
        cause: error,
      });
    }
  }

  /** Withdraws the key, where there is one, and removes its file. */
  async end(projectId: string, tokenId: string | null, call: Call): Promise<void> {
    await this.forget(projectId);
    if (tokenId !== null) await this.withdraw(tokenId, call);
  }

  async withdraw(tokenId: string, call: Call): Promise<void> {
    await this.agents
      .of(sentinel, call)
      .revoke_token({ tokenId })
      .catch((error: unknown) => {
        // Somebody withdrew it before.
        if (!(error instanceof AppError && error.code === 'not_found')) throw error;
      });
  }

  /** A key that nobody can read any more opens nothing. */
  forget(projectId: string): Promise<void> {
    return rm(this.fileOf(projectId), { force: true });
  }
}
