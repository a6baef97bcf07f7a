/**
 * The third step: what each compared call was expected to take, and where its input came from. What was
 * booked before has neither: it is not compared, and not audited.
 */
export function estimates(): string[] {
  const ofCalls = ['estimated_cost', 'estimated_input', 'estimated_output', ...promptColumns];
  const ofRollups = [
    'estimated_calls',
    'compared_calls',
    'estimated_cost',
    'compared_cost',
    'estimated_tokens_input',
    'estimated_tokens_output',
    'compared_tokens_input',
    'compared_tokens_output',
    ...promptColumns,
  ];
  return [
    ...ofCalls.map((name) => `ALTER TABLE calls ADD COLUMN ${name} BIGINT`),
    ...['hourly', 'hourly_tenant'].flatMap((rollup) =>
      ofRollups.map((name) => `ALTER TABLE ${rollup} ADD COLUMN ${name} BIGINT DEFAULT 0`),
    ),
  ];
}

/** As this step has them: sources that come later are for later steps. */
const promptColumns = [
  'prompt_calls',
  'prompt_system',
  'prompt_tools',
  'prompt_context',
  'prompt_history',
  'prompt_user',
  'prompt_files',
];
