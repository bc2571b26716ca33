/**
 * A signal that fires with a TimeoutError when nothing was heard for `ms`. Long answers are no silence: each piece of
 * one is heard.
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
    /** Whatever still goes on is called off. */
    end: () => {
      clearTimeout(timer);
      timer = undefined;
      controller.abort(new DOMException("The call is over.", "AbortError"));
    },
  };
};

/** A fetch that hears every piece of an answer, also those that the SDK keeps back until the answer is whole. */
export const listeningFetch =
  (heard: () => void): typeof fetch =>
  async (input, init) => {
    // A redirect would carry some of the providers' keys to another place.
    const response = await fetch(input, { ...init, redirect: "error" });
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
