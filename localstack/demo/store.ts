import type { Event } from "../../lib/domain/events.ts";
import { applyEvent, emptyView, type View } from "./view.ts";

type Test = (view: View, isLive: boolean) => boolean;

/** Stores the view, and lets others wait for a state of it. */
export const createStore = () => {
  let view = emptyView;
  let isLive = false;
  const waiting = new Set<() => void>();
  return {
    view: () => view,
    /** @param onEvent is called for each event, with the view before the event */
    apply: (
      events: readonly Event[],
      live: boolean,
      onEvent: (event: Event, before: View) => void,
    ) => {
      for (const event of events) {
        const before = view;
        view = applyEvent(view, event);
        onEvent(event, before);
      }
      isLive = live;
      for (const wake of waiting) wake();
    },
    /** Resolves when the test is true. */
    until: (test: Test) =>
      new Promise<void>((resolve) => {
        const wake = () => {
          if (!test(view, isLive)) return;
          waiting.delete(wake);
          resolve();
        };
        waiting.add(wake);
        wake();
      }),
  };
};

export type Store = ReturnType<typeof createStore>;
