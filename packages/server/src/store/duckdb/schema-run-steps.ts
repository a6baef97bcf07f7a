/**
 * The fourth step: where a call stands in its run. What was booked before has no such place: its run is
 * told by tags alone.
 */
export function runSteps(): string[] {
  return ['step', 'parent_span'].map((name) => `ALTER TABLE calls ADD COLUMN ${name} VARCHAR`);
}
