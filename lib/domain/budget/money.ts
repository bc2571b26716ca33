/** Money is counted in whole micro-dollars, so that sums are exact. */
export type MicroDollars = number;

const micros = 1_000_000;

/** Dollars, as they are shown. */
export const dollars = (amount: MicroDollars): number => amount / micros;

export const microDollars = (amount: number): MicroDollars => Math.round(amount * micros);

const decimalsOf = (amount: MicroDollars): number => {
  if (amount === 0 || amount >= micros) return 2;
  return amount < 100 ? 6 : 4;
};

/** `$0.000042`, `$0.0042`, `$25.00`: as many decimals as it takes to see something. */
export const money = (amount: MicroDollars): string =>
  `$${dollars(amount).toFixed(decimalsOf(amount))}`;
