type Draws = ReturnType<typeof drawsOf>;
type Kind = (draws: Draws) => string;

const drawsOf = (random: () => number) => {
  const between = (least: number, most: number): number =>
    least + Math.floor(random() * (most - least + 1));
  return {
    between,
    pick: <T>(items: readonly T[]): T => items[between(0, items.length - 1)] as T,
    many: (most: number, make: () => string, gap = ""): string =>
      Array.from({ length: between(1, most) }, make).join(gap),
  };
};

/** Letters of a block of Unicode in words, without half pairs. */
const lettersOf =
  (first: number, last: number, gap = " "): Kind =>
  ({ many, between }) =>
    many(
      40,
      () => many(12, () => String.fromCodePoint(between(first, last)).replace(/\p{Cs}/u, "?")),
      gap,
    );

const bytes = ({ between }: Draws, count: number): Buffer =>
  Buffer.from(Array.from({ length: count }, () => between(0, 255)));

const hex = (draws: Draws, count: number): string => bytes(draws, count).toString("hex");

const uuid: Kind = (draws) => [4, 2, 2, 2, 6].map((count) => hex(draws, count)).join("-");

const word: Kind = (draws) => draws.pick(["total", "Übergröße", "naïve", "v", "price", "id", "x1"]);

/** Every kind of text that agents read and write, or that an attacker might. */
export const oddTexts: Readonly<Record<string, Kind>> = {
  latin: lettersOf(0x41, 0x24f),
  cyrillic: lettersOf(0x400, 0x4ff),
  greek: lettersOf(0x370, 0x3ff),
  arabic: lettersOf(0x600, 0x6ff),
  "arabic forms": lettersOf(0xfb50, 0xfdff),
  hebrew: lettersOf(0x590, 0x5ff),
  devanagari: lettersOf(0x900, 0x97f),
  thai: lettersOf(0xe00, 0xe7f, ""),
  chinese: lettersOf(0x4e00, 0x9fff, "，"),
  "rare chinese": lettersOf(0x20000, 0x2a6df),
  kana: lettersOf(0x3040, 0x30ff, ""),
  yi: lettersOf(0xa000, 0xa4cf),
  hangul: lettersOf(0xac00, 0xd7a3),
  "hangul parts": lettersOf(0x1100, 0x11ff),
  cuneiform: lettersOf(0x12000, 0x123ff),
  "mathematical letters": lettersOf(0x1d400, 0x1d7ff),
  "music notes": lettersOf(0x1d15e, 0x1d164),
  ligatures: lettersOf(0xfb00, 0xfb06),
  "long ligatures": lettersOf(0xfdf0, 0xfdfc),
  "squared words": lettersOf(0x3300, 0x33ff),
  controls: lettersOf(0x00, 0x1f),
  "private use": lettersOf(0xe000, 0xf8ff),
  "any character": lettersOf(0x00, 0x10fffd),
  tags: lettersOf(0xe0000, 0xe007f),
  "half pairs": ({ many, between }) => many(60, () => String.fromCharCode(between(0xd800, 0xdfff))),
  emoji: ({ many, pick, between }) =>
    many(60, () => {
      const one = () => String.fromCodePoint(between(0x1f300, 0x1faff));
      return pick([one, () => `${one()}\u200d${one()}\ufe0f`, () => "👩‍👩‍👧‍👦", () => "🏳️‍🌈"])();
    }),
  "combining marks": ({ many, between }) =>
    many(80, () => `a${many(8, () => String.fromCharCode(between(0x300, 0x36f)))}`),
  base64: (draws) => bytes(draws, draws.between(30, 400)).toString("base64"),
  uuids: (draws) => draws.many(12, () => uuid(draws), "\n"),
  hex: (draws) => hex(draws, draws.between(20, 300)),
  digits: ({ many, between }) => many(60, () => String(between(0, 1e9)), ""),
  csv: (draws) =>
    draws.many(
      20,
      () =>
        `${draws.between(1, 1e6)};"${word(draws)}";${draws.between(0, 999)}.${draws.between(0, 99)};;,,`,
      "\r\n",
    ),
  "minified code": (draws) =>
    draws.many(
      40,
      () =>
        `var ${word(draws)}=${draws.pick(["[]", "{}", "!0", "void 0"])};(()=>{${word(draws)}?.[${draws.between(0, 9)}]??a&&b||c})();`,
    ),
  brackets: ({ many, pick }) => many(300, () => pick([..."{}[]()<>;:,.'\"`\\/|!?#$%^&*~+-=_@"])),
  "JSON in JSON": (draws) =>
    JSON.stringify(
      JSON.stringify(JSON.stringify({ [word(draws)]: `"\\\n\t\u0001${uuid(draws)}`, b: [[[]]] })),
    ),
  "escaped letters": ({ many, between }) =>
    many(60, () => `\\u${between(0, 0xffff).toString(16).padStart(4, "0")}`),
  "percent signs": ({ many, between }) => many(80, () => `%${between(0, 255).toString(16)}`),
  "Markdown table": (draws) =>
    `|a|b|\n|---|:-:|\n${draws.many(20, () => `|${word(draws)}|\`${hex(draws, 3)}\`|\n`)}`,
  "white space": ({ many, pick }) =>
    many(300, () => pick([" ", "\t", "\n", "\r\n", "\u00a0", "\u3000", "\u2028", "\v", "\u200b"])),
  "line ends": ({ between }) => "\n".repeat(between(1, 500)),
  "one letter": ({ pick, between }) =>
    pick(["a", "A", "0", "-", "ꀀ", "🐝"]).repeat(between(1, 400)),
  entities: ({ many, between, pick }) =>
    many(60, () =>
      pick([`&#x${between(1, 0xffff).toString(16)};`, "&amp;", "&nbsp;", "&lt;b&gt;"]),
    ),
  marks: ({ many, pick }) =>
    many(60, () =>
      pick(["<|endoftext|>", "<|im_start|>", "[INST]", "</s>", "<|eot_id|>", "▁", "<0x0A>", "Ġ"]),
    ),
};

const names = Object.keys(oddTexts);

/** Makes a text of a kind; without a name of several kinds by chance. The same numbers make the same text. */
export const oddText = (random: () => number, name?: string): string => {
  const draws = drawsOf(random);
  const textOf = (kind: string) => oddTexts[kind]?.(draws) ?? "";
  return name === undefined
    ? draws.many(4, () => textOf(draws.pick(names)), draws.pick(["", " ", "\n\n"]))
    : textOf(name);
};
