/** `2.1 times`, `12 times`. */
export function timesText(factor: number): string {
  return `${factor >= 10 ? Math.round(factor).toLocaleString('en-US') : factor.toFixed(1)} times`;
}

export function percentText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 1) return 'less than 1 %';
  return `${Math.round(percent)} %`;
}

export function countText(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** `14:02 UTC`, with the day where it is not that of `now`; both milliseconds since 1970. */
export function timeText(at: number, now: number): string {
  const iso = new Date(at).toISOString();
  const time = `${iso.slice(11, 16)} UTC`;
  return iso.slice(0, 10) === new Date(now).toISOString().slice(0, 10)
    ? time
    : `${iso.slice(0, 10)} ${time}`;
}

/** What an incident is about, as titles begin with it. */
export function subjectText(group: Readonly<Record<string, string>>): string {
  const entries = Object.entries(group);
  if (entries.length === 0) return 'Calls of nobody';
  return entries
    .map(([dimension, value]) => (dimension === 'feature' ? value : `${dimension} ${value}`))
    .join(', ');
}
