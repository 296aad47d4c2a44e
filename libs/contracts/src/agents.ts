// The six agents of the lab, in the order people read them.
import { architect } from './architect.js';
import { chancellor } from './chancellor.js';
import { curator } from './curator.js';
import { librarian } from './librarian.js';
import { mechanic } from './mechanic.js';
import { sentinel } from './sentinel.js';
import type { AgentContract } from './tool.js';

export const AGENTS: readonly AgentContract[] = [curator, sentinel, chancellor, architect, mechanic, librarian];
