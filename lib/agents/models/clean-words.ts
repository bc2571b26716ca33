/** Characters that are read of a provider's text, and that are kept of it. */
const maxReadCharacters = 600;
const maxKeptCharacters = 300;
/** So many characters in a row that the prompt has, too, are a repetition of it. */
const windowCharacters = 20;

/** Texts that look like keys, also with stars in the middle, and very long words. */
const keyLike =
  /\b(?:Bearer|Basic) \S{8,}|\b(?:sk|pk|rk|gsk|xai|hf|ghp|key)[-_][\w\-.+/=*]{8,}|\b(?:ABSK|AKIA|ASIA|AIza|ya29)[\w\-.+/=*]{8,}|[\w\-+/=]{40,}/g;

const onOneLine = (text: string): string =>
  text
    .replaceAll(/<[^<>]{0,200}>/g, " ")
    .replaceAll(/\\[nrt]|\p{C}|\s/gu, " ")
    .replaceAll('\\"', '"')
    .replaceAll(/ {2,}/g, " ")
    .trim();

/** Lists the texts inside a value. */
const textsIn = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(textsIn) : [];
};

/** Replaces what the prompt has, too, by `…`. */
const withoutPrompt = (text: string, prompt: unknown): string => {
  const known = onOneLine(textsIn(prompt).join(" "));
  const repeated = new Set<number>();
  for (let from = 0; from + windowCharacters <= text.length; from += 1) {
    if (!known.includes(text.slice(from, from + windowCharacters))) continue;
    for (let at = from; at < from + windowCharacters; at += 1) repeated.add(at);
  }
  const kept = Array.from({ length: text.length }, (_, at) =>
    repeated.has(at) ? "\0" : text.charAt(at),
  );
  return kept.join("").replaceAll(/\0+/g, "…");
};

/**
 * Makes one sentence of at most 300 characters of what a provider said: without markup and control characters, without keys,
 * and without what it repeats of the prompt.
 *
 * @param prompt the messages that were sent
 */
export const cleanWords = (
  text: string,
  { key, prompt }: { key: string | null; prompt: unknown },
): string => {
  const line = onOneLine(text.slice(0, 4 * maxReadCharacters)).slice(0, maxReadCharacters);
  const withoutKey = (key ? line.replaceAll(key, "…") : line).replaceAll(keyLike, "…");
  const clean = withoutPrompt(withoutKey, prompt).toWellFormed();
  return clean.length > maxKeptCharacters ? `${clean.slice(0, maxKeptCharacters - 1)}…` : clean;
};
