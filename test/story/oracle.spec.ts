// The differential oracle over a bounded number of seeds; `npm run oracle -- --seeds 300 --from 1` runs more of them.
import { createServer, request, type Server } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Endpoint, type OracleLab, startLab } from '../oracle/src/labs.js';
import { narrowToken, runSeeds, told } from '../oracle/src/run.js';
import { verifies } from '../requirements.js';

let lab: OracleLab;
let narrow: string;
beforeAll(async () => {
  lab = await startLab('lab');
  narrow = await narrowToken(lab);
});
afterAll(() => lab?.[Symbol.asyncDispose]());

verifies('wire:same-as-agent', async () => {
  const outcome = await runSeeds(lab, { from: 1, seeds: 60, narrowToken: narrow });
  expect(outcome.differences.map((difference) => told(difference, 'lab'))).toEqual([]);
  expect(outcome.sessions).toBe(60);
});

/** A gateway that is wrong in one way: the oracle must see it. */
async function wrongGateway(to: Endpoint, wrong: (text: string) => string): Promise<{ at: Endpoint; server: Server }> {
  const server = createServer((req, res) => {
    const { method, headers } = req;
    const out = request({ host: '127.0.0.1', port: to.port, path: to.path, method, headers }, (answer) => {
      const { 'content-length': _, 'transfer-encoding': __, ...rest } = answer.headers;
      res.writeHead(answer.statusCode ?? 0, rest).flushHeaders();
      answer.setEncoding('utf8');
      if (rest['content-type']?.startsWith('text/event-stream') === true)
        answer.on('data', (chunk: string) => res.write(wrong(chunk))).once('end', () => res.end());
      else {
        let text = '';
        answer.on('data', (chunk: string) => (text += chunk)).once('end', () => res.end(wrong(text)));
      }
      answer.once('error', () => res.destroy());
    });
    out.once('error', () => res.destroy());
    res.once('close', () => out.destroy());
    req.pipe(out);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return { at: { ...to, port: address.port }, server };
}

const faults: Array<[string, (text: string) => string]> = [
  ['a progress token that is not mapped back', (text) => text.replace('"progressToken":7', '"progressToken":8')],
  ['a lost message', (text) => text.replace(/event: message\ndata: .*"progress":2[,}].*\n\n/, '')],
  ['another error code', (text) => text.replaceAll('-32602', '-32603')],
  ['a lost tool', (text) => text.replace(/\{"name":"oracle_stamp".*?\}\},?(?=\{"name":"oracle_)/, '')],
  ['a lost resource', (text) => text.replace(/\{"uri":"oracle-note:\/\/n101".*?\},/, '')],
  [
    'two resources in another order',
    (text) => text.replaceAll('n002', 'n00?').replaceAll('n003', 'n002').replaceAll('n00?', 'n003'),
  ],
  ['a list that ends too early', (text) => (text.includes('n150') ? text.replace(/,?"nextCursor":"[^"]*"/, '') : text)],
  ['a lost resource template', (text) => text.replace(/\{"uriTemplate":"oracle-page.*?\},/, '')],
  ['a resource of another kind', (text) => text.replace(/"contents":\[\{(.*?)text\/plain/, '"contents":[{$1text/html')],
  [
    'a resource that another asked for',
    (text) => text.replace('"data":{"uri":"oracle-letter', '"data":{"uri":"oracle-note'),
  ],
  ['a secret that slips out', (text) => text.replace('internal', 'the cause that nobody outside may read')],
  ['an argument that nobody requires', (text) => text.replace('"required":true', '"required":false')],
  ['a prompt said by somebody else', (text) => text.replace('"role":"user"', '"role":"assistant"')],
  ['an unknown prompt that is found', (text) => text.replace(/Unknown prompt: \w*/, 'Unknown prompt')],
  ['a lost completion', (text) => text.replace('"Ada",', '')],
  ['completions without an end', (text) => text.replace('"hasMore":true', '"hasMore":false')],
  ['a wrong cursor that is taken', (text) => text.replace('Invalid cursor', 'A cursor')],
  ['text that was encoded twice', (text) => text.replaceAll('日', 'æ—¥')],
];
it.each(faults)('sees %s', async (_what, wrong) => {
  const { at, server } = await wrongGateway(lab.gateway, wrong);
  const outcome = await runSeeds({ ...lab, gateway: at }, { from: 1, seeds: 100, enough: 1, narrowToken: narrow });
  server.closeAllConnections();
  server.close();
  expect(outcome.differences.length).toBeGreaterThan(0);
  expect(told(outcome.differences[0] ?? expect.fail('no difference'), 'lab')).toMatch(
    /replay: npm run oracle -- --seeds 1 --from \d+/,
  );
});
