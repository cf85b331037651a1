const SECONDS = { s: 1, m: 60, h: 3600, d: 86400 };

/**
 * Reads a duration such as "1h 30m", "45s" or "2d4h" and returns it in seconds.
 * Throws a TypeError when the text is not a duration.
 */
export function parseDuration(text) {
  const parts = text.trim().match(/\d+\s*[smhd]/g);
  if (parts === null || text.replace(/\d+\s*[smhd]|\s/g, '') !== '') {
    throw new TypeError(`not a duration: ${text}`);
  }
  return parts.reduce((total, part) => total + Number.parseInt(part, 10) * SECONDS[part.at(-1)], 0);
}

/** Writes seconds the way people read them: 5400 becomes "1h 30m". Units that are zero are left out. */
export function formatDuration(seconds) {
  if (seconds === 0) return '0s';
  const days = Math.floor(seconds / SECONDS.d);
  const hours = Math.floor((seconds % SECONDS.d) / SECONDS.h);
  const minutes = Math.floor((seconds % SECONDS.d) / SECONDS.m);
  const rest = seconds % SECONDS.m;
  const parts = [
    [days, 'd'],
    [hours, 'h'],
    [minutes, 'm'],
    [rest, 's'],
  ];
  return parts
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount}${unit}`)
    .join(' ');
}

/** Adds durations written as text: "50m" and "25m" make "1h 15m". */
export function addDurations(...texts) {
  return formatDuration(texts.reduce((total, text) => total + parseDuration(text), 0));
}
