import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../../files/replace-file.js';

/** How far a sink has got: `alerts/sinks/<name>.json`. Numbers are places in `alerts/notices.jsonl`. */
export interface SinkPlace {
  /** Notices after it have not been looked at. */
  through: number;
  waiting: number[];
  /** Of each incident that is not over: the first notice and the last that the sink has had. */
  told: [number, number][];
  delivered: number;
  replaced: number;
  last_delivered_at: string | null;
}

export function newPlace(through: number): SinkPlace {
  return { through, waiting: [], told: [], delivered: 0, replaced: 0, last_delivered_at: null };
}

export function placePath(dataDirectory: string, name: string): string {
  return join(dataDirectory, 'alerts', 'sinks', `${name}.json`);
}

/** `new` where there is none; `damaged` where it cannot be read. */
export function readPlace(path: string): SinkPlace | 'new' | 'damaged' {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'new' : 'damaged';
  }
  try {
    const place = JSON.parse(text) as SinkPlace;
    const numbers = [place.through, place.delivered, place.replaced, ...place.waiting];
    const isWhole = [...numbers, ...place.told.flat()].every((one) => Number.isInteger(one));
    return isWhole ? place : 'damaged';
  } catch {
    return 'damaged';
  }
}

export async function writePlace(path: string, place: SinkPlace): Promise<void> {
  await replaceFile(path, `${JSON.stringify(place)}\n`);
}
