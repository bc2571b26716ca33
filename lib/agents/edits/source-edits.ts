import * as z from "zod";
import { isObject } from "../../domain/json.ts";
import { text } from "../contents/artifact.ts";
import { SourceCode } from "../contents/source-code.ts";

/** A change of one file. It is one flat object, because some providers refuse alternatives in a schema. */
export const SourceEdit = z.object({
  edit: z.enum(["write", "replace", "remove"]).meta({
    description:
      "write: adds a file or writes it anew, from `content`. replace: replaces `search` by `replace`.",
  }),
  path: text,
  language: text.optional(),
  content: z.string().optional(),
  search: text
    .optional()
    .meta({ description: "Whole lines, copied exactly, that stand in the file once." }),
  replace: z.string().optional(),
});
export type SourceEdit = z.infer<typeof SourceEdit>;

/** Source code as edits to the newest version, made in their order. */
export const EditedSource = z.object({
  ...SourceCode.omit({ files: true }).shape,
  edits: z
    .array(SourceEdit)
    .meta({ description: "Changes to the newest version, instead of `files`." }),
});
export type EditedSource = z.infer<typeof EditedSource>;

const isEdited = (content: unknown): boolean => isObject(content) && "edits" in content;

/** Tells what is wrong with the alternative that was meant, not only that none of both fits. */
const problemsOf = ({ input, errors }: z.core.$ZodIssueInvalidUnion): string =>
  z.prettifyError(new z.ZodError([...(errors[isEdited(input) ? 1 : 0] ?? [])]));

/** Source code as a model may write it: all files, or edits. */
export const SourceReply = z.union([SourceCode, EditedSource], {
  error: (issue) =>
    issue.code === "invalid_union"
      ? problemsOf(issue as unknown as z.core.$ZodIssueInvalidUnion)
      : undefined,
});
export type SourceReply = z.infer<typeof SourceReply>;
