// Stack traces as programs of six languages write them: what was thrown, what caused it, and the place in somebody's own code.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf } from '../excerpt.js';
import { originOf, type Trace } from './trace.js';

function only(text: string): Trace {
  const { traces } = excerptOf(text);
  expect(traces).toHaveLength(1);
  return traces[0] as Trace;
}

const said = ({ chain }: Trace) => chain.map(({ type, message }) => [type, message]);
const place = (trace: Trace) => {
  const origin = originOf(trace);
  return origin === null ? null : [origin.file, origin.line, origin.function];
};

const NODE = `2026-01-02T03:04:05Z ERROR request failed TypeError: Cannot read properties of undefined (reading 'x')
    at Object.get (/srv/app/node_modules/lib/index.js:10:5)
    at async load (file:///srv/app/src/load.mjs:21:9)
    at new Store (/srv/app/src/store.ts:4:11)
    at node:internal/process/task_queues:95:5 {
  code: 'E_X',
  [cause]: Error [ERR_IO]: disk is away
      at read (/srv/app/src/disk.js:3:1)
      at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
}`;

const PYTHON = `INFO starting
Traceback (most recent call last):
  File "/srv/lab/fit.py", line 12, in solve
    return np.linalg.inv(matrix)
           ~~~~~~~~~~~~~^^^^^^^^
  File "/usr/lib/python3/dist-packages/numpy/linalg/linalg.py", line 545, in inv
    ainv = _umath_linalg.inv(a)
numpy.linalg.LinAlgError: Singular matrix

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/srv/lab/main.py", line 3, in <module>
    run()
  File "<frozen importlib._bootstrap>", line 1, in _call
RuntimeError: no fit for flare 7
done`;

const JAVA = `Exception in thread "main" org.lab.RunException: run 7 failed
\tat org.lab.Run.start(Run.java:40)
\tat java.base/java.lang.Thread.run(Thread.java:833)
Caused by: java.io.IOException: disk full
\tat java.base/java.io.FileOutputStream.writeBytes(Native Method)
\tat org.lab.Store.save(Store.kt:17)
\t... 3 more
\tSuppressed: java.lang.IllegalStateException: closed
\t\tat org.lab.Other.close(Other.java:1)`;

const GO = `panic: runtime error: index out of range [5] with length 3

goroutine 1 [running]:
runtime.gopanic({0x1, 0x2})
\t/usr/local/go/src/runtime/panic.go:884 +0x212
github.com/x/dep.Do(...)
\t/root/go/pkg/mod/github.com/x/dep@v1.2.3/do.go:9 +0x10
main.(*Run).step(0xc000012345, 0x5)
\t/home/ann/lab/run.go:12 +0x1d
main.main()
\t/home/ann/lab/main.go:8 +0x20
exit status 2`;

const RUST = `thread 'main' panicked at src/fit.rs:4:5:
index out of bounds: the len is 3 but the index is 99
stack backtrace:
   0: rust_begin_unwind
             at /rustc/90b35a6/library/std/src/panicking.rs:595:5
   1: core::panicking::panic_bounds_check
             at /rustc/90b35a6/library/core/src/panicking.rs:151:5
   2: lab::fit::solve
             at ./src/fit.rs:4:5
   3: lab::main
             at ./src/main.rs:9:3
note: Some details are omitted, run with \`RUST_BACKTRACE=full\` for a verbose backtrace.`;

const CSHARP = `Unhandled exception. System.InvalidOperationException: run 7 failed
 ---> System.IO.IOException: disk full
   at System.IO.Stream.Write(Byte[] buffer, Int32 offset)
   at Lab.Store.Save(String path) in C:\\lab\\Store.cs:line 17
   --- End of inner exception stack trace ---
   at Lab.Run.Start() in C:\\lab\\Run.cs:line 40`;

