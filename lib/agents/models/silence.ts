/**
 * Makes a signal that aborts with a TimeoutError after `ms` milliseconds without a call of `heard`. Call `heard` for each piece
 * of a reply, so that a long one is no timeout.
 */
export const watchSilence = (ms: number) => {
  const controller = new AbortController();
  const fire = () => {
    controller.abort(new DOMException(`Nothing was heard for ${ms} ms.`, "TimeoutError"));
  };
  let timer: ReturnType<typeof setTimeout> | undefined = setTimeout(fire, ms);
  return {
    signal: controller.signal,
    heard: () => {
      if (timer === undefined) return;
      clearTimeout(timer);
      timer = setTimeout(fire, ms);
    },
    /** Ends the watch, and aborts what still runs. */
    end: () => {
      clearTimeout(timer);
      timer = undefined;
      controller.abort(new DOMException("The call is over.", "AbortError"));
    },
  };
};

/** Makes a fetch that calls `heard` for every piece of a response, also for pieces that the SDK holds back. */
export const listeningFetch =
  (heard: () => void): typeof fetch =>
  async (input, init) => {
    // A redirect would send the keys of some providers to another address: it is a refusal.
    const response = await fetch(input, { ...init, redirect: "manual" });
    heard();
    if (!response.body) return response;
    const pass = new TransformStream<Uint8Array, Uint8Array>({
      transform: (piece, controller) => {
        heard();
        controller.enqueue(piece);
      },
    });
    return new Response(response.body.pipeThrough(pass), response);
  };
