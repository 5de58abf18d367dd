/** Times as people here read them: always Beijing time, whatever the device is set to. */
const zone = "Asia/Shanghai";

const full = new Intl.DateTimeFormat("zh-CN", {
  timeZone: zone, year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const parts = new Intl.DateTimeFormat("en-CA", {
  timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const relative = new Intl.RelativeTimeFormat("zh-CN", { numeric: "auto" });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Clock {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
}

function clock(moment: Date): Clock {
  return Object.fromEntries(parts.formatToParts(moment).map(({ type, value }) => [type, value])) as unknown as Clock;
}

/** 2026年11月22日 09:05 */
export function fullTime(iso: string): string {
  return full.format(new Date(iso));
}

/** The shortest form that is clear now: `justNow`, 3分钟前, 09:05 (today), 11-20 09:05, 2025-11-20. */
export function shortTime(iso: string, justNow: string, now = new Date()): string {
  const then = new Date(iso);
  const ago = now.getTime() - then.getTime();
  // a little in the future: the clock on screen moves in steps
  if (Math.abs(ago) < MINUTE) return justNow;
  if (ago >= 0 && ago < HOUR) return relative.format(-Math.floor(ago / MINUTE), "minute");
  const a = clock(then);
  const b = clock(now);
  if (a.year !== b.year) return `${a.year}-${a.month}-${a.day}`;
  const time = `${a.hour}:${a.minute}`;
  return a.month === b.month && a.day === b.day ? time : `${a.month}-${a.day} ${time}`;
}

/** 2026-11-22, the day in Beijing. */
export function localDay(iso: string): string {
  const { year, month, day } = clock(new Date(iso));
  return `${year}-${month}-${day}`;
}

/** A day of the calendar (2026-11-22) as it is said: 11月22日. */
export function dayWords(day: string): string {
  const [, month, date] = day.split("-");
  return `${Number(month)}月${Number(date)}日`;
}

/** A day of the calendar (2026-11-22) with its year: 2026年11月22日. */
export function fullDay(day: string): string {
  return `${Number(day.slice(0, 4))}年${dayWords(day)}`;
}

/** Days from the first to the last, both included: 2026年11月16日至11月22日; one day alone. */
export function daysWords(since: string, until: string): string {
  if (since === until) return fullDay(since);
  return `${fullDay(since)}至${since.slice(0, 4) === until.slice(0, 4) ? dayWords(until) : fullDay(until)}`;
}

/** A moment of a deadline: 17:30 (today), 11月25日 17:30, 2027年1月4日 17:30. `today` is a text with {time}. */
export function dueTime(iso: string, today: (time: string) => string, now = new Date()): string {
  const a = clock(new Date(iso));
  const b = clock(now);
  const time = `${a.hour}:${a.minute}`;
  if (a.year !== b.year) return fullTime(iso);
  if (a.month === b.month && a.day === b.day) return today(time);
  return `${Number(a.month)}月${Number(a.day)}日 ${time}`;
}

/** Time between now and a moment, before or after it, in whole units: 5分钟, 3小时, 2天. */
export function distance(iso: string, now = new Date()): string {
  return span(Math.abs(now.getTime() - new Date(iso).getTime()));
}

/** Time waited since, in whole units: 5分钟, 3小时, 2天. */
export function waited(iso: string, now = new Date()): string {
  return span(Math.max(0, now.getTime() - new Date(iso).getTime()));
}

function span(ago: number): string {
  const [value, unit] =
    ago < HOUR ? [ago / MINUTE, "minute"] : ago < 24 * HOUR ? [ago / HOUR, "hour"] : [ago / (24 * HOUR), "day"];
  return new Intl.NumberFormat("zh-CN", { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0 }).format(
    Math.floor(value),
  );
}

/** The value of a datetime-local input, read as Beijing time. */
export function fromLocalInput(value: string): string {
  return `${value}:00+08:00`;
}

/** Now, as the value of a datetime-local input in Beijing time. */
export function toLocalInput(moment: Date): string {
  const { year, month, day, hour, minute } = clock(moment);
  return `${year}-${month}-${day}T${hour}:${minute}`;
}
