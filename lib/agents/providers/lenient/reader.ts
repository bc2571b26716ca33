/** A JSON object that a provider sent, or that the SDK reads. */
export type WireObject = { [field: string]: unknown };

/** An event of a provider's stream. `name`: its name beside the data; null when it has none. */
export type WireEvent = { name: string | null; data: WireObject };

/** How far an answer has come: `answered` when only counts of tokens may follow, `over` when nothing does. */
type AnswerProgress = "open" | "answered" | "over";

/** What the SDK's parser may keep back: it is told as it comes. */
export type Overheard = {
  /** Text of the answer. */
  text: (piece: string) => void;
  /** What the model thinks, where the SDK drops it. */
  thought: (piece: string) => void;
};

/**
 * Reads the events of one answer leniently, and gives events that the SDK's strict parser accepts. What is not needed for the
 * answer is left out; an error of the provider is passed on.
 */
export type EventReader = {
  /** Reads one event, or an answer that came whole. */
  read: (event: WireEvent) => WireEvent[];
  /** Is told that the provider said that nothing more comes (`[DONE]`). */
  done: () => void;
  /** Gives the events that lack at the end of the stream. An answer that broke off stays so. */
  end: () => WireEvent[];
  progress: () => AnswerProgress;
};

export type OpenReader = (overheard: Overheard) => EventReader;

/** What every reader keeps while it reads. */
export type AnswerReading = {
  overheard: Overheard;
  progress: AnswerProgress;
  /** The provider said that nothing more comes. */
  isDone: boolean;
};

export const beginReading = (overheard: Overheard): AnswerReading => ({
  overheard,
  progress: "open",
  isDone: false,
});

/** Makes a reader of the steps of a wire. They change the state that `begin` makes. */
export const readerOf =
  <S extends AnswerReading>(
    begin: (overheard: Overheard) => S,
    steps: { read: (state: S, event: WireEvent) => WireEvent[]; end: (state: S) => WireEvent[] },
  ): OpenReader =>
  (overheard) => {
    const state = begin(overheard);
    return {
      read: (event) => steps.read(state, event),
      done: () => {
        state.isDone = true;
        state.progress = "over";
      },
      end: () => steps.end(state),
      progress: () => state.progress,
    };
  };
