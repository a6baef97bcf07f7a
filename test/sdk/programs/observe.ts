import { Readable } from 'node:stream';

/** What a program saw, in order. */
export type Saw = (what: string, value: unknown) => void;

/** A program as a client's documentation writes it, given the client. */
export interface Program<Client> {
  name: string;
  run(client: Client, saw: Saw): Promise<void>;
}

/** Keys of what differs from one request to the next, whoever makes it. */
const ofTheMoment =
  /^(?:date|x-request-id|x-amzn-requestid|openai-processing-ms|_request_id|connection|keep-alive|transfer-encoding|age|x-ratelimit-reset.*|anthropic-ratelimit.*reset|totalRetryDelay)$/i;
/** What holds the client itself, which is another one in each run. */
const ofTheClient = /^(?:_client|client|controller|signal|abortController|parent|options|cause)$/;

/** Runs a program, and tells all that it saw and how it ended. */
export async function observe<Client>(
  { run }: Program<Client>,
  client: Client,
): Promise<unknown[]> {
  const seen: unknown[] = [];
  const saw: Saw = (what, value) => void seen.push([what, described(value, 0)]);
  try {
    await run(client, saw);
    seen.push('ended');
  } catch (error) {
    seen.push(['threw', described(error, 0)]);
  }
  return seen;
}

/** A value as plain data, with the names of its prototypes, so that a copy that only looks alike shows. */
export function described(value: unknown, depth: number): unknown {
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 12) return '…';
  if (value instanceof Date) return `date ${value.toISOString()}`;
  if (value instanceof Headers) {
    return [...value].filter(([name]) => !ofTheMoment.test(name));
  }
  // Not their prototypes: a metered response is one of a class of its own below `Response`.
  if (value instanceof Response) {
    const { status, statusText, ok, type, headers } = value;
    return { is: 'Response', status, statusText, ok, type, headers: described(headers, depth) };
  }
  // The state of a socket's stream is Node's, and of the moment.
  if (value instanceof Readable) return 'a readable stream';
  if (ArrayBuffer.isView(value)) return `${prototypesOf(value)[0]} of ${value.byteLength} bytes`;
  if (Array.isArray(value)) return value.map((item) => described(item, depth + 1));
  const members = Reflect.ownKeys(value)
    .filter((key): key is string => typeof key === 'string')
    .filter((key) => !ofTheMoment.test(key) && !ofTheClient.test(key))
    .filter((key) => key !== 'stack')
    .map((key) => [key, described(Reflect.get(value, key), depth + 1)] as const);
  return { prototypes: prototypesOf(value), ...Object.fromEntries(members) };
}

function prototypesOf(value: object): string[] {
  const names: string[] = [];
  for (let at = Object.getPrototypeOf(value); at !== null; at = Object.getPrototypeOf(at)) {
    names.push(String(at.constructor?.name));
  }
  return names;
}
