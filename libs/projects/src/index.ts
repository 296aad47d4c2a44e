// The door of @labmesh/projects: files of projects, for the Architect and the command.
export { ARCHIVE_BYTES_MAX, packArchive, unpackArchive } from './archive.js';
export { checkedName, checkedPath, checkedPaths } from './checked-path.js';
export { ENV_PATH, type EnvValues, envFile } from './env-file.js';
export { type PlacingOptions, type PlacingStep, placeFiles, takeBackIn } from './placing/place-files.js';
export type { FilePut, FileRemoval, Placement } from './placing/placement.js';
export { CARD_PATH, cardFile, describeFile, ProjectCard, readCard } from './project-card.js';
export { byPath, checkedFiles, type ProjectFile, sameFile, sha256Of, textOf } from './project-file.js';
export { PROJECT_LIMITS } from './project-limits.js';
export { ALWAYS_IGNORED, IGNORE_FILE, type ReadOptions, readFolder } from './read-folder.js';
export { readDiskFacts } from './rules/disk-facts.js';
export type { Looked } from './rules/look-through.js';
export { mendFolder } from './rules/mend-folder.js';
export type { DiskFacts } from './rules/project/project.js';
export type { LabFacts } from './rules/rule.js';
export { isEnvironmentFile } from './rules/secrets/environment-files.js';
export { walletStateOf } from './rules/wallets/wallet-state.js';
