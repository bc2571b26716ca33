/** The usual features, risks and questions of one kind of product. They complete a short description. */
export type Topic = {
  name: string;
  keywords: RegExp;
  actor: string;
  /** The things that its users handle, in the plural. */
  noun: string;
  /** Verb phrases; `{noun}` may come from the project's name, `{things}` from its description too. */
  proposals: readonly [string, string, string];
  risk: string;
  mitigation: string;
  quality: string;
  question: string;
};

const topics = [
  {
    name: "shop",
    keywords:
      /\b(?:web)?shops?\b|\bstores?\b|\bcart|checkout|e-?commerce|\bproducts?\b|marketplace|merchant|boutique|tienda/gi,
    actor: "Shoppers",
    noun: "products",
    proposals: [
      "browse {noun} by category",
      "put {noun} in a basket",
      "pay for an order at the checkout",
    ],
    risk: "A payment succeeds while the order behind it is lost.",
    mitigation: "Store the order before asking for money, and reconcile both every hour.",
    quality: "A price or a stock level shown at the checkout is never older than one minute.",
    question: "Which payment provider and which currencies are wanted?",
  },
  {
    name: "booking",
    keywords:
      /\bbook(?:ings?|able)?\b|reserv|appointment|calendar|availab|hotel|\brooms?\b|schedul|termin|reserva/gi,
    actor: "Guests",
    noun: "bookings",
    proposals: [
      "see free times for {noun}",
      "reserve a free time",
      "cancel {noun} up to a deadline",
    ],
    risk: "Two people get the same slot at the same moment.",
    mitigation:
      "Reserve a slot with one conditional write, so that the second request is told at once.",
    quality: "Times are stored in UTC and shown in the place's own time zone.",
    question: "How long before the start may a booking still be cancelled?",
  },
  {
    name: "chat",
    keywords: /\bchat|messag|conversation|messenger|real-?time|\binbox\b|nachricht/gi,
    actor: "Members",
    noun: "messages",
    proposals: [
      "send {noun} to a person or a group",
      "search earlier {noun}",
      "mute a conversation",
    ],
    risk: "Messages get lost or appear twice when a connection drops.",
    mitigation: "Number the messages of each conversation and let a client ask for what it missed.",
    quality: "A message reaches everybody who is connected within one second.",
    question: "How long are messages kept, and who may delete them?",
  },
  {
    name: "tasks",
    keywords:
      /\bto-?dos?\b|\btasks?\b|kanban|backlog|\btickets?\b|checklist|deadline|\bissues?\b|aufgabe/gi,
    actor: "Team members",
    noun: "tasks",
    proposals: [
      "create {noun} with a due date",
      "assign {noun} to a colleague",
      "see overdue {noun}",
    ],
    risk: "People stop keeping the list up to date and it loses its worth.",
    mitigation:
      "Make adding and finishing an entry a single step, and measure how often it is done.",
    quality: "Adding an entry takes one step and less than ten seconds.",
    question: "Does a task belong to one person or to a whole team?",
  },
  {
    name: "publishing",
    keywords:
      /\bblogs?\b|\bposts?\b|\barticles?\b|recipe|magazine|newsletter|\bcms\b|comments?\b|\bcontent\b|\bphotos?\b|sharing|rezept|recette/gi,
    actor: "Readers",
    noun: "posts",
    proposals: ["find {things} by topic", "comment on {things}", "report unsuitable {things}"],
    risk: "Spam and unsuitable contributions drive readers away.",
    mitigation:
      "Limit how much a new account can publish, and give moderators a queue from the first day.",
    quality: "A public page is readable within two seconds on a slow mobile connection.",
    question: "Is a contribution published at once, or only after somebody has looked at it?",
  },
  {
    name: "finance",
    keywords:
      /invoic|\bbudget|expens|accounting|\bbank|\bbilling|\btax|ledger|payroll|rechnung|factura|facture/gi,
    actor: "Accountants",
    noun: "invoices",
    proposals: [
      "create {noun} with their line items",
      "see unpaid {noun}",
      "export {noun} for a tax year",
    ],
    risk: "Amounts differ by a cent because of rounding.",
    mitigation: "Keep amounts as whole cents, and round in one place that has its own tests.",
    quality: "Stored amounts are never changed; a correction is an entry of its own.",
    question: "Which countries' tax rules apply?",
  },
  {
    name: "monitoring",
    keywords:
      /monitor|sensor|\biot\b|telemetr|\balerts?\b|\buptime|temperature|überwach|surveillance|vigilancia|messwert/gi,
    actor: "Operators",
    noun: "readings",
    proposals: [
      "record {noun} with time and location",
      "see the current state and its history",
      "get an alert when a value leaves its range",
    ],
    risk: "A silent sensor is taken for a healthy one.",
    mitigation: "Treat missing readings as an alert of their own after a set time.",
    quality: "An alert goes out within one minute after the reading that caused it.",
    question: "Which values are normal, and who is to be told at night?",
  },
  {
    name: "analytics",
    keywords:
      /analytic|dashboard|\breports?\b|statistic|\bmetrics?\b|\bcharts?\b|\bkpis?\b|forecast|auswertung/gi,
    actor: "Analysts",
    noun: "figures",
    proposals: [
      "view {noun} for any period",
      "compare two periods",
      "export {noun} as a spreadsheet",
    ],
    risk: "Two reports give different answers to the same question.",
    mitigation:
      "Define each figure once, with its source and its formula, and let every report use that definition.",
    quality: "A report over one year of data appears within three seconds.",
    question: "Which figures decide whether the product is a success?",
  },
  {
    name: "learning",
    keywords:
      /learn|course|lesson|student|teacher|school|quiz|tutor|vocabular|exam\b|schüler|schule/gi,
    actor: "Learners",
    noun: "lessons",
    proposals: [
      "work through {noun} at their own pace",
      "take a quiz after each lesson",
      "see their progress",
    ],
    risk: "Learners give up after the first week.",
    mitigation: "Keep a unit under ten minutes, and show progress after each of them.",
    quality: "A learner can break off at any time and go on at the same place on another device.",
    question: "Who writes the material, and who checks it?",
  },
  {
    name: "game",
    keywords: /\bgames?\b|\bplayers?\b|multiplayer|high ?score|\bpuzzle|\blevels?\b|spiel/gi,
    actor: "Players",
    noun: "games",
    proposals: [
      "start {noun} alone or against others",
      "pause and continue later",
      "compare their results with friends",
    ],
    risk: "Somebody cheats, and the ranking becomes worthless.",
    mitigation:
      "Let the server decide every move that counts, and keep the moves so that they can be replayed.",
    quality: "A move is answered within 100 ms.",
    question: "What makes a player come back the next day?",
  },
  {
    name: "api",
    keywords: /\bapis?\b|\brest\b|graphql|webhook|endpoint|microservice|backend|integrat/gi,
    actor: "Client applications",
    noun: "resources",
    proposals: [
      "create {noun} with one request",
      "list {noun} in pages",
      "receive a webhook when something changes",
    ],
    risk: "A change to the interface breaks clients that nobody knew of.",
    mitigation:
      "Put the version into the path, publish the schema, and check each release against the last one's.",
    quality: "95 of 100 requests are answered within 300 ms.",
    question: "Who are the clients, and how do they authenticate?",
  },
] as const satisfies readonly Topic[];

/** The topic of a project whose text fits no other. */
const anyTopic: Topic = {
  name: "records",
  keywords: /(?!)/g,
  actor: "Users",
  noun: "entries",
  proposals: [
    "create and change {things}",
    "search {things} by any of their fields",
    "see the history of each change",
  ],
  risk: "The first version solves a problem that nobody has.",
  mitigation: "Show a working first version to two future users before building the rest.",
  quality: "Every page and every answer appears within one second with 10,000 records stored.",
  question: "Who will use it first, and what do they use today?",
};

const hits = (topic: Topic, text: string) => text.match(topic.keywords)?.length ?? 0;

/** Finds the one or two topics that fit a text best, the best first. */
export const topicsOf = (text: string): [Topic, ...Topic[]] => {
  const fitting = topics
    .map((topic) => ({ topic, score: hits(topic, text) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ topic }) => topic);
  const [best = anyTopic, ...others] = fitting;
  return [best, ...others.slice(0, 1)];
};
