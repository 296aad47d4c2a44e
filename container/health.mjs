// Whether this container's process answers 200 at a path: node health.mjs /readyz. It asks this machine alone.
const path = process.argv[2] ?? '/healthz';
const LIMIT_MS = 4_000;

try {
  const response = await fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}${path}`, {
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${text}`);
} catch (error) {
  process.stderr.write(`${path}: ${error.message}\n`);
  process.exitCode = 1;
}
