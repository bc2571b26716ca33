/** Choices by chance, the same ones for the same numbers. */
export const choicesOf = (random: () => number) => ({
  chance: (probability: number) => random() < probability,
  pick: <T>(items: readonly [T, ...T[]]): T =>
    items[Math.floor(random() * items.length)] ?? items[0],
  between: (least: number, most: number) => least + Math.floor(random() * (most - least + 1)),
});

export type Choices = ReturnType<typeof choicesOf>;
