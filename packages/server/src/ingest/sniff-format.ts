import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { FarthingError } from '@farthing/core';
import { parseRecord, type JsonRecord } from './parse-json.js';

export type FileFormat = 'jsonl' | 'json' | 'csv' | 'parquet';

const beginningBytes = 256 * 1024;

/** The first bytes of a file. */
export async function readBeginning(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(beginningBytes),
      0,
      beginningBytes,
      0,
    );
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * What a file is written in: by what it begins with, not by its name alone. Throws `file_packed` for what
 * has to be made readable first.
 */
export async function sniffFormat(path: string): Promise<FileFormat> {
  const beginning = await readBeginning(path);
  refusePacked(path, beginning);
  if (beginning.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
  const text = beginning
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (text.startsWith('[')) return 'json';
  if (!text.startsWith('{')) {
    return ['.jsonl', '.ndjson'].includes(extname(path)) ? 'jsonl' : 'csv';
  }
  const first = parseRecord(text.split('\n', 1)[0]!).record;
  if (first !== null) return isPage(first) ? 'json' : 'jsonl';
  return extname(path) === '.json' ? 'json' : 'jsonl';
}

/** `{"data": […], …}`: a page of an API's answer. */
export function isPage(record: JsonRecord): boolean {
  return Array.isArray(record['data']) && typeof record['data'][0] === 'object';
}

/** By their first bytes. */
const packed: [bytes: string, what: string, fix: (path: string) => string][] = [
  ['\x1f\x8b', 'compressed with gzip', (path) => `gunzip -k ${path}`],
  ['\x28\xb5\x2f\xfd', 'compressed with Zstandard', (path) => `unzstd -k ${path}`],
  ['PK\x03\x04', 'a ZIP archive', (path) => `unzip ${path}`],
  ['\xff\xfe', 'in UTF-16', (path) => `iconv -f UTF-16 -t UTF-8 ${path}`],
  ['\xfe\xff', 'in UTF-16', (path) => `iconv -f UTF-16 -t UTF-8 ${path}`],
];

function refusePacked(path: string, beginning: Buffer): void {
  for (const [bytes, what, fix] of packed) {
    if (!beginning.subarray(0, bytes.length).equals(Buffer.from(bytes, 'latin1'))) continue;
    throw new FarthingError(
      'file_packed',
      `${path} is ${what}, which an import does not read. Make it UTF-8 text first, e.g. with ${fix(path)}.`,
    );
  }
}
