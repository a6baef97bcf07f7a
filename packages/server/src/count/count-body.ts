import { isFields, type Fields } from './fields.js';

/** Members that the count endpoints take; they refuse requests with any other. */
const anthropicMembers = [
  'messages',
  'system',
  'tools',
  'tool_choice',
  'thinking',
  'cache_control',
  'context_management',
  'mcp_servers',
  'output_config',
  'output_format',
] as const;
const responsesMembers = [
  'input',
  'instructions',
  'conversation',
  'previous_response_id',
  'parallel_tool_calls',
  'reasoning',
  'text',
  'tool_choice',
  'tools',
  'truncation',
] as const;

/** The body for Anthropic's `/v1/messages/count_tokens`. */
export function anthropicCountBody(request: Fields, model: string): Fields {
  return { model, ...only(request, anthropicMembers) };
}

/** The body for Gemini's `models/<model>:countTokens`. */
export function geminiCountBody(request: Fields, model: string): Fields {
  return { generateContentRequest: { ...request, model: `models/${model}` } };
}

/**
 * The body for OpenAI's `/v1/responses/input_tokens`. Chat completions have no counter of their own: their
 * messages are put as items of a response, which the model reads as the same prompt.
 */
export function openaiCountBody(request: Fields, model: string): Fields {
  if (!Array.isArray(request['messages'])) return { model, ...only(request, responsesMembers) };
  const format = request['response_format'];
  return {
    model,
    input: request['messages'].filter(isFields).flatMap(itemsOf),
    ...(Array.isArray(request['tools'])
      ? { tools: request['tools'].filter(isFields).map(flatTool) }
      : {}),
    ...(isFields(format) ? { text: { format: flatFormat(format) } } : {}),
  };
}

/** One message of a chat as items of a response: what was said, and calls of tools beside it. */
function itemsOf(message: Fields): Fields[] {
  const { role, content } = message;
  if (role === 'tool') {
    return [
      {
        type: 'function_call_output',
        call_id: message['tool_call_id'],
        output: typeof content === 'string' ? content : textOf(content),
      },
    ];
  }
  const calls = Array.isArray(message['tool_calls']) ? message['tool_calls'].filter(isFields) : [];
  const said =
    content === null || content === undefined ? [] : [{ role, content: partsOf(role, content) }];
  return [
    ...said,
    ...calls.map((call) => {
      const called = isFields(call['function']) ? call['function'] : {};
      return {
        type: 'function_call',
        call_id: call['id'],
        name: called['name'],
        arguments: called['arguments'],
      };
    }),
  ];
}

function partsOf(role: unknown, content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  return content.filter(isFields).map((part) => {
    if (part['type'] === 'text') {
      return { type: role === 'assistant' ? 'output_text' : 'input_text', text: part['text'] };
    }
    if (part['type'] === 'image_url' && isFields(part['image_url'])) {
      const { url, detail } = part['image_url'];
      return { type: 'input_image', image_url: url, ...(detail === undefined ? {} : { detail }) };
    }
    if (part['type'] === 'file' && isFields(part['file'])) {
      return { type: 'input_file', ...part['file'] };
    }
    return part;
  });
}

function textOf(content: unknown): string {
  if (!Array.isArray(content)) return '';
  return content
    .filter(isFields)
    .map(({ text }) => (typeof text === 'string' ? text : ''))
    .join('');
}

function flatTool(tool: Fields): Fields {
  return isFields(tool['function']) ? { type: 'function', ...tool['function'] } : tool;
}

function flatFormat(format: Fields): Fields {
  const schema = format['json_schema'];
  return isFields(schema) ? { type: format['type'], ...schema } : format;
}

function only(request: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(
    names.filter((name) => request[name] !== undefined).map((name) => [name, request[name]]),
  );
}
