import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseCorpus } from '../pricing/cases/conformance-corpus.js';
import { isFields } from '../usage/fields.js';
import { keptOfAnswer, readJsonAnswer, readParsedAnswer } from './read-json-answer.js';
import { JsonText } from './scan-json.js';

/** The corpus lies beside the repository and is no part of it. */
const corpus = new URL('../../../../../shared/corpus/usage-conformance.jsonl', import.meta.url);
const present = existsSync(corpus);

/** Lines of batches and logs, spans, and what frameworks make of answers. */
const isToldByOthers =
  /^(messages\.batches|ai-sdk|langchain|open(inference|llmetry)|otel)|\.jsonl$/;

test.skipIf(!present)(
  'whatever is read of an answer is among the members that are kept of a long one (needs ../shared/corpus beside this repository)',
  () => {
    const answers = parseCorpus(readFileSync(corpus, 'utf8')).filter(
      ({ api, usage }) => isFields(usage) && !('events' in usage) && !isToldByOthers.test(api),
    );
    expect(answers.length).toBeGreaterThan(50);
    for (const { id, provider, api, context, usage } of answers) {
      const call = { provider, api, ...(context === undefined ? {} : { context }) };
      const { reading } = readParsedAnswer(usage, call);
      const long = { ...(usage as object), zz_text: 'word '.repeat(10_000) };
      const fromLong = readJsonAnswer(new JsonText(JSON.stringify(long)), call);
      const fromKept = readParsedAnswer(keptOfAnswer(usage, api), call);
      expect({ id, reading: fromLong.reading }).toEqual({ id, reading });
      expect({ id, reading: fromKept.reading }).toEqual({ id, reading });
    }
  },
);
