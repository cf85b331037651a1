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

/** Takes seconds apart into days, hours, minutes and seconds. */
export function splitDuration(seconds) {
  return {
    d: Math.floor(seconds / SECONDS.d),
    h: Math.floor((seconds % SECONDS.d) / SECONDS.h),
    m: Math.floor((seconds % SECONDS.d) / SECONDS.m),
    s: seconds % SECONDS.m,
  };
}

/** Writes seconds the way people read them: 5400 becomes "1h 30m". Units that are zero are left out. */
export function formatDuration(seconds) {
  const parts = Object.entries(splitDuration(seconds)).filter(([, amount]) => amount > 0);
  return parts.length === 0 ? '0s' : parts.map(([unit, amount]) => `${amount}${unit}`).join(' ');
}

/** Adds durations written as text: "50m" and "25m" make "1h 15m". */
export function addDurations(...texts) {
  return formatDuration(texts.reduce((total, text) => total + parseDuration(text), 0));
}
