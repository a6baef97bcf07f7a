import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

/** How far an agent came, and what ended it. */
export interface AgentRun {
  turns: number;
  /** Null where it made all of its turns. */
  error: unknown;
  /** Headers of the last answer that it got. */
  headers: Headers | null;
}

export interface AgentOptions {
  gatewayUrl: string;
  run: string;
  task: string;
  turns: number;
  headers?: Record<string, string>;
}

/** An agent on the official OpenAI client: it does what the model says, and tells it what came of that. */
export async function openaiAgent(options: AgentOptions): Promise<AgentRun> {
  const client = new OpenAI({
    baseURL: `${options.gatewayUrl}/openai/v1`,
    apiKey: 'sk-test',
    defaultHeaders: tagged(options),
  });
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: options.task }];
  return turnsOf(options, async () => {
    const { data, response } = await client.chat.completions
      .create({ model: 'gpt-4.1', messages })
      .withResponse();
    const { message } = data.choices[0]!;
    messages.push(message);
    for (const { id } of message.tool_calls ?? []) {
      messages.push({ role: 'tool', tool_call_id: id, content: '{"found": []}' });
    }
    return response.headers;
  });
}

/** The same on the official Anthropic client. */
export async function anthropicAgent(options: AgentOptions): Promise<AgentRun> {
  const client = new Anthropic({
    baseURL: `${options.gatewayUrl}/anthropic`,
    apiKey: 'sk-ant-test',
    defaultHeaders: tagged(options),
  });
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: options.task }];
  return turnsOf(options, async () => {
    const { data, response } = await client.messages
      .create({ model: 'claude-haiku-4-5', max_tokens: 1_000, messages })
      .withResponse();
    messages.push({ role: 'assistant', content: data.content });
    const results = data.content.flatMap((block) =>
      block.type === 'tool_use'
        ? [{ type: 'tool_result' as const, tool_use_id: block.id, content: 'nothing' }]
        : [],
    );
    messages.push({ role: 'user', content: results });
    return response.headers;
  });
}

function tagged({ run, headers }: AgentOptions): Record<string, string> {
  return { 'x-farthing-run': run, 'x-farthing-feature': 'research', ...headers };
}

async function turnsOf({ turns }: AgentOptions, turn: () => Promise<Headers>): Promise<AgentRun> {
  let headers: Headers | null = null;
  for (let made = 0; made < turns; made++) {
    try {
      headers = await turn();
    } catch (error) {
      return { turns: made, error, headers };
    }
  }
  return { turns, error: null, headers };
}
