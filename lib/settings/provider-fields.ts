import * as z from "zod";

/** An API key: it is sent in a header. */
export const ApiKey = z.string().regex(/^[\x21-\x7e]+$/, "Must be printable ASCII without spaces");

const isPlain = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && [username, password, search, hash].every((part) => !part);
};

/** The address of a provider. It holds no credentials: fetch accepts none there, and logs show addresses. */
export const BaseUrl = z
  .string()
  .refine(isPlain, "Must be an http(s) address without credentials, query or fragment")
  .transform((url) => url.replace(/\/+$/, ""));

export const Region = z.string().regex(/^[a-z]{2,}(-[a-z0-9]+)+$/, "Must be like eu-west-1");

export const ModelId = z.string().regex(/^\S+$/, "Must be a model's id");
