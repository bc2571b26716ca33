/** Money is counted in whole micro-dollars, so that sums are exact. */
export type MicroDollars = number;

const micros = 1_000_000;

/** Dollars, as they are shown. */
export const dollars = (amount: MicroDollars): number => amount / micros;

export const microDollars = (amount: number): MicroDollars => Math.round(amount * micros);

/** `$0.0042`, `$25.00`: as many decimals as it takes to see something. */
export const money = (amount: MicroDollars): string => {
  const value = dollars(amount);
  const decimals = value !== 0 && Math.abs(value) < 1 ? 4 : 2;
  return `$${value.toFixed(decimals)}`;
};
