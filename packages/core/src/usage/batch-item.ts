import { fieldsAt, isFields, nameAt, type Fields } from './fields.js';

/** One line of a batch's results: the answer inside, or why it is not billed. */
export type BatchItem = { answer: unknown } | { notBilled: string };

/**
 * Unwraps a batch result: OpenAI `{custom_id, response: {status_code, body}, error}`, Anthropic
 * `{custom_id, result: {type, message}}`, Gemini `{response}`, Bedrock `{recordId, modelOutput}`. A bare
 * answer passes through.
 */
export function openBatchItem(payload: unknown): BatchItem {
  if (!isFields(payload)) return { answer: payload };
  const result = fieldsAt(payload, 'result');
  if (result !== undefined) return openAnthropicResult(result);
  if (isFields(payload['error'])) return { notBilled: 'the batch item failed and is not billed' };
  const output = fieldsAt(payload, 'modelOutput');
  if (output !== undefined) return { answer: output };
  const response = fieldsAt(payload, 'response');
  if (response === undefined) return { answer: payload };
  const status = response['status_code'];
  if (typeof status === 'number' && status >= 400) {
    return { notBilled: `the batch item failed with status ${status} and is not billed` };
  }
  return { answer: 'body' in response ? response['body'] : response };
}

function openAnthropicResult(result: Fields): BatchItem {
  const type = nameAt(result, 'type') ?? 'unknown';
  if (type === 'succeeded') return { answer: result['message'] };
  return { notBilled: `batch items that ended as "${type}" are not billed` };
}
