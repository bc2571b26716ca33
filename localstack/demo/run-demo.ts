import type { Project } from "../../lib/domain/project/project.ts";
import { type Api, openApi } from "./api.ts";
import { openAsk } from "./ask.ts";
import { decideAll } from "./decide.ts";
import { endingLines, leavingLines, unansweredLines } from "./ending.ts";
import { follow } from "./follow.ts";
import { headerLines, liveLines, narrate } from "./lines.ts";
import type { Options } from "./options.ts";
import { lookOf } from "./paint.ts";
import { openScreen, type Screen } from "./screen.ts";
import { createStore, type Store } from "./store.ts";

type Streams = { input: NodeJS.ReadStream; output: NodeJS.WriteStream };

const interrupted = 130;
/** Milliseconds for each offline agent of the sample, so that a person can watch. */
const watchableMs = 800;

const openProject = (api: Api, options: Options, isWatched: boolean) => {
  const { project, name, description, oversight, isSample } = options;
  if (project !== null) return api.getProject(project);
  const paceMs = options.paceMs ?? (isWatched && isSample ? watchableMs : 0);
  const paced = paceMs > 0 ? `${description} [[sleep:${paceMs}]]` : description;
  return api.createProject({ name, description: paced.trim(), oversight_level: oversight });
};

/** Calls back once, at the first signal. A second signal ends the program at once. */
const onSignal = (stop: () => void) => {
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.once(signal, stop);
  return () => {
    for (const signal of signals) process.off(signal, stop);
  };
};

type Show = { project: Project; options: Options; streams: Streams; api: Api };

const watchAndDecide = async (
  { project, options, streams, api }: Show,
  {
    screen,
    store,
    stop,
    setLost,
  }: {
    screen: Screen;
    store: Store;
    stop: AbortController;
    setLost: (isLost: boolean) => void;
  },
) => {
  const look = lookOf(streams.output);
  const { signal } = stop;
  const ask = openAsk({ ...streams, onInterrupt: () => stop.abort() });
  const following = follow({
    ws: options.ws,
    projectId: project.id,
    onEvents: (events, isLive) =>
      store.apply(events, isLive, (event, before) => screen.print(narrate(event, before, look))),
    onLost: (nextTryMs) => setLost(nextTryMs > 0),
    signal,
  }).then(() => "left" as const);
  const { yes } = options;
  const deciding = { api, store, screen, look, ask, projectId: project.id, yes, signal };
  return Promise.race([following, decideAll(deciding)]);
};

const lastLines = (outcome: string, { project, options, streams }: Show, store: Store) => {
  if (outcome === "left") return leavingLines(project.id, options.typedAddresses);
  const view = store.view();
  const ending = endingLines(project, view, { url: options.url, look: lookOf(streams.output) });
  return view.gates.length > 0 && outcome === "unanswered"
    ? unansweredLines(project.id, options)
    : ending;
};

/**
 * Runs the demo from the first line to the last.
 *
 * @returns the exit code
 * @throws Error when the stack does not answer, Refused when it refuses a request
 */
export const runDemo = async (options: Options, streams: Streams): Promise<number> => {
  const { output } = streams;
  const api = openApi(options.url);
  const project = await openProject(api, options, output.isTTY === true);
  const look = lookOf(output);
  const store = createStore();
  const stop = new AbortController();
  let lost = false;
  const setLost = (isLost: boolean) => {
    lost = isLost;
  };
  const live = () => liveLines(store.view(), { look, now: Date.now(), lost });
  const screen = openScreen(output, live);
  const unhook = onSignal(() => stop.abort());
  const show = { project, options, streams, api };
  try {
    screen.print(headerLines(project, look));
    const done = await watchAndDecide(show, { screen, store, stop, setLost });
    const outcome = stop.signal.aborted ? "left" : done;
    screen.print(lastLines(outcome, show, store));
    if (outcome === "left") return interrupted;
    return store.view().status === "completed" ? 0 : 1;
  } finally {
    stop.abort();
    screen.close();
    unhook();
  }
};
