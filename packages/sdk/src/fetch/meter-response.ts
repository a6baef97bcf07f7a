import type { Answer } from './answer.js';
import { unwatch, watchForDrop } from './dropped-answers.js';
import { JsonReader } from './json-reader.js';
import { tappedStream } from './tapped-stream.js';

// One for all copies of this package in a process: two of them must not meter one response.
const answerKey: unique symbol = Symbol.for('farthing.answer.1');
const bodyKey = Symbol('farthing.body');

type Metered = Response & {
  [answerKey]: Answer;
  [bodyKey]?: ReadableStream<Uint8Array>;
};

/**
 * Lets an answer be read while the caller takes it. The response stays the very object that `fetch`
 * gave: url, headers and status are its own, and nothing is read before the caller reads. Only its
 * ways to the body are others, by a prototype in front of its own: they pass the same bytes and listen.
 */
export function meterResponse(response: Response, answer: Answer): Response {
  if (isMetered(response)) return meterResponse(new Response(response.body, response), answer);
  if (response.body === null) {
    answer.ended();
    return response;
  }
  (response as Metered)[answerKey] = answer;
  Object.setPrototypeOf(response, meteredPrototype(Object.getPrototypeOf(response) as object));
  watchForDrop(response, answer);
  return response;
}

/** Whether a meter listens to the response already. */
export function isMetered(response: Response): boolean {
  return answerKey in response;
}

/** By the prototype of each implementation of fetch, of which there are one or two in a process. */
const prototypes = new WeakMap<object, object>();

function meteredPrototype(own: object): object {
  let metered = prototypes.get(own);
  if (metered === undefined) {
    metered = Object.create(own, ways) as object;
    prototypes.set(own, metered);
  }
  return metered;
}

const ways: PropertyDescriptorMap = {
  json: method(function json(this: Metered): Promise<unknown> {
    const { reader } = this[answerKey];
    if (!(reader instanceof JsonReader)) return overStream(this).json();
    // What the caller's parser makes of the answer is read here, too: it is parsed once.
    return whole(this, original(this).json, (payload) => reader.takePayload(payload));
  }),
  text: method(function text(this: Metered): Promise<string> {
    const { reader } = this[answerKey];
    if (!(reader instanceof JsonReader)) return overStream(this).text();
    return whole(this, original(this).text, (answer) => reader.takeText(answer));
  }),
  arrayBuffer: method(async function arrayBuffer(this: Metered): Promise<ArrayBuffer> {
    return overStream(this).arrayBuffer();
  }),
  bytes: method(async function bytes(this: Metered): Promise<Uint8Array> {
    return new Uint8Array(await overStream(this).arrayBuffer());
  }),
  blob: method(async function blob(this: Metered): Promise<Blob> {
    return overStream(this).blob();
  }),
  formData: method(async function formData(this: Metered): Promise<FormData> {
    return overStream(this).formData();
  }),
  clone: method(function clone(this: Metered): Response {
    return meterResponse(original(this).clone.call(this), this[answerKey]);
  }),
  body: {
    configurable: true,
    get(this: Metered): ReadableStream<Uint8Array> {
      return (this[bodyKey] ??= tappedStream(
        () => sourceOf(this),
        this[answerKey],
        () => unwatch(this, this[answerKey]),
      ));
    },
  },
};

/** A way that takes the whole answer at once, by the response's own method. */
function whole<Value>(
  response: Metered,
  read: () => Promise<Value>,
  keep: (value: Value) => void,
): Promise<Value> {
  const answer = response[answerKey];
  const answered = read.call(response);
  if (!answer.take()) return answered;
  return answered.then(
    (value) => {
      keep(value);
      answer.ended();
      unwatch(response, answer);
      return value;
    },
    (error: unknown) => {
      answer.broke(error);
      unwatch(response, answer);
      throw error;
    },
  );
}

/** Ways that nobody parses for us go over the stream, which is listened to. */
function overStream(response: Metered): Response {
  const type = response.headers.get('content-type');
  return new Response(response.body, type === null ? {} : { headers: { 'content-type': type } });
}

/** The response's own prototype, whichever implementation of fetch made it. */
function original(response: Response): Response {
  return Object.getPrototypeOf(Object.getPrototypeOf(response)) as Response;
}

function sourceOf(response: Response): ReadableStream<Uint8Array> {
  let owner: object = original(response);
  while (!Object.hasOwn(owner, 'body')) owner = Object.getPrototypeOf(owner) as object;
  const { get } = Object.getOwnPropertyDescriptor(owner, 'body')!;
  return get!.call(response) as ReadableStream<Uint8Array>;
}

function method(value: unknown): PropertyDescriptor {
  return { configurable: true, writable: true, value };
}
