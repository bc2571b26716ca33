/** A terminal with lines that stay, and below them a few that are redrawn in place. */
export type Screen = {
  print: (lines: readonly string[]) => void;
  /** Removes the live lines and holds back all prints while a person is asked. */
  hold: () => void;
  release: () => void;
  close: () => void;
};

const REDRAW_MS = 100;
const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
const eraseLines = (count: number) => (count > 0 ? `\u001b[${count}A\r\u001b[J` : "");
const joined = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");

/** Writes only the lines that stay, for a file or a pipe. */
const openFile = (stream: NodeJS.WriteStream): Screen => ({
  print: (lines) => void stream.write(joined(lines)),
  hold: () => {},
  release: () => {},
  close: () => {},
});

const openTerminal = (stream: NodeJS.WriteStream, live: () => string[]): Screen => {
  let drawn: string[] = [];
  let kept: string[] = [];
  let isHeld = false;
  const draw = (added: readonly string[], next: string[]) => {
    if (added.length === 0 && joined(next) === joined(drawn)) return;
    const cursor = next.length > 0 ? hideCursor : showCursor;
    stream.write(eraseLines(drawn.length) + joined(added) + joined(next) + cursor);
    drawn = next;
  };
  const print = (lines: readonly string[]) => {
    if (isHeld) kept.push(...lines);
    else draw(lines, live());
  };
  const timer = setInterval(() => print([]), REDRAW_MS);
  return {
    print,
    hold: () => {
      isHeld = true;
      draw([], []);
    },
    release: () => {
      isHeld = false;
      draw(kept, live());
      kept = [];
    },
    close: () => {
      clearInterval(timer);
      isHeld = true;
      draw(kept, []);
    },
  };
};

/** @param live gives the lines that are redrawn, ten times a second */
export const openScreen = (stream: NodeJS.WriteStream, live: () => string[]): Screen =>
  stream.isTTY ? openTerminal(stream, live) : openFile(stream);
