// Looks now and then how large an attempt's folder is, whatever runs the attempt. A folder is walked for a small part of the time:
// one of a million files takes seconds.
import { folderBytes } from './folder-size.js';

const LOOK_EVERY_MS = 500;
const WALK_SHARE = 20;

/** Calls `exceeded` once when it is more than that. The answer ends it. */
export function watchFolder(folder: string, bytesMax: number, exceeded: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const look = async (): Promise<void> => {
    const began = performance.now();
    if ((await folderBytes(folder, bytesMax)) > bytesMax) return isOver ? undefined : exceeded();
    const took = performance.now() - began;
    if (!isOver) timer = setTimeout(() => void look(), Math.max(LOOK_EVERY_MS, took * WALK_SHARE));
  };
  timer = setTimeout(() => void look(), LOOK_EVERY_MS);
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
