const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(Boolean));

/** Verbs of project descriptions. A list of actions is split only before one of them. */
const verbs = words(`
  accept access add adjust administer alert allow analyse analyze announce answer apply approve archive
  arrange ask assign attach attend authenticate automate award back block book borrow broadcast browse build buy
  calculate call cancel capture change charge chat check choose classify close collect comment compare compile
  complete compute configure confirm connect contact control convert copy count cover create customise customize
  debug define delete deliver deploy describe detect discover discuss display distribute document donate
  download draft draw earn edit email enable enrol enroll enter estimate exchange explore export extract fetch
  filter find finish fix follow forecast forward gather generate get give grade group handle help hide hire host
  identify import improve include index inform insert inspect install integrate invite invoice issue join keep
  label learn leave lend let like limit link list listen load locate lock log look maintain make manage map mark
  match measure merge message migrate model moderate modify monitor move navigate negotiate notify offer open
  order organise organize participate pause pay perform pick place plan play post practice predict prepare present
  preview price print prioritise prioritize process produce propose protect provide publish purchase push query
  queue rank rate reach react read receive recommend record recover redeem refund register reject release remind
  remove rename render renew rent reorder repeat replace reply report request reschedule reserve reset resolve respond
  restore return reuse review reward run save scan schedule score search secure see select sell send serve set share
  ship show sign simulate solve sort split start stay stop store stream submit subscribe suggest summarise
  summarize support swap switch sync synchronise synchronize tag take test tip trace track trade train transfer
  translate trigger tune undo unlock update upgrade upload use validate verify view visualise visualize vote warn watch
  withdraw write cook eat feed grow meet speak talk travel understand walk water work`);

/** Verbs that are nouns at the beginning of a product's name: "chat app", "order system". */
export const nounVerbs = words(`
  alert blog book chat check comment design document donate email game invoice label log map message model monitor
  order plan play post price process query queue rate record report request review reward schedule search share ship
  sign store stream support tag task test time track trade vote watch issue index exchange forecast auction`);

/** Words that end a noun phrase. */
export const connectors = words(`
  about across after against among and are around as at based because before between by during for from if in inside into is
  like near of on onto or over per since so than that through to towards under until upon via was were when where which while
  who whose with within without one two three four five six seven eight nine ten`);

/** Words of a noun phrase that name nothing. */
export const fillers = words(`
  a an the has have had this that these those their his her its our my your own other others all any each every some many several
  new old daily weekly monthly yearly simple easy quick fast small large full complete various different multiple
  personal individual single real custom upcoming recent nearby shared public private detailed overdue unpaid earlier
  current free unsuitable`);

export const pronouns = words("them it these those they this that");

/** Words for a kind of product. */
export const products =
  /^(?:app|application|site|website|webshop|system|platform|tool|service|api|portal|shop|store|dashboard|game|bot|chatbot|library|marketplace|tracker|blog|backend|planner|manager|software|program|network|forum|wiki|engine|assistant|directory|catalogue|catalog|crm|erp|cms|pipeline|microservice|simulator|calculator|editor|registry|archive|newsletter|widget|plugin|extension|cli)$/i;

export const isVerb = (word: string | undefined): boolean => verbs.has((word ?? "").toLowerCase());

/** Makes "send" of "sends"; null when the word is no third person of a known verb. */
export const baseOfThirdPerson = (word: string): string | null =>
  [word.replace(/s$/, ""), word.replace(/es$/, ""), word.replace(/ies$/, "y")].find(
    (base) => base !== word && isVerb(base),
  ) ?? null;

const accesses = {
  read: words(`access analyse analyze browse check compare count discover display explore export fetch filter find
    follow forecast get inspect list listen locate look map measure monitor navigate predict preview print query rank read
    search see show sort summarise summarize trace track view visualise visualize watch download calculate estimate compute`),
  change:
    words(`adjust approve assign change complete configure confirm customise customize edit mark modify move
    organise organize rename reorder reschedule reset set tag update upgrade`),
  remove: words("block cancel close delete hide leave remove withdraw"),
} as const;

export type AccessKind = keyof typeof accesses | "add";

/** Says what a verb does to stored data. */
export const accessOf = (verb: string): AccessKind =>
  (["read", "change", "remove"] as const).find((access) => accesses[access].has(verb)) ?? "add";
