/** An amount of money in whole micro-dollars, so that sums are exact. */
export type MicroDollars = number;

const micros = 1_000_000;

/** Converts micro-dollars to dollars. */
export const dollars = (amount: MicroDollars): number => amount / micros;

/** Converts dollars to whole micro-dollars. */
export const microDollars = (amount: number): MicroDollars => Math.round(amount * micros);

const decimalsOf = (amount: MicroDollars): number => {
  if (amount === 0 || amount >= micros) return 2;
  return amount < 100 ? 6 : 4;
};

/** Writes an amount with as many decimals as a reader needs: `$0.000042`, `$0.0042`, `$25.00`. */
export const money = (amount: MicroDollars): string =>
  `$${dollars(amount).toFixed(decimalsOf(amount))}`;
