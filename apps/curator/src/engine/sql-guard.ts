// What a caller's SQL may be: one statement that reads the tables it was given, by the tree that DuckDB's own parser makes of it.
// The engine reaches no file anyway; this refuses with a reason, and leaves nothing to functions that nobody thought of.
import { z } from 'zod';
import { badSql, type Place, placeOfByte } from './sql-errors.js';

/** Table functions that only make rows of their arguments. */
const TABLE_FUNCTIONS = new Set(
  'generate_series generate_subscripts json_each json_tree range repeat repeat_row unnest'.split(' '),
);
/** Functions that tell of the engine, change it or hold it up. */
const REFUSED_FUNCTIONS = new Set(
  'current_query current_setting currval getenv nextval parse_duckdb_log_message pg_sleep sleep_ms write_log'.split(
    ' ',
  ),
);
/** Functions, and words without brackets, whose value is another one each time. */
const VOLATILE = new Set(
  `current_date current_localtime current_localtimestamp current_time current_timestamp gen_random_uuid get_current_time
  get_current_timestamp localtime localtimestamp now random setseed today transaction_timestamp uuid uuidv4 uuidv7`.split(
    /\s+/,
  ),
);
const READS =
  'Only SELECT, WITH, VALUES, DESCRIBE and EXPLAIN are taken: SQL here reads, and never writes, sets or loads';

/** What json_serialize_sql() answers. */
const Serialized = z.union([
  z.object({ error: z.literal(false), statements: z.array(z.unknown()) }),
  z.object({
    error: z.literal(true),
    error_type: z.string(),
    error_message: z.string(),
    position: z.coerce.number().optional(),
  }),
]);

export interface GuardedSql {
  /** The same tables give the same answer, in the same order. */
  readonly repeatable: boolean;
}

/** The part of it that is no EXPLAIN, and where that begins. */
export function withoutExplain(sql: string): { readonly statement: string; readonly from: number } {
  const [explain = ''] = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*explain\s+(?:analyze\s+|\([^)]*\)\s*)?/i.exec(sql) ?? [];
  return { statement: sql.slice(explain.length), from: explain.length };
}

/**
 * @param tree what json_serialize_sql() makes of the statement that begins at `from` in the SQL
 * @throws AppError invalid_input with the place of what is wrong.
 */
export function guardSql(
  tree: string,
  { sql, from }: { sql: string; from: number },
  tables: readonly string[],
): GuardedSql {
  const parsed = Serialized.parse(JSON.parse(tree));
  if (parsed.error) {
    if (parsed.error_type !== 'parser') throw badSql(READS);
    throw badSql(parsed.error_message, placeOfByte(sql, parsed.position ?? Number.NaN, from));
  }
  if (parsed.statements.length === 0) throw badSql('There is no statement');
  if (parsed.statements.length > 1) throw badSql(`There are ${parsed.statements.length} statements; give one`);
  const walk = new Walk(sql, from, tables);
  walk.names(parsed.statements);
  walk.node(parsed.statements);
  return { repeatable: walk.repeatable };
}

class Walk {
  repeatable = true;
  private readonly known: Set<string>;

  constructor(
    private readonly sql: string,
    private readonly from: number,
    private readonly tables: readonly string[],
  ) {
    this.known = new Set(tables.map((table) => table.toLowerCase()));
  }

  /** Names that the SQL gives to its own parts: see WITH. */
  names(node: unknown): void {
    for (const inner of membersOf(node)) this.names(inner);
    if (!isNode(node) || !isNode(node.cte_map) || !Array.isArray(node.cte_map.map)) return;
    for (const { key } of node.cte_map.map as Array<{ key?: unknown }>) this.known.add(String(key).toLowerCase());
  }

  node(node: unknown): void {
    if (isNode(node)) {
      this.reference(node);
      this.expression(node);
    }
    for (const inner of membersOf(node)) this.node(inner);
  }

  private reference(node: Node): void {
    if (node.sample !== undefined && node.sample !== null) this.repeatable = false;
    if (node.type === 'BASE_TABLE') this.table(node);
    if (node.type === 'SHOW_REF' && !isNode(node.query)) throw badSql(READS);
    if (node.type !== 'TABLE_FUNCTION' || !isNode(node.function)) return;
    const name = String(node.function.function_name).toLowerCase();
    if (!TABLE_FUNCTIONS.has(name))
      throw badSql(
        `The table function ${name}() is not among those that may be used: ${[...TABLE_FUNCTIONS].join(', ')}`,
        this.placeOf(node),
      );
  }

  private table(node: Node): void {
    const name = String(node.table_name);
    if (this.known.has(name.toLowerCase()) && node.schema_name === '' && node.catalog_name === '') return;
    throw badSql(
      `There is no table "${name.slice(0, 100)}". The tables are: ${this.tables.join(', ')}`,
      this.placeOf(node),
    );
  }

  private expression(node: Node): void {
    if (node.class === 'COLUMN_REF' && Array.isArray(node.column_names) && node.column_names.length === 1)
      this.refuseOrNote(String(node.column_names[0]), node, false);
    if (node.class === 'FUNCTION') this.refuseOrNote(String(node.function_name), node, true);
  }

  private refuseOrNote(called: string, node: Node, isCall: boolean): void {
    const name = called.toLowerCase();
    if (VOLATILE.has(name)) this.repeatable = false;
    if (isCall && REFUSED_FUNCTIONS.has(name))
      throw badSql(`The function ${name}() may not be used`, this.placeOf(node));
  }

  private placeOf({ query_location: at }: Node): Place | undefined {
    return placeOfByte(this.sql, Number(at), this.from);
  }
}

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const membersOf = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];
