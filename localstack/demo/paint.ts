import { styleText } from "node:util";

type Colour = Parameters<typeof styleText>[0];

/** How lines look: colours, width, and whether the words of agents are shown. */
export type Look = {
  paint: (colour: Colour, text: string) => string;
  readonly columns: number;
  chat: boolean;
};

const maxColumns = 100;
const columnsOfFile = 80;

/** Chooses colours only on a terminal, and not when NO_COLOR is set. */
export const lookOf = (stream: NodeJS.WriteStream): Look => ({
  paint: (colour, text) => styleText(colour, text, { stream }),
  get columns() {
    return Math.min(stream.columns || columnsOfFile, maxColumns);
  },
  chat: stream.isTTY === true,
});
