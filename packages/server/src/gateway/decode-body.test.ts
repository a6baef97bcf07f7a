import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decodeBody, type DecodedBody } from './decode-body.js';

const plain = Buffer.from('{"model":"gpt-5-mini"}');
const decode = (body: Buffer, encoding: string, limit = 1_000) =>
  new Promise<DecodedBody>((resolve) => decodeBody(body, encoding, limit, resolve));

test.each([
  ['gzip', gzipSync(plain)],
  ['X-GZIP', gzipSync(plain)],
  ['deflate', deflateSync(plain)],
  ['deflate', deflateRawSync(plain)],
  ['br', brotliCompressSync(plain)],
  ['gzip, br', brotliCompressSync(gzipSync(plain))],
  ['identity', plain],
])('reads %s', async (encoding, body) => {
  expect(await decode(body, encoding)).toEqual({ plain });
});

test('an encoding that is not known here is left alone', async () => {
  expect(await decode(plain, 'compress')).toEqual({ plain: null });
  expect(await decode(plain, 'constructor')).toEqual({ plain: null });
});

test('a small request that would become a large one is refused', async () => {
  const bomb = gzipSync(Buffer.alloc(10_000_000));
  expect(await decode(bomb, 'gzip', 1_000_000)).toMatchObject({
    problem: { status: 413, code: 'body_too_large' },
  });
});

test('a body that is not what its header says is refused, and told so', async () => {
  const refused = await decode(plain, 'gzip');
  expect(refused).toMatchObject({ problem: { status: 400, code: 'body_unreadable' } });
  expect('problem' in refused && refused.problem.message).toContain('its body is no gzip');
});
