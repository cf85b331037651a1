/** Bytes ⇄ text: what must survive an edit (BOM, line ends, also mixed ones) is worked out from the old bytes. */
export type Decoded = { readonly text: string; readonly eol: 'lf' | 'crlf'; readonly bom: boolean };

const byteOrderMark = [0xef, 0xbb, 0xbf] as const;

/** Null when the bytes are not UTF-8 text. */
export const decodeText = (bytes: Uint8Array): Decoded | null => {
  const raw = decodeRaw(bytes);
  if (raw === null) return null;
  return { text: raw.text.replaceAll('\r\n', '\n'), eol: majorityEol(raw.text), bom: raw.bom };
};

/**
 * Bytes of the new text in the manner of the old file. Lines at the start and end that did not change keep the line
 * end they had, so a file with mixed ends changes only where the text does; unchanged text gives the same bytes.
 */
export const encodeText = (text: string, old: Uint8Array | null): Uint8Array => {
  const raw = old === null ? null : decodeRaw(old);
  if (raw === null) return new TextEncoder().encode(text);
  if (raw.text.replaceAll('\r\n', '\n') === text) return old as Uint8Array;
  const body = new TextEncoder().encode(withLineEnds(text, raw.text));
  if (!raw.bom) return body;
  const bytes = new Uint8Array(body.length + byteOrderMark.length);
  bytes.set(byteOrderMark);
  bytes.set(body, byteOrderMark.length);
  return bytes;
};

const decodeRaw = (bytes: Uint8Array): { readonly text: string; readonly bom: boolean } | null => {
  if (bytes.includes(0)) return null;
  const bom = byteOrderMark.every((byte, index) => bytes[index] === byte);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes.subarray(bom ? 3 : 0),
    );
    return { text, bom };
  } catch {
    return null;
  }
};

const majorityEol = (raw: string): 'lf' | 'crlf' => {
  const crlf = raw.match(/\r\n/g)?.length ?? 0;
  const all = raw.match(/\n/g)?.length ?? 0;
  return crlf > all - crlf ? 'crlf' : 'lf';
};

const withLineEnds = (text: string, raw: string): string => {
  const rawLines = raw.split('\n');
  const oldLines = rawLines.map((line, index) =>
    index < rawLines.length - 1 && line.endsWith('\r') ? line.slice(0, -1) : line,
  );
  const oldEnd = (index: number): string => (rawLines[index] === oldLines[index] ? '\n' : '\r\n');
  const newLines = text.split('\n');
  const majority = majorityEol(raw) === 'crlf' ? '\r\n' : '\n';
  const shorter = Math.min(oldLines.length, newLines.length);
  let head = 0;
  while (head < shorter && oldLines[head] === newLines[head]) head++;
  let tail = 0;
  while (
    tail < shorter - head &&
    oldLines[oldLines.length - 1 - tail] === newLines[newLines.length - 1 - tail]
  ) {
    tail++;
  }
  let result = '';
  for (const [index, line] of newLines.entries()) {
    const last = index === newLines.length - 1;
    const fromEnd = newLines.length - 1 - index;
    if (index < head) {
      result += line + (last ? '' : index < oldLines.length - 1 ? oldEnd(index) : majority);
    } else if (fromEnd < tail) {
      result += line + (last ? '' : oldEnd(oldLines.length - 1 - fromEnd));
    } else {
      const written = last || !line.endsWith('\r') ? line : line.slice(0, -1);
      result += written + (last ? '' : majority);
    }
  }
  return result;
};
