import { notice, type Exchange, type Reply } from '../exchange.js';
import { textAt } from '../json.js';
import { openaiInvalid } from './errors.js';
import { answerHeaders } from './headers.js';
import { readPrompt } from './prompt.js';

/** Members that the endpoint takes; OpenAI refuses a request with any other. */
const known: ReadonlySet<string> = new Set([
  'model',
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
]);

/** POST /v1/responses/input_tokens: free, and equal to what the response itself would be billed as input. */
export function countResponseTokens(exchange: Exchange): Reply {
  const { body, directives } = exchange;
  const random = exchange.randomFor(textAt(body, 'model') ?? '', 'count');
  const unknown = Object.keys(body).find((name) => !known.has(name));
  if (unknown !== undefined) {
    return openaiInvalid(`Unknown parameter: '${unknown}'.`, unknown, random);
  }
  if (textAt(body, 'model') === undefined) {
    return openaiInvalid("Missing required parameter: 'model'.", 'model', random);
  }
  const { tokens } = readPrompt(body);
  return notice(
    200,
    { object: 'response.input_tokens', input_tokens: directives.inputTokens ?? tokens },
    { headers: answerHeaders(random), indent: 2 },
  );
}
