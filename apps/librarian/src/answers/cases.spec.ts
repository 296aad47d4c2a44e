// Answers over documents that change, that are full of code, and that are in other languages: right document first, spans exact.
import { describe, expect, it } from 'vitest';
import { Corpus, LAB_SCOPE } from '../corpus/corpus.js';
import { newDocument, versionOf } from '../corpus/document.js';
import { answerFrom } from './answering.js';

const textOf = (file: string, text: string) => newDocument({ file, text, collection: 'docs' });

function corpusOf(texts: Readonly<Record<string, string>>): Corpus {
  const corpus = new Corpus();
  for (const [file, text] of Object.entries(texts)) corpus.put(textOf(file, text));
  return corpus;
}

const ask = (corpus: Corpus, question: string) => answerFrom(corpus, { question, limit: 5, context: [] }, LAB_SCOPE);

const OTHERS = {
  'docs/roles.md': '# Roles\n\nEvery wallet has one role. A researcher submits data.\n',
  'docs/pump.md': '# Pump\n\nThe roughing pump stalls at 40 Hz when its tip seal is worn.\n',
  'docs/dome.md': '# Dome\n\nHeat the shutter before you open the dome in winter.\n',
};

describe('a document that changes', () => {
  const before = '# Camera\n\nThe camera server listens on port 7001.\n';
  const after = '# Camera\n\nThe camera server listens on port 7002.\n';
  const question = 'Which port does the camera server listen on?';

  it('answers as it is now, and no more when it is gone', () => {
    const corpus = corpusOf({ ...OTHERS, 'docs/camera.md': before });
    expect(ask(corpus, question)).toMatchObject({ answered: true, claims: [{ version: versionOf(before) }] });
    corpus.put(textOf('docs/camera.md', after));
    const now = ask(corpus, question);
    expect(now.claims[0]).toMatchObject({
      text: 'The camera server listens on port 7002.',
      version: versionOf(after),
      file: 'docs/camera.md',
    });
    expect(JSON.stringify(now)).not.toContain('port 7001');
    corpus.remove('docs/camera.md');
    const gone = ask(corpus, question);
    expect(gone).toMatchObject({ answered: false, claims: [], citations: [] });
    expect(JSON.stringify(gone)).not.toMatch(/port 700[12]/);
  });
});

describe('a document full of code', () => {
  for (const [name, newline] of [
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ] as const)
    it(`has its headings, lines and spans exact, with ${name} and emoji`, () => {
      const lines = [
        '# T',
        '',
        '👩‍🚀 Before all, calibrate the spectrograph with the neon lamp.',
        '```sh',
        '# note',
        '```',
        '~~~',
        '# note',
        '~~~',
        '````',
        '```',
        '# note',
        '```',
        '````',
        'Afterwards 🔭 the spectrograph keeps its grating for a month.',
      ];
      const text = lines.join(newline);
      const corpus = corpusOf({ ...OTHERS, 'docs/t.md': text });
      const { claims, citations } = ask(corpus, 'How long does the spectrograph keep its grating?');
      const sentence = lines.at(-1) ?? '';
      expect(claims[0]).toMatchObject({
        file: 'docs/t.md',
        path: ['T'],
        heading: 'T',
        line: lines.length,
        text: sentence,
        start: text.indexOf(sentence),
        end: text.indexOf(sentence) + sentence.length,
        link: `kb://docs/t.md#span=${text.indexOf(sentence)}-${text.length}`,
      });
      for (const { path, start, end, text: span } of [
        ...claims,
        ...citations.filter(({ file }) => file === 'docs/t.md'),
      ])
        expect({ path, span }).toEqual({ path: ['T'], span: text.slice(start, end) });
      expect(ask(corpus, 'What is the note?').claims.map((claim) => claim.text)).not.toContain('# note');
    });
});

describe('documents in other languages, and names', () => {
  const corpus = corpusOf({
    ...OTHERS,
    'docs/zh.md': '# 安全\n\n认证系统使用JWT令牌。\n',
    'docs/zh2.md': '# 存储\n\n数据存储在本地磁盘上。\n',
    'docs/ko.md': '# 인사\n\n초과근무 승인은 팀장이 한다.\n',
    'docs/ko2.md': '# 시설\n\n회의실은 3층에 있다.\n',
    'docs/fr.md': '# Cantine\n\nLe café ouvre à huit heures.\n',
    'docs/hi.md': '# सुरक्षा\n\nप्रयोगशाला में चश्मा पहनना अनिवार्य है।\n',
    'docs/hi2.md': '# भोजन\n\nभोजन कक्ष दूसरी मंज़िल पर है।\n',
    'docs/cpp.md': '# Drivers\n\nThe spectrograph driver is written in C++ and talks to its bus.\n',
    'docs/c.md': '# Firmware\n\nThe firmware of the rotator is written in C and fits into its flash.\n',
    'docs/err.md': '# Faults\n\nERR_CONN-42 means that the rotator lost its cable.\n',
    'docs/err2.md': '# Other faults\n\nERR_CONN-43 means that the rotator is too hot.\n',
  });

  it.each([
    ['认证', 'docs/zh.md'],
    ['认证系统使用什么令牌?', 'docs/zh.md'],
    ['승인', 'docs/ko.md'],
    ['초과근무 승인', 'docs/ko.md'],
    ['cafe', 'docs/fr.md'],
    ['café', 'docs/fr.md'],
    ['चश्मा', 'docs/hi.md'],
    ['C++', 'docs/cpp.md'],
    ['ERR_CONN-42', 'docs/err.md'],
    ['What does ERR_CONN-43 mean?', 'docs/err2.md'],
  ])('%s is answered from %s', (question, file) => {
    const { answered, citations, claims } = ask(corpus, question);
    expect({ answered, cited: citations[0]?.file, claimed: claims[0]?.file }).toEqual({
      answered: true,
      cited: file,
      claimed: file,
    });
  });
});

describe('many short notes that share words', () => {
  const notes = Object.fromEntries(
    Array.from({ length: 15 }, (_, at) => [
      `note-${at}.txt`,
      `The spectrometer was cleaned on day ${at} of the month.\n`,
    ]),
  );
  const corpus = corpusOf({ ...notes, 'lamp.txt': 'The spectrometer is calibrated with the neon lamp.\n' });

  it('answer from the one that says it, as nothing else can be told by how they lie', () => {
    const { answered, claims } = ask(corpus, 'How do I calibrate the spectrometer?');
    expect({ answered, from: claims[0]?.file }).toEqual({ answered: true, from: 'lamp.txt' });
  });

  it('refuse what none of them says', () => {
    expect(ask(corpus, 'How do I align the interferometer?').answered).toBe(false);
  });
});
