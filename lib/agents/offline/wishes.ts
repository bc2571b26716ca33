import { clip, quote } from "./text.ts";

/** One thing that a person wants changed, as an offline agent understands it. */
export type Wish = { said: string } & (
  | { kind: "drop"; what: string /** Only what is there can be left out. */; mustExist: boolean }
  | { kind: "keep"; what: string }
  | { kind: "add"; what: string }
  | { kind: "state"; what: string }
  | { kind: "rename" | "replace"; from: string; to: string }
  | { kind: "agree" }
  | { kind: "unclear" }
);

/** Quotes the words of a wish, as the requirement does that was made of it. */
export const quoteWish = (said: string): string => quote(clip(said, 200));

type Read = (clause: string) => Wish | undefined;

const politeness =
  /^(?:(?:please|kindly|make sure(?: that)?|see to it that|also|then|and|but|so|ok(?:ay)?|yes|yep|no(?=\s*[,;:–—])|well|just|maybe|perhaps|finally|additionally|(?:(?:this|it|that|all|the \w+) )?(?:looks?|is|reads?|sounds?)? ?(?:very |quite |pretty )?(?:good|great|fine|nice|perfect)(?: (?:so far|overall|work|job))?|thanks?(?: you)?|lgtm|approved|agreed|well done|go (?:on|ahead))(?![\w'’])[\s,:;.!–—-]*)+/i;
const asking =
  /^(?:(?:could|can|would|will) (?:you|we)(?: please)?|(?:i|we)(?:['’]d| would| should| must| could)?(?: rather| prefer to| want(?: you)? to|['’]?(?: would)? like(?: you)? to| need(?: you)? to)?|you (?:should|must|can|could|need to)|let(?:['’]s| us)|it (?:would|might) be (?:good|nice|better) (?:to|if you(?: could)?))\s+(?:please\s+)?(?=\p{L}{2})/iu;
const noObjection =
  /^(?:(?:no|nothing|without)\s+(?:further |more |other |any )?(?:changes?|comments?|objections?|remarks?|problems?|issues?|questions?|feedback|concerns?|complaints?|additions?|worries|doubts?)?(?: (?:from|by|on) (?:me|us|my side|our side))?|nothing to (?:add|change|leave out|remove|say)|none|no)$/i;
const doubleNegative =
  /^(?:do not|don['’]?t|never|must not|should not)\s+(?:forget(?: about| to (?:add|include|keep))?|leave out|drop|remove|omit|exclude|skip|delete|lose|cut)\s+(.+)$/i;

/** Ways to say that something is to be left out. The second kind says so only of what is there already. */
const drops: readonly (readonly [pattern: RegExp, mustExist: boolean])[] = [
  [/^(?:leave|take|cut|strip|throw)\s+(?:out|off|away)\s*:?\s+(.+)$/i, false],
  [/^(?:leave|take|cut|strip|throw)\s+(.+?)\s+(?:out|off|away)$/i, false],
  [
    /^(?:drop|remove|omit|exclude|skip|delete|scrap|forget(?: about)?|ignore|get rid of|(?:(?:we|they|users) (?:can|could) )?(?:do|go|manage|live) without|dispense with|postpone|defer|ditch|eliminate|cut)\s*:?\s+(.+)$/i,
    false,
  ],
  [/^(?:there is |there['’]s )?no need (?:for|of)\s+(.+)$/i, false],
  [/^(?:nobody|no one|none of us) (?:needs|wants|uses)\s+(.+)$/i, false],
  [
    /^(?:all|everything|anything)?\s*(?:but|except(?: for)?|minus|excluding|without)\s+(.+)$/i,
    false,
  ],
  [
    /^(?:there (?:is|are|should be|must be|shall be)\s+)?no\s+(?!more\b|less\b|fewer\b|later\b|longer\b|matter\b|way\b|idea\b|sooner\b|one\b)(.+?)(?:\s+(?:is|are)\s+(?:needed|wanted|required|necessary))?$/i,
    false,
  ],
  [
    /^(?:(?:we|i|you)\s+)?(?:do not|don['’]?t|will not|won['’]?t|should not|shouldn['’]?t|must not|need not|never)\s+(?:need|want|require|include|build|implement|add|offer|support|provide|have|do|plan|allow)(?:\s+to)?(?:\s+any)?\s+(.+)$/i,
    false,
  ],
  [
    /^(.+?)\s+(?:is|are)\s*(?:not|n['’]t|no longer)\s+(?:\w+\s+)?(?:needed|wanted|necessary|required|part of (?:it|this)|in scope)$/i,
    false,
  ],
  [/^(.+?)\s+(?:isn|aren)['’]?t\s+(?:needed|wanted|necessary|required|in scope)$/i, false],
  [/^(.+?)\s+(?:is|are)\s+(?:unnecessary|superfluous|out of scope|not for now)$/i, false],
  [
    /^(?:(?:i|we)\s+(?:want|would like|['’]d like)\s+(?:to (?:have|see)\s+)?)?(.+?)\s+(?:(?:should|must|can|may|has to|have to|needs? to|is to|are to|to)\s+)?(?:be\s+)?(?:left out|removed|dropped|omitted|excluded|skipped|deleted|cut|postponed)$/i,
    false,
  ],
  [/^(.+?)\s+(?:must|can|should|has to|have to)\s+(?:go|wait|go away|be gone)$/i, false],
  [
    /^(?:(?:\p{L}+\s+){1,3}(?:should|must|can|may|will|shall)\s+)?not\s+(?:be able to\s+)?(?!only\b|sure\b|bad\b|yet\b|good\b|enough\b|like\b|so\b)(.+)$/iu,
    true,
  ],
  [
    /^(?:\p{L}+\s+){0,3}(?:cannot|can['’]t|shouldn['’]t|mustn['’]t|do not|don['’]t)\s+(.+)$/iu,
    true,
  ],
];

const quoted = `["“”'‘’\`]?`;
const renames = [
  new RegExp(
    `^(?:rename|relabel)\\s+${quoted}(.+?)${quoted}\\s+(?:to|into|as|→|->)\\s+${quoted}(.+?)${quoted}$`,
    "i",
  ),
  new RegExp(
    `^change\\s+${quoted}(.+?)${quoted}\\s+(?:to|into|→|->)\\s+${quoted}(.+?)${quoted}$`,
    "i",
  ),
  new RegExp(`^call\\s+(?:the\\s+)?${quoted}(\\S+?)${quoted}\\s+${quoted}(.+?)${quoted}$`, "i"),
  new RegExp(
    `^${quoted}(.+?)${quoted}\\s+(?:should|must|is to|are to)\\s+be\\s+(?:called|named|renamed to)\\s+${quoted}(.+?)${quoted}$`,
    "i",
  ),
];
const doing = "(?:use|have|build|offer|take|choose|do|add|make|provide|implement|prefer)";
const replacements = [
  new RegExp(
    `^(?:instead of|rather than|in place of)\\s+(?<from>.+?)\\s*⇒\\s*(?:${doing}\\s+)?(?<to>.+)$`,
    "i",
  ),
  new RegExp(
    `^(?:instead of|rather than|in place of)\\s+(?<from>.+?)\\s+${doing}\\s+(?<to>.+)$`,
    "i",
  ),
  new RegExp(
    `^(?:${doing}\\s+)?(?<to>.+?)\\s+(?:instead of|rather than|in place of)\\s+(?<from>.+)$`,
    "i",
  ),
  /^(?:replace|swap|exchange|substitute)\s+(?<from>.+?)\s+(?:by|with|for|through)\s+(?<to>.+)$/i,
  /^(?:switch|change|move)\s+from\s+(?<from>.+?)\s+to\s+(?<to>.+)$/i,
];
const additions = [
  /^(?:add|include|support|provide|offer|introduce|plus|with)\s*:?\s+(?:also\s+|in\s+)?(?:a (?:requirement|feature|goal)\s+(?:that|for|to)\s+|that\s+)?(.+)$/i,
  /^(?:(?:we|i|it)\s+(?:also\s+)?(?:need|needs|want|wants|miss)|there (?:should|must) (?:also )?be)\s+(?:also\s+)?(?!to\b)(.+)$/i,
  /^(.+?)\s+(?:is|are)\s+(?:still\s+)?missing$/i,
];

const trailing =
  /[,\s]+(?:for now|for the moment|thanks|thank you|at first|first|please|altogether|entirely|completely|again|too|as well|(?:in|from|of) (?:it|this|that|here|the (?:plan|list|scope|project|design|code|specification|requirements?|app|product|(?:first|next|second|whole) (?:version|release|project|step)))|then|yet|later|at all)$/i;
const leading =
  /^(?:the|an?|any|all|every|everything about|(?:the )?(?:feature|requirement|function|part|point|possibility|option|idea|support)s?(?: (?:of|for|about|to))?)\s+(?=\S)/i;

const tidy = (what: string): string => {
  const text = what.trim().replace(/^["“'‘`]+|["”'’`.!?;:,]+$/g, "");
  const shorter = text.replace(trailing, "").replace(leading, "");
  return shorter === text ? text : tidy(shorter);
};

const withoutTrailing = (text: string): string => {
  const shorter = text.replace(/[\s.!?;:,]+$/, "").replace(trailing, "");
  return shorter === text ? text : withoutTrailing(shorter);
};

const capture = (patterns: readonly RegExp[], clause: string): RegExpExecArray | undefined => {
  for (const pattern of patterns) {
    const found = pattern.exec(clause);
    if (found) return found;
  }
  return undefined;
};

const readReplacement: Read = (said) => {
  const { from = "", to = "" } = capture(replacements, said)?.groups ?? {};
  return from === "" ? undefined : { kind: "replace", from: tidy(from), to: tidy(to), said };
};

const readRename: Read = (said) => {
  const [, from, to] = capture(renames, said) ?? [];
  return from && to ? { kind: "rename", from: tidy(from), to: tidy(to), said } : undefined;
};

/** Reads a clause that says what is to be left out, or what is not. */
export const readDrop: Read = (said) => {
  const [, kept] = doubleNegative.exec(said) ?? [];
  if (kept) return { kind: "keep", what: tidy(kept), said };
  for (const [pattern, mustExist] of drops) {
    const [, what] = pattern.exec(said) ?? [];
    if (what) return { kind: "drop", what: tidy(what), mustExist, said };
  }
  return undefined;
};

const readAddition: Read = (said) => {
  const [, what] = capture(additions, said) ?? [];
  return what ? { kind: "add", what: what.trim(), said } : undefined;
};

/** Reads one clause of a person's words. What it cannot read is unclear, or a statement such as "Users can print labels". */
export const readWish = (clause: string): Wish => {
  const said = clause.trim();
  const plain = withoutTrailing(said.replace(politeness, "").trim());
  if (plain === "" || noObjection.test(plain)) return { kind: "agree", said };
  const asked = plain.replace(asking, "");
  for (const text of new Set([plain, asked]))
    for (const read of [readReplacement, readRename, readDrop, readAddition]) {
      const wish = read(text);
      if (wish) return { ...wish, said };
    }
  return { kind: "state", what: plain, said };
};
