import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { afterEach, expect, test, vi } from 'vitest';
import { Farthing } from '../farthing.js';
import { memorySink } from '../sinks/memory-sink.js';

afterEach(() => vi.restoreAllMocks());
const open = () => new Farthing({ sinks: [memorySink()] });

/** Meters a client that cannot be, and returns what was said of it. */
function said(client: object): string {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  expect(open().meter(client)).toBe(client);
  return String(warn.mock.calls.at(-1)?.[0]);
}

test('a client that is frozen is passed through, and that is said', () => {
  const client = new GoogleGenAI({ apiKey: 'k' });
  Object.freeze(
    (client as unknown as { apiClient: { clientOptions: object } }).apiClient.clientOptions,
  );
  expect(said(client)).toContain('calls of GoogleGenAI are not booked: its hook cannot be used');
});

test('a client of a class of its own that its copying does not know is passed through', () => {
  class Named extends OpenAI {
    constructor(
      readonly owner: string,
      options: object,
    ) {
      super(options);
    }
  }
  expect(said(new Named('me', { apiKey: 'k' }))).toContain('calls of Named are not booked');
});

test('what is no client is refused, with what it must be', () => {
  expect(() => open().meter(null as never)).toThrow(
    'takes a client, e.g. new OpenAI(), and was given null',
  );
});
