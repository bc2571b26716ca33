import type { Requirement } from "../../contents/software-specification.ts";
import { subjectOf, verbOf } from "../components.ts";
import { camel, slug } from "../slug.ts";

/** Words that cannot name something in a module, and names that the templates use. */
const reserved =
  /^(?:break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|import|in|instanceof|let|new|null|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield|await|async|of|interface|package|private|protected|public|implements|eval|arguments|undefined|entity|on|parts|asked|routes|store|call)$/;

/** Whether a text can be a name in the program's code. */
const isName = (name: string): boolean => /^[a-z]\w{0,60}$/.test(name) && !reserved.test(name);

/** Lists names for a requirement's function, shortest first: "exportInvoices". */
const candidatesFor = (requirement: Requirement): string[] => {
  const verb = verbOf(requirement);
  const subject = subjectOf(requirement);
  const short = verb ? `${verb} ${subject}` : `add ${subject}`;
  return [short, requirement.title, `${requirement.title} ${requirement.id}`].map((text) =>
    camel(slug(text, 5)),
  );
};

/** Gives each requirement a function's name of its own, in the same order. */
export const functionNames = (requirements: readonly Requirement[]): string[] => {
  const names: string[] = [];
  for (const requirement of requirements) {
    const usable = candidatesFor(requirement).find((name) => isName(name) && !names.includes(name));
    names.push(usable ?? `meetRequirement${names.length + 1}`);
  }
  return names;
};

/** Makes the name of a module of its file's name: "shoppingLists". */
export const moduleName = (fileName: string, at: number): string => {
  const name = camel(fileName);
  return isName(name) ? name : `part${at + 1}`;
};
