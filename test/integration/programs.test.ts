import { expect, test } from "vitest";
import { runTests } from "../../lib/adapters/test-runner/run-tests.ts";
import { SourceCode } from "../../lib/agents/contents/source-code.ts";
import { TestResults } from "../../lib/agents/contents/test-results.ts";
import { runWorkflow } from "../unit/agents/builders.ts";

const verbs =
  "approve,archive,assign,book,browse,cancel,comment on,export,invite,monitor,order,pay,plan,post,put,rate,record,report,reserve,search,send,share,track,upload,vote for,join,rename,delete";

/** A project for each topic, and odd ones. */
const projects: readonly [name: string, description: string | null][] = [
  ["Shop", "An online shop. Shoppers browse products by category and pay for an order."],
  ["Hotel", "A booking system where guests reserve a free time and cancel bookings."],
  [
    "Chat",
    "Members can send messages to a person, send messages to a group and mute a conversation.",
  ],
  [
    "To-do",
    "Users can create tasks, assign tasks, see overdue tasks and see the history of tasks.",
  ],
  ["Cookbook", "Users can post recipes, rate them and build weekly shopping lists."],
  [
    "Recipe box",
    "People can save recipes. People can search recipes by ingredient. People can plan the meals of a week. People can print a shopping list.",
  ],
  ["Invoice API", null],
  ["Bienen", "Überwachung von Bienenstöcken"],
  ["Figures", "Dashboard to compare two periods and export figures as a spreadsheet."],
  ["Lessons", "Learners can take a quiz after each lesson and see their progress."],
  ["Game", "Players can pause games and compare their results with friends."],
  ["API", "A REST API: list resources in pages, receive a webhook."],
  ["在线书店", "一个在线书店。用户可以购买书籍。"],
  [
    `*/ \`$(1)\` "\\ \${x} </script>`,
    "*/ Users can import class. Users can 1 */ `rm`; \u202e\ud800 <b>",
  ],
  [
    "Names",
    "Users can add index, add entity, edit constructor, add __proto__, add test results, new new, view 123",
  ],
  ["Verbs", `Users can ${verbs.split(",").join(" maps, ")} maps.`],
  ["Fifty", Array.from({ length: 50 }, (_, at) => `Users can add item${at}.`).join(" ")],
  ["", "It should be fast."],
];

test.for(projects)("the tests of the program for %j pass when they are run", async (project) => {
  const [name, description] = project;
  const steps = await runWorkflow({ name, description }, { runTests });
  const contents = steps.map(({ output }) => output.content);
  const code = SourceCode.parse(contents[5]);
  const results = TestResults.parse(contents[6]);
  expect(results.failures).toEqual([]);
  expect(results).toMatchObject({ status: "passed", failed: 0 });
  const routes = code.files.find(({ path }) => path === "src/routes.js")?.content ?? "";
  const trials = results.cases.filter(
    ({ requirement, status }) => status === "passed" && requirement !== "every part",
  );
  expect(trials).toHaveLength(routes.match(/requirement: "/g)?.length ?? 0);
});

test("the program with every repair passes its tests", async () => {
  const description = "Users can post maps and rate them. [[tests:fail:3]]";
  const steps = await runWorkflow({ description }, { runTests });
  const last = steps.findLast(({ type }) => type === "test_results");
  const results = TestResults.parse(last?.output.content);
  expect(results).toMatchObject({ status: "passed", failed: 0 });
  expect(results.cases.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["markup is refused", "a very long text is refused"]),
  );
});
