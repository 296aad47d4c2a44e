// Everyday words that people use for the same thing, so that "pay" finds what is called a transfer. They are about words alone:
// no tool is named here, and a word that only one tool has belongs into its keywords.
import { folded } from '../analysis/folding.js';
import { stem } from '../analysis/stemming.js';

/** One meaning a line: its name, then words and phrases that are taken for it. */
const MEANINGS = `
create: create, make me, new, add, begin, start, set up, build, generate, initialise, initialize, open a
delete: take it away, take away, take off, clear, purge, delete, remove, get rid of, throw away, erase, drop, destroy, discard, wipe, trash, clean up, take down, withdraw, retract, by mistake
upload: put my, where others can use, deposit a file, register a dataset, deliver my, upload, submit, share, import, contribute, hand in, publish, put up, bring in, load, ingest, store my, give to the lab
download: download, fetch, pull, retrieve, obtain, export, save as, take home
all: exist, exists, there are, how many, what do you have, list, all, every, which are there, overview, browse, catalog, catalogue, show me all, what is there, do we have, are there any
find: find, search, look for, look up, discover, seek, anything about, something about
data: numbers, values, results, figures, results, time series, catalog of, data, dataset, table, spreadsheet, csv, file, rows, measurements, excel, sheet, readings, numbers, observations, columns
check: check, validate, verify, test, okay, ok, valid, correct, lint, mistakes, errors in, wrong with, broken, well formed, sanity
change: change, update, edit, modify, replace, amend, adjust, overwrite, alter, tweak, revise
convert: only reads, reads json, readable in, json, excel, in json, as json, as csv, into json, into csv, to json, to csv, convert, transform, turn into, turn my, another format, other format, export as, save as, translate, reformat, parquet
compare: compare, difference, differs, diff, changed, drift, versus, between two
statistics: gaps, blanks, empty, missing, spread, overview of a table, statistics, profile, summary, summarise, summarize, distribution, histogram, outliers, mean, average, median, describe, look like, missing values
query: highest, lowest, biggest, smallest, most often, total, sort, per month, per year, per station, calculate, compute the, sql, query, select, filter, count, group by, join, aggregate, sum, where, how many rows, greater than, over, average, maximum, minimum
money: money, webxos, funds, cash, coins, credits, dollars, euros, currency, bucks, tokens of value
pay: make a payment, spend, settle a bill, bill, salary, transfer, pay, send money, send, transfer, wire, tip, reimburse, payment, owe, move, give somebody, hand over
refund: undo the payment, was charged, overpaid, refund, reverse, undo, take back, chargeback, wrong person, revert, paid twice, sent by mistake, payment back, money back
balance: my money, show my money, my finances, my credit, spent, did i pay, did i spend, have i paid, can i pay, on my account, in my wallet, my funds, balance, how much do i have, left, account, statement, afford, spent, my money, how rich
hold: block funds, block money, lock money for, keep money, guarantee, for an order, hold, reserve, set aside, put aside, escrow, deposit, earmark, until the work is done, keep back
person: guests, him, her, she, he, boss, professor, partner, collaborator, user, person, member, colleague, student, somebody, someone, people, teammate, everybody, wallet, account, guest, employee, postdoc, intern
enrol: team member, starts monday, new team, new intern, new postdoc, new person, newcomer, new guest, new employee, has joined, hire, give access to, sign up, register, onboard, invite, enrol, enroll, join, new user, new member, new colleague, new student, new person, new account, new wallet, add a user, open a wallet
vote: object to, oppose, in support of, vote, ballot, say yes, say no, approve, reject, in favour, in favor, against, agree, disagree, cast
propose: proposal, suggest, propose, idea, motion, referendum, petition, poll
decide: decision, decided, outcome, passed, enact, carry out
stake: stake, lock up, invest, interest, yield, passive income
reward: get paid for, earn something, earnings, reward, earn, bonus, incentive, payout, prize, compensation
suspend: freeze, block, suspend, ban, disable, stop from, stop this user, keep from, lock out
restore: unfreeze, unblock, lift, false alarm, let again, pay again, give access back
role: role, administrator, admin, promote, demote, privileges, give more rights, rank
allowed: permitted to, rights of, allowed, permitted, permission, rights, authorised, authorized, who may, who can, who is allowed, may do, can do, entitled
refused: am i permitted, do i have permission, not authorized, not permitted, do i need, may not, refused, denied, forbidden, not allowed, why can't, why cannot, why may, can't i, may i not, unauthorised, unauthorized, access denied, am i allowed
login: login, log in, sign in, logging in, browser
credential: robot, bot, device, password for, access key, for a machine, token, api key, key, credential, password, secret, login, access for
stolen: stolen, stole, steal, leaked, leak, lost, compromised, exposed, hacked, somebody has my, got hold of
revoke: not work any longer, no longer work, stop working, must not work, deactivate, revoke, switch off, disable, invalidate, log out, end a session, take away
encrypt: nobody sees, nobody else, where nobody, sensitive, safe place, encrypt, hide, protect, conceal, confidential, keep safe, keep secret, private, only i can read, scramble
decrypt: decrypt, unlock, reveal, unseal, read encrypted, make readable
attack: hack, hack us, burglary, sabotage, trying to get in, break in, break ins, breaking in, burglar, intruder, phishing, spying, fraud, attack, attacking, intrusion, suspicious, hacker, hacking, anomaly, unusual, strange, odd, threat, breach, abuse, malicious, misuse, weird, security
audit: who opened, who was, who saw, last changed by, who read, who saw, who opened, who downloaded, who ran, been doing, has been doing, who wrote, who did what, past calls, records, audit, history, trail, who did, who touched, who used, who changed, who read, who called, who looked at, who has seen, who deleted, who accessed, what happened, activity, did what
live: monitor all, see all calls, ongoing, as we speak, live, right now, real time, watch, follow, as it happens, currently, at the moment, is doing, is happening
proof: prove, proof, evidence, receipt, certify, certificate, confirm that
tampered: nobody changed, was changed, genuine, trust the, tampered, manipulated, forged, falsified, integrity, altered, trustworthy
project: project, workspace, repository, codebase, repo, my code, application
template: starters, start from, template, vial, starter, examples, boilerplate, scaffold, skeleton, blueprint, kit
newer: outdated, newer version, upgrade, up to date, latest, newest, newer, out of date, fresh, recent
version: version, history of a table, revision, earlier, previous, last version
job: my run, my training, simulation, workflow, calculation, computing, job, training, run, task, experiment, computation, batch, script, program, simulation, workload
train: train, fit a model, neural network, machine learning, deep learning, finetune, fine tune, model
waiting: has been queued, for hours, still queued, does nothing, nothing happens, when will it start, when does it start, wait, waiting, pending, stuck, queued, in the queue, not starting, not start, not running, never starts, does not begin, hangs, take so long, takes so long
stop: end it, kill it, shut down, break off, stop, cancel, abort, kill, terminate, quit, interrupt, halt, call off
again: retry, restart, again, rerun, repeat, resubmit, redo, one more time, resume
printed: error message, last lines, prints, what did it say, output, printed, print, log, logs, console, stdout, stderr, messages, wrote
result: result, artifact, trained model, checkpoint, output files, outcome of, produced, weights, that my job made, files did
machine: computers, hardware, nodes, gpus, cpu, processors, machine, node, computer, server, gpu, worker, cluster, hardware, host
free: free, available, idle, capacity, spare, unused
health: healthy, feels slow, lab is slow, is there, reachable, responding, respond, answering, crashed lab, online, health, running, alive, status, working, online, slow, disk, is down, is up, everything ok, reachable, broken down
failed: failed, fail, crash, crashed, broke, went wrong, died, exit code, did not work
repair: repair, fix, recover, heal, self healing
price: price, cost, fee, expensive, cheap, charge, tariff
many: many, bulk, several, everybody, at once, a list of people, payroll, all of them
knowledge: how does one, how does, how should, how would, what happens if, why does, where can i read, is it safe to, how do you, how do we, how can i, how can we, how is, how are, how should, where is it written, what is a, what are, known problem, tell me about, what does, instructions for, protocol for, how do i, how to, question, manual, documentation, anybody had, had this problem, guide, know about, what does the, problem before, help with, advice, troubleshoot, explain
learned: record how, record what, how i fixed, how we fixed, fixed it, tell others, trick, workaround, found a way, keep a note, learned, learnt, lesson, solution, note, write down, remember, insight, solved, found out, knowledge, document what, wrote down, for the next person, tip for others
article: document, article, page, full text, whole text, paper
agent: agent, service, bot, assistant, the chancellor, the curator, the librarian, the mechanic, the sentinel, the architect, who can help
source: space weather, weather, nasa, from outside, live feed, sensor, source, feed, api, connector, provider, external, website, upstream
picture: look from above, from above, from space, see the earth, look like from, picture, photo, image, photograph, satellite, imagery, map, snapshot of
alert: alert, alarm, grafana, prometheus, dashboard, metrics, monitoring
rule: for guests, for all, lock down, for everybody, nobody may, nobody should, forbid, prohibit, block all, policy, rule, regulation, law, guideline
setting: parameter, setting, configuration, config, option, quorum
route: route, deliver, delivery, forward, subscription, where does data go
maintenance: maintenance, drain, cordon, take out, out of service, decommission, reboot
progress: percent, half way, still take, how much longer, is it done, finished, done, progress, how far, ready, completed, complete, over yet, how long will
mine: i have, have i, do i have, are mine, am i working on, i am working on, have i got, of mine
helper: who can help, which agent, which tool, is there a tool, who is responsible, whom do i ask, who do i ask
leave: has left, left the lab, leaves, quit the lab, gone, resign, retire, leaver
own: who am i, my role, what am i, my wallet
leaked-in-code: in my code, check my code,  leave a password, password in my code, keys in my project, secrets in my code, hard coded, hardcoded, committed a secret, leaked keys
`;

interface Phrase {
  readonly words: readonly string[];
  readonly meaning: string;
}

/** All words as stems, "who" and "not" too, as phrases are made of them. */
export const wordsOf = (text: string): string[] =>
  (
    folded(text)
      .replaceAll('_', ' ')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+(?:'\p{L}+)*/gu) ?? []
  ).map(stem);

/** By their first word. */
const PHRASES = new Map<string, Phrase[]>();
for (const line of MEANINGS.trim().split('\n')) {
  const [meaning = '', phrases = ''] = line.split(':');
  for (const phrase of phrases.split(',')) {
    const words = wordsOf(phrase);
    const first = words[0] ?? '';
    PHRASES.set(first, [...(PHRASES.get(first) ?? []), { words, meaning }]);
  }
}

/** The meanings that a text has words of, each once, as terms that no text has. */
export function meaningsIn(text: string): string[] {
  const words = wordsOf(text);
  const found = new Set<string>();
  for (const [at, word] of words.entries())
    for (const phrase of PHRASES.get(word) ?? [])
      if (phrase.words.every((one, after) => words[at + after] === one)) found.add(`=${phrase.meaning}`);
  return [...found];
}
