// Ids that would not come back as they were sent: JSON's numbers have any number of digits, the ones they are read into have not.
import { echoableId, isObject, type RpcFault, WRONG_ID } from './json-rpc.js';

/** A number behind one of these names that is not plainly exact: with a fraction, an exponent, or many digits. Rarely there. */
const DOUBTFUL = /"(?:id|progressToken)"\s*:\s*-?(?:\d{16}|\d+[.eE])/;
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** The fault of a message, or of the first of a batch, whose id or progress token is no exact integer. @param text valid JSON */
export function inexactId(text: string): RpcFault | undefined {
  if (!DOUBTFUL.test(text)) return undefined;
  // Each number as the text it was written as.
  const literal = JSON.parse(text.replace(TOKENS, (token) => (token.startsWith('"') ? token : `"${MARK}${token}"`)));
  for (const message of Array.isArray(literal) ? literal : [literal]) {
    if (!isObject(message)) continue;
    if (!isExact(message.id)) return { code: -32600, message: `Invalid Request: ${WRONG_ID}` };
    const meta = isObject(message.params) ? message.params._meta : undefined;
    if (isObject(meta) && !isExact(meta.progressToken))
      return { code: -32602, message: `Invalid params: as a progress token, ${WRONG_ID}`, id: idOf(message) };
  }
  return undefined;
}

/** No JSON text holds it unescaped. */
const MARK = '\\u0000';

function isExact(value: unknown): boolean {
  const literal = literalOf(value);
  if (literal === undefined) return true;
  const [, whole = '', fraction = '', exponent = '0'] = /^-?(\d+)(?:\.(\d+))?(?:[eE](.+))?$/.exec(literal) ?? [];
  const digits = `${whole}${fraction}`.replace(/0+$/, '');
  const dropped = whole.length + fraction.length - digits.length;
  return digits === '' || (Number(exponent) - fraction.length + dropped >= 0 && Number.isSafeInteger(Number(literal)));
}

const literalOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.startsWith('\0') ? value.slice(1) : undefined;

const idOf = ({ id }: Record<string, unknown>): RpcFault['id'] => {
  const literal = literalOf(id);
  return echoableId({ id: literal === undefined ? id : Number(literal) });
};
