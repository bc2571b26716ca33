import { expect, test } from "vitest";
import { briefOf } from "../../../lib/agents/offline/brief.ts";
import { featuresOf } from "../../../lib/agents/offline/features.ts";
import { readProduct } from "../../../lib/agents/offline/read-product.ts";
import { topicsOf } from "../../../lib/agents/offline/topics.ts";
import { aRequest } from "./builders.ts";

const reading = { actor: "Users", product: "the app", source: "description" } as const;

test.each([
  [
    "Users can post recipes, rate them and build lists.",
    ["Users can post recipes.", "Users can rate recipes.", "Users can build lists."],
  ],
  ["Guests can search and filter rooms.", ["Guests can search rooms.", "Guests can filter rooms."]],
  ["People should be able to order bread and butter.", ["Users can order bread and butter."]],
  [
    "Track my expenses. I want to export them as CSV.",
    ["Users can track their expenses.", "Users can export expenses as CSV."],
  ],
  [
    "It stores products, tracks stock and alerts managers.",
    ["The app can store products.", "The app can track stock.", "The app can alert managers."],
  ],
  ["It lets home cooks share recipes.", ["Home cooks can share recipes."]],
  ["The system must allow users to upload files.", ["Users can upload files."]],
  ["Managers approve requests.", ["Managers can approve requests."]],
  [
    "A shop with a cart and payment.",
    ["The app includes “a cart”.", "The app includes “payment”."],
  ],
  ["It should be fast.", ["The app should be fast."]],
  ["The system sends reminders one day before.", ["The app can send reminders one day before."]],
  ["Our service stores photos.", ["The app can store photos."]],
  ["The tool is fast.", ["The tool is fast."]],
  ["A webshop that is fast.", ["A webshop that is fast."]],
  ["Our website needs a calendar.", ["The app covers “Our website needs a calendar”."]],
  ["Überwachung von Bienen", ["The app covers “Überwachung von Bienen”."]],
  [
    "- Users can log in\n- Users can log in\n2) Users can vote",
    ["Users can log in.", "Users can vote."],
  ],
  ["…!?", []],
])("reads %j", (text, features) => {
  expect(featuresOf(text, reading).map((feature) => feature.text)).toEqual(features);
});

test.each([
  [
    "A chat app for nurses with video calls",
    { product: "chat app", audience: "nurses", parts: ["video calls"] },
  ],
  ["Build me a REST API to manage stock", { product: "REST API", rest: "manage stock" }],
  [
    "We need a booking system where guests book rooms",
    { product: "booking system", rest: "guests book rooms" },
  ],
])("finds the product in %j", (text, product) => {
  expect(readProduct(text)).toMatchObject(product);
});

test.each(["Track expenses in the app", "It stores products", "Users can open the shop", ""])(
  "finds no product in %j",
  (text) => {
    expect(readProduct(text)).toBeNull();
  },
);

test.each([
  ["An online shop with a cart and checkout", "shop"],
  ["Invoice API", "finance"],
  ["Überwachung von Bienenstöcken", "monitoring"],
  ["A chat for teams", "chat"],
  ["Zzz", "records"],
])("%j is about %s", (text, topic) => {
  expect(topicsOf(text)[0].name).toBe(topic);
});

test("proposes what is usual only where the description says little", () => {
  const sources = (description: string) =>
    briefOf(aRequest({ description })).features.map(({ source }) => source);
  expect(sources("A shop")).toContain("proposal");
  expect(sources("Users can add, edit, print, sort and share maps")).not.toContain("proposal");
});

test("counts what it leaves for later", () => {
  const description = Array.from({ length: 11 }, (_, index) => `Users can add item${index}.`).join(
    " ",
  );
  expect(briefOf(aRequest({ description }))).toMatchObject({ leftOut: 3 });
});
