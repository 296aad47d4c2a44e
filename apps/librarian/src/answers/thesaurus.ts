// Words that mean the same to who asks about software, data and machines: a question in other words than a document's still finds it.
// General English of the field; it knows nothing of what any document says.
import { tokenize } from '@labmesh/search';

/** One line, one meaning. A phrase is looked for in the question as it stands; its words alone mean nothing of it. */
const MEANINGS = `
  start, begin, launch, boot, turn on, switch on, get going, power up, bring up
  stop, end, quit, exit, shut down, turn off, switch off, halt, terminate, power down
  remove, delete, erase, drop, withdraw, get rid of, take away, throw away, destroy, uninstall
  add, create, register, set up, setup, install
  write, develop, implement, build, extend, program, contribute, add, create
  author, publish, write, create, make my own, make own, of my own
  change, edit, modify, alter, adjust, customize
  update, upgrade, version, release, edition, newer, migrate, latest
  copy, backup, back up, save a copy, duplicate, snapshot
  restore, bring back, recover, get back, undo, roll back, reverse, revert, refund
  repair, fix, mend, recovery, heal, solve, solution, troubleshoot, resolve
  error, fault, failure, problem, trouble, bug, issue, wrong, mistake, broken
  crash, die, dies, died, dead, gone, lost, down, fail, kill, disappear, go away
  wait, pending, queue, stuck, hang, idle
  fast, quick, speed, performance, slow, latency, throughput
  big, large, huge, size
  limit, maximum, quota, bound, rate limit, at most, how many
  cost, price, charge, fee, expensive, cheap
  pay, payment, transfer, transaction, spend, send money
  money, coin, currency, funds, balance
  earn, reward, yield, get paid, income, interest
  account, wallet, user
  person, people, somebody, someone, colleague, others, teammate
  role, rights, permission, allow, allowed, may, authorize, privilege, access
  forbid, deny, refuse, block, reject, ban, prevent
  password, secret, credential, passphrase
  key, token, credential
  leak, steal, stolen, expose, compromise, published, public by accident
  log in, login, sign in, sign on, authenticate
  log out, logout, sign out
  attacker, hacker, intruder, attack, break in, take over, threat
  secure, security, safe, protect
  encrypt, cipher, encryption
  strange, unusual, anomaly, suspicious, odd, weird, abnormal
  busy, taken, occupied, already used, in use
  notice, detect, watch, monitor, observe, see what is going on
  log, record, written down, journal, history, trace, audit
  write down, log, note, document
  prove, proof, evidence, verify, tamper
  check, validate, verify, test, correct
  machine, computer, host, server, node, worker, device
  gpu, graphics card, cuda, accelerator
  laptop, computer, one machine, desktop
  several servers, several machines, many servers, cluster, mesh, replicas, distribute, spread, scale
  network, internet, online, web, connection
  without internet, offline, no internet, air gapped
  reach, connect, access, open, remote
  connect, attach, hook up, plug in, link, integrate, join
  client, assistant, claude, cursor, vs code
  docker, container, image, compose
  kubernetes, k8s, cluster
  folder, directory, place, location
  file, document
  upload, put in, submit, import, bring in, send in
  download, fetch, get out, export, retrieve
  kind of file, file type, format, kinds of files
  convert, transform, turn into, translate
  table, dataset, data, rows
  column, field, schema
  query, sql, select, ask
  website, web api, source, feed, address, url
  picture, image, photo, imagery
  video, movie, timelapse, film
  telescope, mount, observatory, camera
  graph, chart, dashboard, plot, grafana, metrics
  setting, option, configuration, environment variable, parameter, preference, configure
  command, cli, terminal, shell, command line
  complete, completion, autocomplete
  browser, page, web page, website, user interface
  job, task, run, training
  train, training, learn, fit, model
  neural network, model, network, deep learning
  print, output, log, stdout, console
  left behind, artifact, artefact, result, leave
  template, vial, blueprint, skeleton, boilerplate
  overwrite, lose, replace, conflict, merge, keep
  suggest, propose, proposal, request
  vote, ballot, poll, decide, election
  tool, function, command
  fewer, less, reduce, smaller list, subset
  find, search, discover, look for, locate
  example, tutorial, guide, how to, walkthrough, introduction
  mean, meaning, definition, glossary, term
  code, program, script, source code
  isolate, sandbox, keep apart, separate
  memory, ram
  disk, storage, drive, store
  time, duration, how long, expire, valid, age
  question, ask, answer
  simultaneous, concurrent, at once, parallel, same time
  colleague, other machine, another computer, from outside, others in
  chat, conversation, talk, dialogue, message, discussion
  ai, llm, gpt, chatgpt, language model, chatbot
  semantic, meaning, understand, embedding, vector, encoder
  paper, article, publication, document, pdf, literature
  admin, administrator, root, operator
  outage, power cut, power failure, blackout, crash
  automatic, automatically, schedule, scheduled, periodic, regularly, cron, every night, every day
  licence, license, open source, commercial, terms
  supercomputer, hpc, slurm, batch, cluster
  reproduce, replicate, repeat, confirm, validation, peer review
  precision, exact, accuracy, rounding, decimals
  throttle, throttled, rate limit, too many requests, 429
  forbidden, 403, access denied, permission denied, not allowed
  unauthorized, unauthenticated, 401
  resume, continue, pick up, carry on, reconnect
  interrupt, disconnect, break off, connection lost, connection dropped, session
  tracing, trace, span, jaeger, opentelemetry, zipkin
  sweep, array, grid search, many runs`;

interface Phrase {
  readonly pattern: RegExp;
  readonly entry: string;
  readonly terms: readonly string[];
  readonly group: number;
}

/** A verb may have its object before its particle: "turn it off". */
const PARTICLES = /^(\p{L}+) (off|on|up|down|back|out|in|away|over|behind)$/u;
const patternOf = (entry: string): RegExp => new RegExp(` ${entry.replace(PARTICLES, '$1 (?:\\S+ ){0,3}$2')} `, 'u');

const groups: string[][] = [];
const byTerm = new Map<string, number[]>();
const phrases: Phrase[] = [];
for (const line of MEANINGS.trim().split('\n')) {
  const group = groups.length;
  const terms: string[] = [];
  for (const entry of line.split(',').map((each) => each.trim())) {
    const parts = tokenize(entry);
    const [only] = parts;
    if (entry.includes(' ')) phrases.push({ pattern: patternOf(entry), entry, terms: parts, group });
    else if (only !== undefined) byTerm.set(only, [...(byTerm.get(only) ?? []), group]);
    if (parts.length === 1 && only !== undefined) terms.push(only);
  }
  groups.push([...new Set(terms)]);
}

/** Of the question's terms, those that mean the same. A phrase speaks for its words, or for itself where none of them is a term. */
export function synonymsIn(question: string, terms: readonly string[]): Map<string, string[]> {
  const flat = ` ${question.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
  const found = new Map<string, string[]>();
  const add = (key: string, group: number): void => {
    const others = (groups[group] ?? []).filter((term) => term !== key);
    found.set(key, [...new Set([...(found.get(key) ?? []), ...others])]);
  };
  for (const term of terms) for (const group of byTerm.get(term) ?? []) add(term, group);
  for (const { pattern, entry, terms: parts, group } of phrases) {
    if (!pattern.test(flat)) continue;
    const known = parts.filter((part) => terms.includes(part));
    for (const key of known.length === 0 ? [entry] : known) add(key, group);
  }
  return found;
}
