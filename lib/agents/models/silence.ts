/**
 * A signal that fires with a TimeoutError when nothing was heard for `ms`. Long answers are no silence: each piece of
 * one is heard.
 */
export const watchSilence = (ms: number) => {
  const controller = new AbortController();
  const fire = () => {
    controller.abort(new DOMException(`Nothing was heard for ${ms} ms.`, "TimeoutError"));
  };
  let timer = setTimeout(fire, ms);
  return {
    signal: controller.signal,
    heard: () => {
      clearTimeout(timer);
      timer = setTimeout(fire, ms);
    },
    end: () => clearTimeout(timer),
  };
};

/** A fetch that hears every piece of an answer, also those that the SDK keeps back until the answer is whole. */
export const hearingFetch =
  (heard: () => void): typeof fetch =>
  async (input, init) => {
    const response = await fetch(input, init);
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
