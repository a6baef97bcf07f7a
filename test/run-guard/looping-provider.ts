import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LoopingProvider {
  url: string;
  /** Calls that reached it. */
  calls(): number;
  close(): Promise<void>;
}

/**
 * Answers every chat with a call of the tool `search`. Runs whose first message says "loop" are told to
 * search for the same again, but for the number of the page; others search for something else each time.
 */
export async function startLoopingProvider(): Promise<LoopingProvider> {
  let calls = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      calls += 1;
      const { messages = [] } = JSON.parse(Buffer.concat(chunks).toString()) as {
        messages?: { content?: unknown }[];
      };
      const loops = JSON.stringify(messages[0]?.content ?? '').includes('loop');
      const query = loops ? `invoices, page ${calls}` : `invoices of ${word(messages.length)}`;
      const isAnthropic = request.url!.includes('/messages');
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isAnthropic ? messageOf(query, calls) : chatOf(query, calls)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Without digits: those are masked. */
function word(number: number): string {
  return String(number).replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!);
}

function chatOf(query: string, call: number): object {
  return {
    id: `chatcmpl-${call}`,
    object: 'chat.completion',
    created: 1_760_000_000 + call,
    model: 'gpt-4.1-2025-04-14',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: null,
          refusal: null,
          tool_calls: [
            {
              id: `call_${'0123456789abcdef'.charAt(call % 16)}${word(call)}`,
              type: 'function',
              function: { name: 'search', arguments: JSON.stringify({ query }) },
            },
          ],
        },
        finish_reason: 'tool_calls',
      },
    ],
    usage: {
      prompt_tokens: 9_000 + 50 * call,
      completion_tokens: 60,
      total_tokens: 9_060 + 50 * call,
    },
  };
}

function messageOf(query: string, call: number): object {
  return {
    id: `msg_${call}`,
    type: 'message',
    role: 'assistant',
    model: 'claude-haiku-4-5-20251001',
    content: [
      { type: 'text', text: 'Let me look for that.' },
      { type: 'tool_use', id: `toolu_${word(call)}`, name: 'search', input: { query } },
    ],
    stop_reason: 'tool_use',
    stop_sequence: null,
    usage: { input_tokens: 9_000 + 50 * call, output_tokens: 60 },
  };
}
