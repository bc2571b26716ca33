import { expect, test } from "vitest";
import { abortable } from "../../../lib/services/abortable.ts";

const never = new Promise<never>(() => undefined);

test("work that ends first is what comes of it", async () => {
  const { signal } = new AbortController();
  expect(await abortable(signal, Promise.resolve("done"))).toBe("done");
  await expect(abortable(signal, Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});

test("a signal that fires first rejects with its reason", async () => {
  const controller = new AbortController();
  const waiting = abortable(controller.signal, never);
  controller.abort(new Error("too late"));
  await expect(waiting).rejects.toThrow("too late");
});

test("a signal that has fired already rejects at once", async () => {
  await expect(abortable(AbortSignal.abort(new Error("over")), never)).rejects.toThrow("over");
});

test("a failure of the work after the signal is no unhandled rejection", async () => {
  const controller = new AbortController();
  const { promise, reject } = deferred();
  const waiting = abortable(controller.signal, promise);
  controller.abort(new Error("too late"));
  await expect(waiting).rejects.toThrow("too late");
  reject(new Error("nobody hears this"));
});

const deferred = () => {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_, fail) => {
    reject = fail;
  });
  return { promise, reject };
};
