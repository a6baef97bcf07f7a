import { stat } from 'node:fs/promises';
import type { JournalStatus } from '@farthing/core';
import { isAlive, listSegments, readLock, segmentPath } from '@farthing/journal';
import type { JournalPosition, SourcedEntry } from '../store/store.js';
import type { Damage } from './damage.js';
import { readLine } from './read-line.js';
import { SegmentCursor } from './segment-cursor.js';

/** What one reading of a journal found, and the position that is reached when it has been booked. */
export interface TailReading {
  entries: SourcedEntry[];
  damage: Damage[];
  position: JournalPosition | null;
  /** When the oldest of the lines was written, in milliseconds since 1970. */
  oldest: number | null;
  /** True when there may be more to read. */
  more: boolean;
}

/** Reads one journal from a position on, segment after segment, while it is being written. */
export class JournalTail {
  readonly name: string;
  readonly directory: string;
  #segment: number | null = null;
  #cursor: SegmentCursor | null = null;
  #booked: { segment: number; offset: number } = { segment: 0, offset: 0 };
  /** Bytes of each segment that exists. */
  #sizes = new Map<number, number>();
  #live = false;
  /** Why this journal is not read any further. */
  stopped: string | null = null;

  constructor(name: string, directory: string, position: JournalPosition | undefined) {
    this.name = name;
    this.directory = directory;
    if (position !== undefined) {
      this.#moveTo(position.segment, position.offset);
      this.#booked = { segment: position.segment, offset: position.offset };
    }
  }

  /**
   * Reads at least what is there now, up to about `mostLines` lines. `segments` is listed before the
   * bytes are read: only then is the end of a segment that has a successor really its end.
   */
  async read(mostLines: number): Promise<TailReading> {
    const reading: TailReading = {
      entries: [],
      damage: [],
      position: null,
      oldest: null,
      more: false,
    };
    await this.#look();
    if (this.stopped !== null) return reading;
    const segments = [...this.#sizes.keys()];
    this.#settle(segments, reading);
    let lines = 0;
    while (this.#cursor !== null && this.#sizes.has(this.#segment!)) {
      if (lines >= mostLines) {
        reading.more = true;
        break;
      }
      const chunk = await this.#cursor.next();
      if (chunk === null) {
        if (!this.#advance(segments, reading)) break;
        continue;
      }
      for (const { text, offset } of chunk.lines) {
        if (!this.#take(text, offset, reading)) return reading;
      }
      lines += chunk.lines.length;
      if (chunk.overlong !== null) this.#damaged(reading, chunk.overlong, 'longer than 16 MiB');
      this.#reached(reading);
    }
    return reading;
  }

  booked(position: JournalPosition): void {
    this.#booked = { segment: position.segment, offset: position.offset };
  }

  /** Complete lines that have not been booked, in bytes. A line still being written does not count. */
  get unbookedBytes(): number {
    const { bytes, booked_bytes: booked } = this.#bytes();
    return Math.max(0, bytes - booked - (this.#cursor?.partialBytes ?? 0));
  }

  status(unreadableLines: number): JournalStatus {
    return {
      name: this.name,
      segments: this.#sizes.size,
      ...this.#bytes(),
      unreadable_lines: unreadableLines,
      live: this.#live,
    };
  }

  #bytes(): { bytes: number; booked_bytes: number } {
    let bytes = 0;
    let booked = 0;
    for (const [segment, size] of this.#sizes) {
      bytes += size;
      if (segment < this.#booked.segment) booked += size;
      else if (segment === this.#booked.segment) booked += Math.min(size, this.#booked.offset);
    }
    return { bytes, booked_bytes: booked };
  }

  /** Sizes of segments that have a successor and have been read do not change any more. */
  async #look(): Promise<void> {
    const segments = await listSegments(this.directory);
    const sizes = new Map<number, number>();
    for (const segment of segments) {
      const known = segment < (this.#segment ?? 0) ? this.#sizes.get(segment) : undefined;
      const size = known ?? (await sizeOf(segmentPath(this.directory, segment)));
      if (size !== null) sizes.set(segment, size);
    }
    this.#sizes = sizes;
    const holder = readLock(this.directory);
    this.#live = holder !== null && isAlive(holder);
  }

  /** Finds the place to read on from when files are not as they were left. */
  #settle(segments: readonly number[], reading: TailReading): void {
    if (this.#segment === null || this.#cursor === null) {
      if (segments[0] !== undefined) this.#moveTo(segments[0], 0);
      return;
    }
    const size = this.#sizes.get(this.#segment);
    if (size !== undefined) {
      if (size >= this.#cursor.end) return;
      const before = this.#cursor.offset;
      if (this.#cursor.shrinkTo(size)) {
        const reason = `the segment shrank from at least ${before} to ${size} bytes; what was booked stays booked`;
        this.#damaged(reading, size, reason, 'segment');
        this.#reached(reading);
      }
      return;
    }
    const offset = this.#cursor.offset;
    const next = segments.find((segment) => segment > this.#segment!);
    if (next !== undefined) {
      this.#damaged(reading, offset, 'the segment vanished before its end was booked', 'segment');
      this.#moveTo(next, 0);
      this.#reached(reading);
    } else if (segments[0] !== undefined) {
      this.#damaged(reading, offset, `the journal began anew at segment ${segments[0]}`, 'segment');
      this.#moveTo(segments[0], 0);
      this.#reached(reading);
    } else {
      this.#damaged(reading, offset, 'the journal’s segments vanished', 'segment');
    }
  }

  /** Goes on to the next segment, when there is one. A line without an end stays behind for good. */
  #advance(segments: readonly number[], reading: TailReading): boolean {
    const next = segments.find((segment) => segment > this.#segment!);
    if (next === undefined) return false;
    if (this.#cursor!.partialBytes > 0) {
      const torn = this.#cursor!.dropPartial();
      this.#damaged(reading, torn, 'torn: the last line of a finished segment has no end');
    }
    this.#moveTo(next, 0);
    this.#reached(reading);
    return true;
  }

  /** False when reading must stop before this line. */
  #take(text: string, offset: number, reading: TailReading): boolean {
    const line = readLine(text);
    if (line.type === 'too_new') {
      this.stopped = `journal ${this.name} continues in schema ${line.schema}, which a newer Farthing wrote (segment ${this.#segment}, offset ${offset}). Upgrade this one; nothing is lost meanwhile.`;
      reading.position = this.#at(offset);
      return false;
    }
    if (line.type === 'unreadable') {
      this.#damaged(reading, offset, line.reason);
      return true;
    }
    if (line.at !== null) reading.oldest = Math.min(reading.oldest ?? line.at, line.at);
    if (line.type === 'entry') {
      reading.entries.push({ entry: line.entry, position: this.#at(offset) });
    }
    return true;
  }

  #damaged(
    reading: TailReading,
    offset: number,
    reason: string,
    kind: Damage['kind'] = 'line',
  ): void {
    reading.damage.push({ kind, journal: this.name, segment: this.#segment!, offset, reason });
  }

  #reached(reading: TailReading): void {
    reading.position = this.#at(this.#cursor!.offset);
  }

  #at(offset: number): JournalPosition {
    return { journal: this.name, segment: this.#segment!, offset };
  }

  #moveTo(segment: number, offset: number): void {
    this.#segment = segment;
    this.#cursor = new SegmentCursor(segmentPath(this.directory, segment), offset);
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
