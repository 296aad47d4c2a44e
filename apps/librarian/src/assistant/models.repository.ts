// Rows of language models. Keys are here as the Sentinel sealed them, never in the clear.
import { AppError, MODELS_MAX } from '@labmesh/contracts';
import { DATABASE, type Database, poolTransaction } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';

export interface ModelSettings {
  readonly name: string;
  readonly kind: 'openai' | 'anthropic';
  /** As its provider calls it. */
  readonly model: string;
  readonly baseUrl: string;
  readonly contextTokens: number;
  readonly answerTokens: number;
  readonly timeoutSeconds: number;
  readonly tools: boolean;
}

export interface StoredModel extends ModelSettings {
  readonly sealedKey: string | null;
  readonly isDefault: boolean;
  readonly setBy: string;
  readonly setAt: Date;
}

const COLUMNS = `name, kind, model, base_url AS "baseUrl", sealed_key AS "sealedKey", context_tokens AS "contextTokens",
  answer_tokens AS "answerTokens", timeout_seconds AS "timeoutSeconds", tools, is_default AS "isDefault", set_by AS "setBy", set_at AS "setAt"`;
const ONE_AFTER_THE_OTHER = `SELECT pg_advisory_xact_lock(hashtextextended('librarian.models', 0))`;
const PUT = `
  INSERT INTO librarian.models (name, kind, model, base_url, sealed_key, context_tokens, answer_tokens, timeout_seconds, tools, is_default, set_by, set_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, date_trunc('milliseconds', clock_timestamp()))
  ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, model = excluded.model, base_url = excluded.base_url, sealed_key = excluded.sealed_key,
    context_tokens = excluded.context_tokens, answer_tokens = excluded.answer_tokens, timeout_seconds = excluded.timeout_seconds,
    tools = excluded.tools, is_default = excluded.is_default, set_by = excluded.set_by, set_at = excluded.set_at`;

@Injectable()
export class ModelsRepository {
  constructor(@Inject(DATABASE) private readonly database: Pick<Database, 'pool'>) {}

  async all(): Promise<StoredModel[]> {
    return (await this.database.pool.query<StoredModel>(`SELECT ${COLUMNS} FROM librarian.models ORDER BY name`)).rows;
  }

  async find(name: string): Promise<StoredModel | undefined> {
    const { rows } = await this.database.pool.query<StoredModel>(
      `SELECT ${COLUMNS} FROM librarian.models WHERE name = $1`,
      [name],
    );
    return rows[0];
  }

  async default(): Promise<StoredModel | undefined> {
    const { rows } = await this.database.pool.query<StoredModel>(
      `SELECT ${COLUMNS} FROM librarian.models WHERE is_default`,
    );
    return rows[0];
  }

  /**
   * One is the default while there are any: `isDefault` undefined leaves it as it is. Answers whether this one is.
   * @throws AppError quota_exceeded
   */
  async put(
    settings: ModelSettings,
    sealedKey: string | null,
    by: { setBy: string; isDefault: boolean | undefined },
  ): Promise<boolean> {
    return poolTransaction(this.database, async (client) => {
      await client.query(ONE_AFTER_THE_OTHER);
      const { rows } = await client.query<{ name: string; isDefault: boolean }>(
        'SELECT name, is_default AS "isDefault" FROM librarian.models',
      );
      const { name, kind, model, baseUrl, contextTokens, answerTokens, timeoutSeconds, tools } = settings;
      const others = rows.filter((row) => row.name !== name);
      if (others.length >= MODELS_MAX)
        throw new AppError('quota_exceeded', `Cannot keep ${name}: the lab has ${MODELS_MAX} models. Remove one.`);
      const was = rows.find((row) => row.name === name)?.isDefault ?? false;
      const isDefault = (by.isDefault ?? was) || !others.some((row) => row.isDefault);
      if (isDefault)
        await client.query('UPDATE librarian.models SET is_default = false WHERE is_default AND name <> $1', [name]);
      await client.query(PUT, [
        name,
        kind,
        model,
        baseUrl,
        sealedKey,
        contextTokens,
        answerTokens,
        timeoutSeconds,
        tools,
        isDefault,
        by.setBy,
      ]);
      return isDefault;
    });
  }

  /** The first of those that stay takes its place as the default. */
  async remove(name: string): Promise<boolean> {
    return poolTransaction(this.database, async (client) => {
      await client.query(ONE_AFTER_THE_OTHER);
      const { rowCount } = await client.query('DELETE FROM librarian.models WHERE name = $1', [name]);
      await client.query(
        `UPDATE librarian.models SET is_default = true WHERE name = (SELECT min(name) FROM librarian.models)
         AND NOT EXISTS (SELECT 1 FROM librarian.models WHERE is_default)`,
      );
      return rowCount === 1;
    });
  }
}
