/**
 * The beginning of something that has not come whole yet. What comes in many chunks (an image) is copied
 * into room that doubles: each byte is moved a few times, not once with every chunk.
 */
export class CarriedBytes<Bytes extends Uint8Array> {
  readonly #allocate: (size: number) => Bytes;
  #carry: Bytes | null = null;
  #room: Bytes | null = null;

  /** @param allocate makes bytes of the kind that chunks are of; they need not be zero. */
  constructor(allocate: (size: number) => Bytes) {
    this.#allocate = allocate;
  }

  get length(): number {
    return this.#carry?.length ?? 0;
  }

  /** What was kept, with the chunk behind it. */
  join(chunk: Bytes): Bytes {
    const carry = this.#carry;
    if (carry === null) return chunk;
    const size = carry.length + chunk.length;
    let room = this.#room;
    // What was kept lies at the beginning of the room, unless something ended in it since.
    const isRoomy =
      room !== null && carry.buffer === room.buffer && carry.byteOffset === room.byteOffset;
    if (room === null || !isRoomy || room.length < size) {
      room = this.#allocate(size * 2);
      room.set(carry);
      this.#room = room;
    }
    room.set(chunk, carry.length);
    return room.subarray(0, size) as Bytes;
  }

  /** Keeps what stands from this place on; nothing where that is the end. */
  keepFrom(bytes: Bytes, from: number): void {
    this.#carry = from < bytes.length ? (bytes.subarray(from) as Bytes) : null;
  }

  /** Hands out what was kept and forgets it. */
  take(): Bytes | null {
    const rest = this.#carry;
    this.#carry = null;
    this.#room = null;
    return rest;
  }
}
