import { existsSync, readFileSync } from 'node:fs';
import type { OutputGroup } from '../../packages/core/src/estimate/output-model.js';

/** One call of a trace: what is known before it, and how long its answer was. In order of time. */
export interface TracedCall {
  group: OutputGroup;
  input: number;
  output: number;
}

export interface Trace {
  name: string;
  calls: TracedCall[];
}

/** The six real data sets; see README.md beside the data for sources and licences. */
export function readTraces(folder: URL): Trace[] | null {
  if (!existsSync(folder)) return null;
  const text = (path: string) => readFileSync(new URL(path, folder), 'utf8');
  const lines = (path: string) =>
    text(path)
      .split('\n')
      .filter((line) => line.trim() !== '');
  const csv = (path: string) => {
    const [head = '', ...rows] = lines(path);
    const names = head.trim().split(',');
    return rows.map((row) => {
      const cells = row.trim().split(',');
      return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
    });
  };
  const azure = (kind: string): TracedCall[] =>
    csv(`azure2023/data/AzureLLMInferenceTrace_${kind}.csv`).map((row) => ({
      group: { feature: kind, model: 'azure' },
      input: Number(row['ContextTokens']),
      output: Number(row['GeneratedTokens']),
    }));
  const mooncake = (kind: string): TracedCall[] =>
    lines(`mooncake/FAST25-release/traces/${kind}_trace.jsonl`).map((line) => {
      const call = JSON.parse(line) as { input_length: number; output_length: number };
      return {
        group: { feature: kind, model: 'mooncake' },
        input: call.input_length,
        output: call.output_length,
      };
    });
  const aider = (): TracedCall[] =>
    lines('aider/message_send_history.jsonl').flatMap((line) => {
      const { properties } = JSON.parse(line) as {
        properties: {
          main_model: string;
          edit_format?: string;
          prompt_tokens?: number;
          completion_tokens?: number;
        };
      };
      const { prompt_tokens: input, completion_tokens: output } = properties;
      if (!input || !output) return [];
      const group = { feature: properties.edit_format, model: properties.main_model };
      return [{ group, input, output }];
    });
  const arxiv = (): TracedCall[] =>
    csv(
      'vidur/data/processed_traces/arxiv_summarization_stats_llama2_tokenizer_filtered_v2.csv',
    ).map((row) => ({
      group: { feature: 'arxiv', model: 'llama2' },
      input: Number(row['num_prefill_tokens']),
      output: Number(row['num_decode_tokens']),
    }));
  return [
    { name: 'Azure code', calls: azure('code') },
    { name: 'Azure conversation', calls: azure('conv') },
    { name: 'Mooncake conversation', calls: mooncake('conversation') },
    { name: 'Mooncake synthetic', calls: mooncake('synthetic') },
    { name: 'aider', calls: aider() },
    { name: 'arXiv summaries', calls: arxiv() },
  ];
}
