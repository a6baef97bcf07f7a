import { randomFillSync } from 'node:crypto';
import { V7Generator } from 'uuidv7';

/** Asking the system for randomness costs more than all else about an id: it is asked for many at once. */
const pool = new Uint32Array(256);
let used = pool.length;

const generator = new V7Generator({
  nextUint32() {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    return pool[used++]!;
  },
});

/** A UUID of version 7: they sort by time, and rise even within a millisecond. */
export function newCallId(): string {
  return generator.generate().toString();
}
