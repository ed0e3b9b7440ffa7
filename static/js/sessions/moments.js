// Moments of a session as people write them.

const CLOCK = /^(?:(\d{1,4}):)?(\d{1,4}):(\d{2})$/;

/**
 * A moment that was written as a clock says it, in milliseconds; null for anything else.
 * @param {string} text
 */
export function momentOf(text) {
  const [, hours = "0", minutes, seconds] = text.trim().match(CLOCK) ?? [];
  if (minutes === undefined || Number(seconds) > 59) return null;
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}
