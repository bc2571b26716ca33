/** Faults that the offline tester reports when a directive orders it, each with the check that repairs it. */
const faults = [
  {
    trigger: "very long details",
    expected: "the call is refused with “Details are too long”",
    actual: "ten million characters were stored",
    check: "limitDetails",
    source: `export const limitDetails = (call: Call): void => {
  if (JSON.stringify(call.details).length > 10_000) throw new Error("Details are too long");
};
`,
  },
  {
    trigger: "markup in the details",
    expected: "the call is refused with “Markup is not allowed”",
    actual: "a script tag was stored as it came",
    check: "refuseMarkup",
    source: `export const refuseMarkup = (call: Call): void => {
  if (/<\\/?[a-z]/i.test(JSON.stringify(call.details))) throw new Error("Markup is not allowed");
};
`,
  },
  {
    trigger: "a line break in the user's name",
    expected: "the call is refused with “The user's name is not valid”",
    actual: "the name was taken as it came",
    check: "requireNameInOneLine",
    source: `export const requireNameInOneLine = (call: Call): void => {
  if (/[\\r\\n]/.test(call.user)) throw new Error("The user's name is not valid");
};
`,
  },
] as const;

export type Fault = (typeof faults)[number];

/** Gives the fault of a test round (0, 1 …), another one in each round. */
export const faultOfRound = (round: number): Fault => faults[round % faults.length] ?? faults[0];

/** Finds the fault by its expected behaviour. */
export const faultBehind = (expected: string): Fault =>
  faults.find((fault) => fault.expected === expected) ?? faults[0];