describe('a stack trace', () => {
  it('of Node has its causes, and leaves packages and the runtime out of what is own', () => {
    const trace = only(NODE);
    expect(trace.language).toBe('node');
    expect(said(trace)).toEqual([
      ['TypeError', "Cannot read properties of undefined (reading 'x')"],
      ['Error', 'disk is away'],
    ]);
    expect(trace.chain[0]?.frames.map(({ own }) => own)).toEqual([false, true, true, false]);
    expect(trace.chain[0]?.frames[1]).toEqual({ file: '/srv/app/src/load.mjs', line: 21, function: 'load', own: true });
    expect(place(trace)).toEqual(['/srv/app/src/disk.js', 3, 'read']);
  });

  it('of Python has the innermost frame first, and what it came of last', () => {
    const trace = only(PYTHON);
    expect([trace.language, said(trace)]).toEqual([
      'python',
      [
        ['RuntimeError', 'no fit for flare 7'],
        ['numpy.linalg.LinAlgError', 'Singular matrix'],
      ],
    ]);
    expect(trace.chain[1]?.frames.map((frame) => frame.function)).toEqual(['inv', 'solve']);
    expect(place(trace)).toEqual(['/srv/lab/fit.py', 12, 'solve']);
    const lines = excerptOf(PYTHON).events.map(({ text }) => text);
    expect(lines).toContain('INFO starting');
    expect(lines).toContain('done');
    expect(lines.join('\n')).not.toContain('File "');
  });

  it('of Java has what caused it, and nothing of what was suppressed', () => {
    const trace = only(JAVA);
    expect([trace.language, said(trace)]).toEqual([
      'java',
      [
        ['org.lab.RunException', 'run 7 failed'],
        ['java.io.IOException', 'disk full'],
      ],
    ]);
    expect(trace.chain[1]?.frames).toHaveLength(2);
    expect(place(trace)).toEqual(['Store.kt', 17, 'org.lab.Store.save']);
  });

  it('of Go and Rust begins where the panic was, past what the language and packages did', () => {
    expect([said(only(GO)), place(only(GO))]).toEqual([
      [['panic', 'runtime error: index out of range [5] with length 3']],
      ['/home/ann/lab/run.go', 12, 'main.(*Run).step'],
    ]);
    expect([said(only(RUST)), place(only(RUST))]).toEqual([
      [['panic', 'index out of bounds: the len is 3 but the index is 99']],
      ['./src/fit.rs', 4, 'lab::fit::solve'],
    ]);
    const short = only("thread 'main' panicked at 'no seal', src/pump.rs:7:1\nnote: run with RUST_BACKTRACE=1");
    expect([said(short), place(short)]).toEqual([[['panic', 'no seal']], ['src/pump.rs', 7, null]]);
  });

  it('of C# has the frames of the innermost with the innermost', () => {
    const trace = only(CSHARP);
    expect([trace.language, said(trace)]).toEqual([
      'csharp',
      [
        ['System.InvalidOperationException', 'run 7 failed'],
        ['System.IO.IOException', 'disk full'],
      ],
    ]);
    expect(trace.chain.map(({ frames }) => frames.length)).toEqual([1, 2]);
    expect(place(trace)).toEqual(['C:\\lab\\Store.cs', 17, 'Lab.Store.Save']);
  });

  it('is told apart from the next, and from lines that only look like it', () => {
    const { traces } = excerptOf([NODE, 'between', PYTHON, GO, JAVA, RUST, CSHARP].join('\n'));
    expect(traces.map(({ language }) => language)).toEqual(['node', 'python', 'go', 'java', 'rust', 'csharp']);
    for (const plain of [
      'we met at noon (as agreed)',
      '    at the gate',
      'Traceback (most recent call last):\nnothing',
    ])
      expect(excerptOf(plain).traces).toEqual([]);
  });

  it('holds no secret of the text', () => {
    const { traces, events } = excerptOf('Error: password=hunter2hunter2 refused\n    at go (/a/b.js:1:1)');
    expect(JSON.stringify([traces, events])).not.toContain('hunter2');
    expect(events).toMatchObject([{ number: 1, rank: 0 }]);
  });
});

describe('any text', () => {
  it('is read, in time that grows with its length alone', () => {
    const pieces = [NODE, PYTHON, JAVA, GO, RUST, CSHARP].flatMap((text) => text.split('\n'));
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string())), (lines) => {
        for (const { number } of excerptOf(lines.join('\n')).events) expect(number).toBeGreaterThan(0);
      }),
    );
    const hostile = [
      '    at a.b(C.java:1)\n',
      'panic: x\n',
      'Traceback (most recent call last):\n  File "x", line 1\n',
      `at ${'a.'.repeat(200)}${'['.repeat(200)}(\n`,
      `${'a.'.repeat(900)}\n`,
      `${'x::'.repeat(600)}Erro\n`,
      ' ---> x\n',
      `at ${' ('.repeat(300)}\n`,
    ];
    for (const line of hostile) {
      const text = line.repeat(Math.floor((256 * 1024) / line.length));
      // Some milliseconds where nothing is read twice; what goes over its text again and again takes minutes, and the test's time.
      expect(excerptOf(text).events.length, line.slice(0, 30)).toBeGreaterThanOrEqual(0);
    }
  });
});
