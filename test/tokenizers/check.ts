import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { countTokens as cl100k } from "gpt-tokenizer/encoding/cl100k_base";
import { countTokens as o200k } from "gpt-tokenizer/encoding/o200k_base";
import { countTokens as p50k } from "gpt-tokenizer/encoding/p50k_base";
import { countTokens as r50k } from "gpt-tokenizer/encoding/r50k_base";
import { boundOfPrompt, boundOfText } from "../../lib/agents/models/token-bound.ts";
import { oddText, oddTexts } from "../support/odd-texts.ts";
import { randomOf } from "../support/random.ts";
import { oddPrompt, renderedIn } from "./rendered-prompt.ts";

/** A text, the most tokens that it may have, and what makes it again. */
type Case = { again: string; text: string; bound: number };

const say = (line: string) => process.stdout.write(`${line}\n`);

/** SentencePiece begins each text with a white space of its own. In a prompt, the tokens around a part have room for it. */
const whiteSpace = 1;

/** What a tokenizer counts of each case, in their order. */
type Counted = { name: string; counts: number[] };

const kinds = [...Object.keys(oddTexts), undefined];

/** Some texts of one seed: alone, and in each place of a prompt. */
const casesOf = async (seed: number): Promise<Case[]> => {
  const kind = kinds[seed % kinds.length];
  const again = `seed ${seed}, ${kind ?? "several kinds"}`;
  const text = oddText(randomOf(seed), kind).toWellFormed();
  const prompt = oddPrompt(randomOf(seed), kind);
  const bound = await boundOfPrompt(prompt.parts);
  const rendered = Object.entries(renderedIn(prompt));
  return [
    { again: `${again}, alone`, text, bound: boundOfText(text) + whiteSpace },
    ...rendered.map(([style, written]) => ({
      again: `${again}, ${style}`,
      text: written.toWellFormed(),
      bound,
    })),
  ];
};

const published = { o200k, cl100k, p50k, r50k } as const;

const countHere = (cases: readonly Case[]): Counted[] =>
  Object.entries(published).map(([name, count]) => ({
    name: `OpenAI ${name}`,
    counts: cases.map(({ text }) => count(text, { disallowedSpecial: new Set() })),
  }));

/** Counts with what requirements.txt installs. `python` is the path of an interpreter that has it. */
const countWith = (python: string, cases: readonly Case[]): Counted[] => {
  const input = cases.map(({ text }) => JSON.stringify({ text })).join("\n");
  const { status, stdout, stderr } = spawnSync(
    python,
    [join(import.meta.dirname, "count_tokens.py")],
    { input, encoding: "utf8", maxBuffer: 2 ** 28 },
  );
  if (status !== 0) throw new Error(`${python} failed: ${stderr}`);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Counted);
};

/** Writes how near a tokenizer comes to the bounds. Gives the cases in which it counts more. */
const judged = (cases: readonly Case[], { name, counts }: Counted): string[] => {
  const shares = cases.map(({ bound }, index) => (counts[index] ?? Infinity) / Math.max(1, bound));
  const most = shares.reduce((one, other) => Math.max(one, other), 0);
  const nearest = cases[shares.indexOf(most)]?.again;
  say(`${name}: at most ${(100 * most).toFixed(1)} % of the bound (${nearest})`);
  return cases.flatMap(({ again, bound }, index) =>
    (counts[index] ?? Infinity) > bound ? [`${name}, ${again}: ${counts[index]} of ${bound}`] : [],
  );
};

// npm run check:tokenizers -- [number of seeds]
const [seeds = "200"] = process.argv.slice(2);
const python = process.env.TOKENIZERS_PYTHON;
const cases = (
  await Promise.all(Array.from({ length: Number(seeds) }, (_, index) => casesOf(index)))
).flat();
say(`${cases.length} texts`);
const counted = [...countHere(cases), ...(python ? countWith(python, cases) : [])];
if (!python) say("TOKENIZERS_PYTHON is not set: only OpenAI's tokenizers have counted.");
const over = counted.flatMap((each) => judged(cases, each));
for (const line of over.slice(0, 20)) say(line);
if (over.length > 0) process.exitCode = 1;
