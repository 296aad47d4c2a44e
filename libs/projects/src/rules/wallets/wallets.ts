// Wallets that a project names: whether they are wallets, are there, and are the caller's.
import { WalletId } from '@labmesh/contracts';
import { isTest } from '../project/code.js';
import type { Project } from '../project/project.js';
import { environmentOf, isEnvironment } from '../project/settings-of.js';
import type { LabFacts, Rule } from '../rule.js';

const family = 'Wallets';
const WALLET = /\bwal_[\w-]*/g;
/** Words about wallets: documents, and tests with wallets of their own. */
const isProse = (path: string): boolean => /\.(md|rst|txt|ipynb|csv|svg)$/.test(path) || isTest(path);
const CONFIGURATION = /\.(json|jsonc|ya?ml|toml|ini|cfg)$/;

interface WalletPlace {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** Whole words that begin as a wallet id does. In code only what is a text of its own: `wal_` may begin a name. */
function walletPlaces(project: Project): WalletPlace[] {
  return project.texts
    .filter(({ path }) => !isProse(path))
    .flatMap((file) => {
      const isValue = CONFIGURATION.test(file.path) || isEnvironment(file.path);
      return file.lines.flatMap((row, index) =>
        [...row.matchAll(WALLET)]
          .filter(
            ({ 0: text, index: at }) => isValue || /["'`]/.test(row[at - 1] ?? '') || WalletId.safeParse(text).success,
          )
          .map(([text]) => ({ path: file.path, line: index + 1, text })),
      );
    });
}

const isWallet = (text: string): boolean => WalletId.safeParse(text).success;

const malformed: Rule = {
  id: 'wallet-malformed',
  family,
  severity: 'error',
  title: 'What should be a wallet id is none',
  *look(project) {
    const remedy = 'A wallet id is wal_ and a UUID; npx @labmesh/cli wallet balance tells yours.';
    for (const { path, line, text } of walletPlaces(project))
      if (!isWallet(text) && !/^wal_$/.test(text))
        yield { path, line, message: `${text.slice(0, 44)} is no wallet id.`, remedy };
    for (const file of project.texts.filter(({ path }) => isEnvironment(path)))
      for (const { name, value, line } of environmentOf(file))
        if (/(^|_)WALLET(_ID)?$/.test(name) && value !== '' && !/^wal_|\$|</.test(value))
          yield { path: file.path, line: line(), message: `${name} does not hold a wallet id.`, remedy };
  },
};

/** The first place of each wallet in each file that is not the caller's, with what the lab says of it. */
async function strangers(project: Project, lab: LabFacts) {
  const { walletState } = lab;
  if (walletState === undefined) return [];
  const places = walletPlaces(project).filter(({ text }) => isWallet(text) && text !== lab.wallet);
  const ids = [...new Set(places.map(({ text }) => text))].slice(0, ASKED_MAX);
  const states = new Map(await Promise.all(ids.map(async (id) => [id, await walletState(id)] as const)));
  return places.map((place) => ({ ...place, state: states.get(place.text) }));
}
/** Wallets that the lab is asked about for one project. */
const ASKED_MAX = 20;

const unknown: Rule = {
  id: 'wallet-unknown',
  family,
  severity: 'error',
  title: 'A wallet that the lab does not have',
  async look(project, lab) {
    return (await strangers(project, lab))
      .filter(({ state }) => state === 'unknown')
      .map(({ path, line, text }) => ({
        path,
        line,
        message: `This lab has no wallet ${text}.`,
        remedy: lab.wallet === undefined ? 'Name a wallet of this lab.' : `Yours is ${lab.wallet}.`,
      }));
  },
};

const notYours: Rule = {
  id: 'wallet-not-yours',
  family,
  severity: 'warning',
  title: 'A wallet of somebody else, or one that you may not know to be there',
  async look(project, lab) {
    return (await strangers(project, lab))
      .filter(({ state }) => state === 'not yours')
      .map(({ path, line, text }) => ({
        path,
        line,
        message: `${text} is not yours.`,
        remedy:
          lab.wallet === undefined
            ? 'Name your own, unless it is one that is to be paid.'
            : `Yours is ${lab.wallet}; leave it only where somebody else is to be paid.`,
      }));
  },
};

export const walletRules: readonly Rule[] = [malformed, unknown, notYours];
