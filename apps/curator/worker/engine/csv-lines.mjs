// A CSV or TSV file of any size, looked at and then written as JSON lines. What the cells may be is counted here; which columns follow
// from that, and are given back for the lines, the Curator says.
import { closeSync, openSync, writeSync } from 'node:fs';
import { CsvRecords } from './csv-records.mjs';

const WRITE_BYTES = 1024 * 1024;
const COLUMNS_MAX = 2_000;
const WRONG_MAX = 3;
/** As many numbers that a double may not hold are handed on; a column with more of them is text. */
const SUSPECTS_MAX = 1_000;
const SURE_LENGTH = 15;

/** A number of a program's making: an exponent comes after one digit and perhaps a fraction, unlike the hash 713752e1. */
const PLAIN_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$|^-?\d(?:\.\d+)?[eE][+-]?\d+$/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Of each column what all of its cells may be; `suspects` are numbers that may have to be text. */
export async function csvShape(file, separator) {
  let columns = [];
  const records = new CsvRecords(separator);
  await records.each(file, (record) => {
    if (record.row === -1) columns = headerOf(record);
    else for (let cell = 0; cell < record.cells; cell += 1) look(columns[cell], record, cell);
  });
  return {
    rows: records.row,
    columns: columns.map(({ suspects, ...column }) => ({ ...column, suspects: [...suspects] })),
  };
}

function headerOf(record) {
  if (record.cells > COLUMNS_MAX) throw new Error(`Invalid Input Error: it has more than ${COLUMNS_MAX} columns`);
  const names = Array.from({ length: record.cells }, (_, cell) => record.text(cell));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`Invalid Input Error: the column "${twice.slice(0, 100)}" is named twice`);
  return names.map((name) => ({
    name,
    texts: 0,
    empties: 0,
    words: 0,
    quoted: false,
    booleans: true,
    numbers: true,
    integers: true,
    json: true,
    nested: true,
    someNested: false,
    suspects: new Set(),
  }));
}

function look(column, record, cell) {
  const quoted = record.quoted[cell];
  if (quoted) column.quoted = true;
  else if (record.starts[cell] === record.ends[cell]) {
    column.empties += 1;
    return;
  }
  const open = column.booleans || column.numbers || column.json;
  // A text that says nothing more about the column need not be read; the word null must be.
  if (!open && (quoted || record.ends[cell] - record.starts[cell] !== 4)) {
    column.texts += 1;
    return;
  }
  const text = record.text(cell);
  if (!quoted && text === 'null') {
    column.words += 1;
    return;
  }
  column.texts += 1;
  if (open) judge(column, text);
}

function judge(column, text) {
  if (column.booleans && text !== 'true' && text !== 'false') column.booleans = false;
  const isNumber = PLAIN_NUMBER.test(text);
  if (column.numbers) {
    if (!isNumber) column.numbers = false;
    else if (!Number.isSafeInteger(Number(text))) column.integers = false;
    if (isNumber && !isSure(text)) {
      if (column.suspects.size < SUSPECTS_MAX) column.suspects.add(text);
      else column.numbers = false;
    }
  }
  if (!column.json) return;
  const first = text[0];
  const isNested = first === '[' || first === '{';
  if (isNested || first === '"') column.someNested = true;
  if (!isNested) column.nested = false;
  if (!isNumber && !isJson(text)) {
    column.json = false;
    column.nested = false;
  }
}

const isSure = (text) => String(Number(text)) === text || (text.length <= SURE_LENGTH && !/[eE]/.test(text));

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Writes the rows as JSON lines, with the columns as they are to be read. Answers how many there are. */
export async function csvLines({ file, separator, target, columns }) {
  const to = openSync(target, 'wx', 0o600);
  const keys = columns.map(({ name }) => `${JSON.stringify(name)}:`);
  const wrong = [];
  let lines = '';
  const records = new CsvRecords(separator);
  try {
    await records.each(file, (record) => {
      if (record.row === -1) return;
      let line = '';
      for (let cell = 0; cell < record.cells; cell += 1) {
        const value = jsonOf(record, cell, columns[cell]);
        if (value === undefined) continue;
        if (value === UNFIT)
          wrong.push(
            `row ${record.row}, column "${columns[cell].name.slice(0, 100)}": not of type ${columns[cell].type}`,
          );
        else line += line === '' ? keys[cell] + value : `,${keys[cell]}${value}`;
      }
      if (wrong.length >= WRONG_MAX) throw wrongCells(wrong);
      lines += `{${line}}\n`;
      if (lines.length < WRITE_BYTES) return;
      writeAll(to, lines);
      lines = '';
    });
    if (wrong.length > 0) throw wrongCells(wrong);
    writeAll(to, lines);
  } finally {
    closeSync(to);
  }
  return records.row;
}

function writeAll(to, text) {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += writeSync(to, bytes, written);
}

const UNFIT = Symbol('unfit');
const wrongCells = (wrong) => new Error(`Invalid Input Error: ${wrong.join('; ')}. Correct the cells, or the schema`);

/** JSON of a cell; undefined is a column that the row lacks. */
function jsonOf(record, cell, { type, absent, nullable }) {
  const quoted = record.quoted[cell];
  if (!quoted && record.starts[cell] === record.ends[cell] && (absent || nullable)) return absent ? undefined : 'null';
  const text = record.text(cell);
  if (!quoted && nullable && text === 'null') return 'null';
  switch (type) {
    case 'string':
      return JSON.stringify(text);
    case 'boolean':
      return text === 'true' || text === 'false' ? text : UNFIT;
    case 'number':
      return NUMBER.test(text) ? text : UNFIT;
    case 'integer':
      return integerOf(text);
    default:
      // Line ends between the parts are no part of it.
      return isJson(text) ? text.replace(/[\r\n]/g, ' ') : UNFIT;
  }
}

/** 1.0 and 1e3 are integers, as in JSON Schema; one of too many digits is refused by who reads the lines. */
function integerOf(text) {
  if (!NUMBER.test(text)) return UNFIT;
  if (!/[.eE]/.test(text)) return text;
  return Number.isInteger(Number(text)) ? text.replace(/^(-?\d+)\.0+$/, '$1') : UNFIT;
}
