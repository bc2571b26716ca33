import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { expect, test } from "vitest";
import { boundOfPrompt, boundOfText } from "../../../../lib/agents/models/token-bound.ts";
import { oddText, oddTexts } from "../../../support/odd-texts.ts";
import { randomOf } from "../../../support/random.ts";
import { oddPrompt, renderedIn } from "../../../tokenizers/rendered-prompt.ts";

/** Marks such as <|endoftext|> are text, as servers take them from users. */
const tokensOf = (text: string) => countTokens(text, { disallowedSpecial: new Set() });

test.each(Object.keys(oddTexts))("%s: no text has more tokens than its bound", (kind) => {
  const random = randomOf(kind.length);
  const texts = Array.from({ length: 6 }, () => oddText(random, kind));
  const over = texts.filter((text) => tokensOf(text) > boundOfText(text));
  expect(over).toEqual([]);
});

test.each(["base64", "yi", "csv", "digits"])(
  "%s: a third of its characters is no bound",
  (kind) => {
    const text = oddText(randomOf(1), kind);
    expect(tokensOf(text)).toBeGreaterThan(text.length / 3);
  },
);

test.each(Object.keys(oddTexts))("%s in every place: no prompt has more tokens", async (kind) => {
  const prompt = oddPrompt(randomOf(kind.length), kind);
  const bound = await boundOfPrompt(prompt.parts);
  for (const [style, text] of Object.entries(renderedIn(prompt)))
    expect(tokensOf(text), style).toBeLessThanOrEqual(bound);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])("texts by chance, seed %i", async (seed) => {
  const prompt = oddPrompt(randomOf(seed));
  const bound = await boundOfPrompt(prompt.parts);
  for (const [style, text] of Object.entries(renderedIn(prompt)))
    expect(tokensOf(text), style).toBeLessThanOrEqual(bound);
});
