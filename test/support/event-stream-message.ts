import { crc32 } from 'node:zlib';

/** A message of Amazon's event stream as Bedrock sends it: lengths, text headers, JSON, checksums. */
export function eventMessage(
  type: string,
  payload: unknown,
  kind: 'event' | 'exception' = 'event',
): Buffer {
  const headers = Buffer.concat([
    header(`:${kind}-type`, type),
    header(':content-type', 'application/json'),
    header(':message-type', kind),
  ]);
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(12 + headers.length + body.length + 4, 0);
  prelude.writeUInt32BE(headers.length, 4);
  const signed = Buffer.concat([prelude, checksum(prelude), headers, body]);
  return Buffer.concat([signed, checksum(signed)]);
}

function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(3);
  length[0] = 7;
  length.writeUInt16BE(value.length, 1);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), length, Buffer.from(value)]);
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes), 0);
  return sum;
}
