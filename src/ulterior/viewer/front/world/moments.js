// @ts-check
/** The world's own time in words, as its people have it. */

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "Tue 14 Mar 09:41", with the year and the seconds where they are asked for. @param {unknown} at epoch seconds @param {boolean} [full] */
export function moment(at, full = false) {
  const date = new Date(Number(at) * 1000);
  if (typeof at !== "number" || Number.isNaN(date.getTime())) return "no time";
  const day = `${DAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  const time = date.toISOString().slice(-13, full ? -5 : -8);
  return full ? `${day} ${date.getUTCFullYear()} ${time}` : `${day} ${time}`;
}

/** "2 h 05 min", "45 s". @param {number} seconds */
export function duration(seconds) {
  const whole = Math.round(Math.abs(seconds));
  const days = Math.floor(whole / 86400);
  const hours = Math.floor((whole % 86400) / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  if (days) return `${days} d ${hours} h`;
  if (hours) return `${hours} h ${String(minutes).padStart(2, "0")} min`;
  return minutes ? `${minutes} min${whole % 60 ? ` ${whole % 60} s` : ""}` : `${whole} s`;
}
