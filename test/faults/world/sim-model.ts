import { checkedFetch } from "../../../lib/agents/models/checked-fetch.ts";
import { overReservationIn } from "../../../lib/agents/models/over-reservation.ts";
import type { TokenBounds } from "../../../lib/agents/models/reported-usage.ts";
import type { MicroDollars } from "../../../lib/domain/budget/money.ts";

/** Micro-dollars that the simulated provider takes for a token: each byte of the text, and all that it may write. */
export const tokenPrice = 100;

/** What a request has around its text, and more. */
const around = 60;

/** Gives the most tokens that the input of a request with this text has. */
export const inputBound = (text: string): number => Buffer.byteLength(text) + around;

const billFor = (body: string): MicroDollars => {
  const { text, max_tokens } = JSON.parse(body) as { text: string; max_tokens: number };
  return tokenPrice * (Buffer.byteLength(text) + max_tokens);
};

/** A request that was sent, with what the provider charges for it; or what a request needs that was not sent. */
type Sent = { bill: MicroDollars } | { needed: TokenBounds };

/** Sends a text to the simulated provider, if its money is reserved. */
export const send = async (text: string, bounds: TokenBounds): Promise<Sent> => {
  let bill = 0;
  const provider: typeof fetch = async (_address, init) => {
    bill = billFor(String(init?.body));
    return new Response("{}");
  };
  const body = JSON.stringify({ text, max_tokens: bounds.output });
  try {
    await checkedFetch(provider, bounds, () => {})("http://sim.test", { method: "POST", body });
    return { bill };
  } catch (error) {
    const over = overReservationIn(error);
    if (!over) throw error;
    return { needed: over.needed };
  }
};
