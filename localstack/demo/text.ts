const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{20000}-\u{3fffd}]/u;
const widthless = /\p{Mn}|\p{Me}|\p{Cf}/u;

const widthOf = (character: string) => {
  if (widthless.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
};

/** Counts the columns that a text takes in a terminal. */
export const displayWidth = (text: string) =>
  [...text].reduce((columns, character) => columns + widthOf(character), 0);

/** Puts a text on one line without control characters: other people and models wrote it. */
export const clean = (text: string) =>
  text.replace(/[\p{Cc}\s\u202a-\u202e\u2066-\u2069]+/gu, " ").trim();

/** Truncates a text to `columns`, with an ellipsis in the last one. */
export const clip = (text: string, columns: number) => {
  if (displayWidth(text) <= columns) return text;
  let kept = "";
  let room = columns - 1;
  for (const character of text) {
    room -= widthOf(character);
    if (room < 0) break;
    kept += character;
  }
  return columns > 0 ? `${kept.trimEnd()}…` : "";
};

/** Truncates or pads a text to exactly `columns`. */
export const fill = (text: string, columns: number) => {
  const clipped = clip(text, columns);
  return clipped + " ".repeat(Math.max(0, columns - displayWidth(clipped)));
};

/** Breaks a text into lines of at most `columns`. When there are more than `maxLines`, the last one ends with an ellipsis. */
export const wrap = (text: string, columns: number, maxLines = Number.POSITIVE_INFINITY) => {
  const lines: string[] = [];
  for (const word of clean(text).split(/\s+/)) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && displayWidth(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(clip(word, columns));
  }
  if (lines.length <= maxLines) return lines;
  const kept = lines.slice(0, maxLines);
  return [...kept.slice(0, -1), clip(`${kept.at(-1)} …`, columns)];
};

const pair = (count: number, unit: string) =>
  `${Math.floor(count / 60)}:${String(count % 60).padStart(2, "0")} ${unit}`;

/** Writes a time in at most nine columns: "48 ms", "1.2 s", "2:05 min", "3:20 h". */
export const formatMs = (ms: number) => {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = ms / 1_000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 3_600 ? pair(whole, "min") : pair(Math.floor(whole / 60), "h");
};

/** Writes "640 B", "1.4 KB". */
export const formatBytes = (bytes: number) =>
  bytes < 1_000 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KB`;

/** Writes "1 task", "2 tasks". */
export const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
