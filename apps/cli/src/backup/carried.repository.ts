// The database's side of a backup: its rows at one instant, and back.
export {
  type AppliedMigration,
  beginRestore,
  type CarriedDatabase,
  carriedDatabase,
  checkTarget,
  type DumpPart,
  dumpOf,
  finishRestore,
  holdContent,
  type LoadedTable,
  partsOf,
  type RestoreTarget,
  type SequenceState,
} from '@labmesh/db';
