// The door of @labmesh/locks.
export { type FileLock, type HeldLock, type LockOwner, lockFile } from './file-lock.js';
