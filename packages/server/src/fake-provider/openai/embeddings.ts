import { answeringModel, listingOf, noCounts } from '../billing.js';
import type { Exchange, Reply } from '../exchange.js';
import { numberAt, textAt } from '../json.js';
import { profileOf } from '../model-profile.js';
import { Random } from '../random.js';
import { countTokens } from '../tokens.js';
import { reportedUsage } from '../usage-report.js';
import { openaiInvalid } from './errors.js';
import { answerHeaders } from './headers.js';

/** POST /v1/embeddings. The official clients ask for base64, plain HTTP callers get floats. */
export function embeddings(exchange: Exchange): Reply {
  const { body, directives } = exchange;
  const inputs = inputsOf(body['input']);
  const requested = textAt(body, 'model');
  const random = exchange.randomFor(requested ?? '', inputs.map(String).join('\n'));
  if (requested === undefined) {
    return openaiInvalid('you must provide a model parameter', null, random);
  }
  if (inputs.length === 0) {
    return openaiInvalid("'$.input' is invalid. Please check the API reference.", null, random);
  }
  const model = answeringModel('openai', requested);
  const most = listingOf('openai', model)?.embeddingDimensions ?? 1536;
  const dimensions = numberAt(body, 'dimensions') ?? most;
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > most) {
    return openaiInvalid(
      `Invalid value for 'dimensions' = ${dimensions}. Must be a whole number from 1 to ${most}.`,
      'dimensions',
      random,
    );
  }
  const tokens =
    directives.inputTokens ??
    inputs.reduce<number>(
      (sum, input) => sum + (typeof input === 'string' ? countTokens(input) : input.length),
      0,
    );
  const usage = reportedUsage({ prompt_tokens: tokens, total_tokens: tokens }, directives, random);
  const base64 = body['encoding_format'] === 'base64';
  return {
    kind: 'answer',
    headers: { ...answerHeaders(random), 'openai-model': model },
    contentType: 'application/json',
    content: {
      plain: JSON.stringify(
        {
          object: 'list',
          data: inputs.map((input, index) => ({
            object: 'embedding',
            index,
            embedding: encode(unitVector(`${model}\n${String(input)}`, dimensions), base64),
          })),
          model,
          ...(usage === undefined ? {} : { usage }),
        },
        null,
        2,
      ),
    },
    posting: {
      at: exchange.now,
      provider: 'openai',
      api: 'embeddings',
      keyId: exchange.keyId,
      model,
      tier: 'default',
      geo: 'global',
      counts: { ...noCounts(), input_uncached: tokens },
    },
    reportsUsage: true,
    profile: profileOf(model),
    random,
  };
}

/** A string, strings, tokens, or lists of tokens: all become a list of inputs. */
function inputsOf(input: unknown): (string | number[])[] {
  if (typeof input === 'string') return [input];
  if (!Array.isArray(input)) return [];
  if (input.every((item): item is number => typeof item === 'number')) {
    return input.length === 0 ? [] : [input];
  }
  return input.filter(
    (item): item is string | number[] => typeof item === 'string' || Array.isArray(item),
  );
}

/** The same text has the same vector, and it has length one, as embeddings do. */
function unitVector(text: string, dimensions: number): Float32Array {
  const random = new Random(text);
  const vector = Float32Array.from({ length: dimensions }, () => random.next() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function encode(vector: Float32Array, base64: boolean): string | number[] {
  return base64 ? Buffer.from(vector.buffer).toString('base64') : [...vector];
}
