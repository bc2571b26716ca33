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
